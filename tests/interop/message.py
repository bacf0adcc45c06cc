"""A SIP message as a test reads it, and the credentials of a test (RFC 7616)."""
import hashlib
import re


class Message:
    """One that came. way: a function that sends bytes back to where it came from."""

    def __init__(self, data, way=None):
        head, _, body = data.partition(b"\r\n\r\n")
        lines = re.sub(r"\r\n[ \t]+", " ", head.decode(errors="replace")).split("\r\n")
        self.text = data.decode(errors="replace")
        self.start = lines[0]
        self.fields = [(name.strip().lower(), value.strip()) for name, _, value in
                       (line.partition(":") for line in lines[1:])]
        self.body = body.decode(errors="replace")
        self.way = way
        first, self.uri, _ = (self.start + "  ").split(" ", 2)
        self.code = int(self.uri) if first.startswith("SIP/") else None
        self.reason = self.start.split(" ", 2)[-1] if self.code else None
        self.method = self["cseq"].split()[-1] if self.code else first

    def all(self, name):
        """The values of a field, in one line or several. A comma in "" or <> parts nothing."""
        part = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+')
        return [v.strip() for n, value in self.fields if n == name.lower()
                for v in part.findall(value)]

    def __getitem__(self, name):
        """The first line of that name; '' where there is none."""
        return next((v for n, v in self.fields if n == name.lower()), "")

    def has(self, name):
        return any(n == name.lower() for n, _ in self.fields)

    def tag(self, name):
        found = re.search(r";\s*tag=([^;>\s]+)", self[name].rpartition(">")[2] or self[name])
        return found.group(1) if found else None

    @property
    def branch(self):
        return re.search(r"branch=([^;,\s]+)", self["via"]).group(1)

    def is_like(self, what):
        """what: a code, a method, or 'final': any response that is."""
        if isinstance(what, int):
            return self.code == what
        if what == "final":
            return self.code is not None and self.code >= 200
        return self.code is None and self.method == what


def uri_in(value):
    """The URI of a value like '"B" <sip:b@h;lr>;q=1', or of one without <>."""
    found = re.search(r"<([^>]*)>", value)
    return found.group(1) if found else value.split(";")[0].strip()


def digest(challenge, method, uri, name, password, count=1, cnonce="c0", **change):
    """Credentials for a challenge (RFC 7616 §3.4). change: what to say instead."""
    said = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge.partition(" ")[2]))
    said.update(change)
    h = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[said.get("algorithm", "MD5")]
    hexed = lambda *parts: h(":".join(parts).encode()).hexdigest()
    nc = f"{count:08x}"
    response = hexed(hexed(name, said["realm"], password), said["nonce"], nc, cnonce, "auth",
                     hexed(method, uri))
    return (f'Digest username="{name}", realm="{said["realm"]}", nonce="{said["nonce"]}", '
            f'uri="{uri}", response="{response}", algorithm={said.get("algorithm", "MD5")}, '
            f'cnonce="{cnonce}", qop=auth, nc={nc}')
