"""Messages that are nearly SIP: the torture messages and valid ones, broken by chance. The same
seed breaks them in the same way."""
import random

from interop import HOST, ROOT

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" \
      "m=audio 40000 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\n"
ASKED = [("INVITE", "lab-200"), ("INVITE", "lab-302"), ("INVITE", "lab-486"), ("INVITE", "lab-180"),
         ("INVITE", "lab-420"), ("INVITE", "lab-580"), ("CANCEL", "lab-200"), ("ACK", "lab-486"),
         ("BYE", "lab-200"), ("OPTIONS", "lab-200"), ("MESSAGE", "lab-200"), ("REGISTER", None),
         ("SUBSCRIBE", "lab-489"), ("UPDATE", "lab-200"), ("INFO", "lab-469"), ("PRACK", "nobody")]


def request(method, user, port, number, body="", transport="UDP", more=""):
    """A valid one. number makes it one of its own."""
    to = f"sip:{user}@{HOST}:{port}" if user else f"sip:{HOST}:{port}"
    return (f"{method} {to} SIP/2.0\r\n"
            f"Via: SIP/2.0/{transport} {HOST}:9;branch=z9hG4bK{number};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:x@{HOST}>;tag={number}\r\nTo: <{to}>\r\n"
            f"Call-ID: {number}\r\nCSeq: 1 {method}\r\nContact: <sip:x@{HOST}:9>\r\n{more}"
            + ("Content-Type: application/sdp\r\n" if body else "")
            + f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def _flip(r, m):
    for _ in range(r.randint(1, 8)):
        m[r.randrange(len(m))] ^= 1 << r.randrange(8)
    return m


def _cut(r, m):
    return m[:r.randrange(len(m))]


def _double(r, m):
    start = r.randrange(len(m))
    piece = m[start:start + r.randint(1, 200)]
    return m[:start] + piece * r.choice([2, 2, 2, 50]) + m[start:]


def _drop(r, m):
    start = r.randrange(len(m))
    return m[:start] + m[start + r.randint(1, 40):]


def _lines(r, m):
    lines = m.split(b"\r\n")
    r.shuffle(lines)
    return bytearray(b"\r\n".join(lines))


WAYS = [_flip, _flip, _cut, _double, _drop, _lines]


class Mutator:
    """asked: methods and users of the valid ones. invites: INVITEs are among them, whose response may be
    sent more than once."""

    def __init__(self, port, seed, asked=ASKED):
        self.invites, self.asked = True, asked
        self.r = random.Random(seed)
        self.port = port
        self.count = 0
        self.torture = [path.read_bytes() for path in
                        sorted((ROOT / "tests/torture/messages").rglob("*.dat"))]

    def _whole(self, transport):
        while True:
            message = self._any(transport)
            if self.invites or b"INVITE" not in message:
                return message

    def _any(self, transport):
        self.count += 1
        if self.r.random() < 0.4:
            return self.r.choice(self.torture)
        method, user = self.r.choice(self.asked)
        return request(method, user, self.port, f"m{self.count}",
                       SDP if method in ("INVITE", "UPDATE") else "", transport)

    def next(self, transport):
        message = bytearray(self._whole(transport))
        for _ in range(self.r.randint(1, 3)):
            if message:
                message = self.r.choice(WAYS)(self.r, message)
        if message and self.r.random() < 0.05:
            other = self._whole(transport)
            message += other[self.r.randrange(len(other)):]
        return bytes(message[:60000])
