"""Sentences of rules, include/tandem/ref/rules.def, and their translations, po/LANG.po."""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGS = ("ko", "ru", "id", "vi")
RULES = {name: sentence for name, sentence in re.findall(
    r'^RULE\((\w+), "[^"]*", \w+, "(.*)"\)$', (ROOT / "include/tandem/ref/rules.def").read_text(encoding="utf-8"),
    re.MULTILINE)}


def texts(lang):
    """{English: translation}; what has none is not in it."""
    po = (ROOT / f"po/{lang}.po").read_text(encoding="utf-8")
    return {english: text for english, text in re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', po, re.MULTILINE)}


def sentence(rule, lang):
    """What the rule asks, in a language; in English, where check_po misses the translation."""
    return texts(lang).get(RULES[rule], RULES[rule])


def english_in(text, lang):
    """Sentences of rules that stand in English in a text of another language, though they are translated."""
    return [each for each in RULES.values() if each in text and each in texts(lang)]
