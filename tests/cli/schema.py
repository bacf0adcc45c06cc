"""Whether a value fits a JSON schema: the words of it that docs/schema uses, and no others."""
import json
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs/schema"

KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
KNOWN = {"$schema", "title", "description", "$defs", "$ref", "type", "required", "properties", "items", "enum",
         "additionalProperties", "minimum", "maximum", "pattern", "oneOf"}


def _is(kind, value):
    if kind in ("integer", "number"):
        return not isinstance(value, bool) and isinstance(value, int if kind == "integer" else (int, float))
    return isinstance(value, KINDS[kind])


def faults(value, schema, root=None, at="$"):
    """What does not fit, and where."""
    root = root or schema
    assert set(schema) <= KNOWN, f"{at}: {set(schema) - KNOWN} is not known here"
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(kind, value) for kind in kinds):
        yield f"{at}: {value!r} is no {' or '.join(kinds)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if "oneOf" in schema:
        fits = [not list(faults(value, each, root, at)) for each in schema["oneOf"]]
        if fits.count(True) != 1:
            yield f"{at}: {value!r} fits {fits.count(True)} of {len(fits)}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{at}: {value!r} is out of bounds"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{at}: {value!r} is not like {schema['pattern']}"
    if isinstance(value, dict):
        yield from _members(value, schema, root, at)
    if isinstance(value, list) and "items" in schema:
        for i, each in enumerate(value):
            yield from faults(each, schema["items"], root, f"{at}[{i}]")


def _members(value, schema, root, at):
    known = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at}: lacks {name}"
    for name, each in value.items():
        if name in known:
            yield from faults(each, known[name], root, f"{at}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{at}: has {name}"


def check(value, name):
    """value is as docs/schema/NAME.json says, or this asserts."""
    schema = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    found = list(faults(value, schema))
    assert not found, (name, found[:5])
