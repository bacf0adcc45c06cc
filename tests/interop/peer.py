"""A telephone made of Python, over UDP or TCP. It sends what a test asks for, and keeps what comes
until the test takes it. By itself it does only what tells nothing of the server: it answers a
request that comes again as before, and acknowledges refusals of its INVITE (RFC 3261 §17.1.1.3).
"""
import itertools
import re
import selectors
import socket
import struct
import threading
import time

from interop import HOST, WAIT_SECONDS, free_port
from message import Message, digest, uri_in

SDP = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
       "m=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n")
REASONS = {100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 302: "Moved Temporarily"}

BUFFER_BYTES = 1 << 20  # what comes while it does not run is not lost

_numbers = itertools.count(1)


class Missing(Exception):
    """What was awaited has not come."""


class Call:
    """What has one Call-ID: a request of ours or theirs, and the dialog that it makes."""

    def __init__(self, phone, remote, target, call_id=None, local=None):
        number = next(_numbers)
        self.phone, self.remote, self.target = phone, remote, target
        self.call_id = call_id or f"{number}.{phone.port}@interop"
        self.local = local or f"<{phone.aor}>;tag=l{number}"
        self.routes, self.cseq, self.first, self.request, self.last = [], 0, None, None, None

    def send(self, method, more="", body="", branch=None, cseq=None, hops=70, type="application/sdp",
             uri=None):
        """A request; more: further lines, each with CRLF. Its branch."""
        if cseq is None and method not in ("ACK", "CANCEL"):
            self.cseq += 1
        cseq = cseq or self.cseq
        branch = branch or f"z9hG4bK{next(_numbers)}.{self.phone.port}"
        uri = uri or self.target
        lines = [f"{method} {uri} SIP/2.0",
                 f"Via: SIP/2.0/{self.phone.transport} {self.phone.sent_by};branch={branch}",
                 *(f"Route: {r}" for r in self.routes), f"Max-Forwards: {hops}",
                 f"From: {self.local}", f"To: {self.remote}", f"Call-ID: {self.call_id}",
                 f"CSeq: {cseq} {method}"]
        if method in ("INVITE", "UPDATE", "SUBSCRIBE") and "Contact:" not in more:
            lines.append(f"Contact: <{self.phone.contact}>")
        if body:
            lines.append(f"Content-Type: {type}")
        text = "\r\n".join(lines) + f"\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}"
        self.last = (method, uri, branch, list(self.routes), cseq)
        if ";tag=" not in self.remote:
            self.first = self.cseq
        if method == "INVITE":
            self.invite, self.phone.invites[branch] = self.last, self
            self.sent = text.encode()
        self.phone.send(text.encode())
        return branch

    def prove(self, challenged, password, body="", more="", name=None):
        """Sends the request again that had this 401 or 407, with credentials."""
        method, uri, *_ = self.last
        kinds = {401: ("www-authenticate", "Authorization"),
                 407: ("proxy-authenticate", "Proxy-Authorization")}
        asked, told = kinds[challenged.code]
        said = digest(challenged[asked], method, uri, name or self.phone.user, password)
        self.send(method, f"{told}: {said}\r\n{more}", body)

    def cancel(self, more=""):
        """With the branch of the INVITE (RFC 3261 §9.1)."""
        method, uri, branch, routes, cseq = self.invite
        kept, self.routes = self.routes, routes
        self.send("CANCEL", more, branch=branch, cseq=cseq, uri=uri)
        self.routes = kept

    def acknowledge(self, response):
        """A refusal: the phone does that when it comes."""
        _, uri, branch, routes, cseq = self.invite
        via = f"Via: SIP/2.0/{self.phone.transport} {self.phone.sent_by};branch={branch}"
        lines = [f"ACK {uri} SIP/2.0", via, *(f"Route: {r}" for r in routes), "Max-Forwards: 70",
                 f"From: {self.local}", f"To: {response['to']}", f"Call-ID: {self.call_id}",
                 f"CSeq: {cseq} ACK", "Content-Length: 0"]
        self.phone.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def ack(self, more=""):
        """A 200 to INVITE."""
        self.send("ACK", more, cseq=self.invite[4])

    def take(self, what, method=None, seconds=WAIT_SECONDS):
        """The first message of this call like what; of a response to that method. What a 1xx or 2xx
        to INVITE says of the dialog is noted."""
        m = self.phone.take(what, seconds, lambda m: m["call-id"] == self.call_id
                            and (method is None or m.method == method))
        if m.code and m.code < 300 and m.tag("to") and m.method == "INVITE":
            if self.cseq == self.first:  # RFC 3261 §12.2: the route set stays as it is
                self.remote = m["to"]
                self.routes = list(reversed(m.all("record-route")))
            self.target = uri_in(m["contact"]) if m.has("contact") else self.target
        elif m.code is None:
            self.request = m
        return m

    def again(self):
        """The INVITE, once more."""
        self.phone.send(self.sent)

    def response(self, code, body="", request=None, more="", reason=None):
        """The text of one. With a Contact, unless more has one or it is a refusal."""
        m = request or self.request
        fields = [f"{n.title()}: {v}" for n, v in m.fields
                  if n in ("via", "from", "call-id", "cseq")]
        if m.method == "INVITE" and code < 300:
            fields += [f"Record-Route: {v}" for v in m.all("record-route")]
            if "Contact:" not in more:
                fields.append(f"Contact: <{self.phone.contact}>")
        fields.append(f"To: {m['to']}" if m.tag("to") or code == 100 else f"To: {self.local}")
        if body:
            fields.append("Content-Type: application/sdp")
        return (f"SIP/2.0 {code} {reason or REASONS.get(code, 'Because')}\r\n" + "\r\n".join(fields)
                + f"\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}")

    def reply(self, code, more="", body="", reason=None, request=None):
        """To the request that was taken last, or another one."""
        m = request or self.request
        text = self.response(code, body, m, more, reason).encode()
        self.phone.answered[m.branch, m.method] = text
        try:
            m.way(text)
        except OSError:  # the connection is gone: another one (RFC 3261 §18.2.2)
            self.phone.send(text)


class Phone:
    """At .port, over one transport. server: the port of 127.0.0.1 that it sends to."""

    def __init__(self, server, user, transport="UDP", port=None, host=HOST, address=HOST):
        self.server, self.user, self.transport = server, user, transport
        self.port, self.address = port or free_port(), address
        self.aor = f"sip:{user}@{host}" + (f":{server}" if host == HOST else "")
        self.contact = f"sip:{user}@{address}:{self.port}" + (";transport=tcp" if self._is_tcp() else "")
        self.sent_by = f"{address}:{self.port}"
        self.came, self.seen, self.answered, self.invites = [], set(), {}, {}
        self.again, self.repeats = 0, []  # messages that came more than once, and their methods
        self.news = threading.Condition()
        self._sending = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._buffers, self._connection, self._closed = {}, None, False
        self._open()
        threading.Thread(target=self._read_all, daemon=True).start()

    def _is_tcp(self):
        return self.transport == "TCP"

    def _open(self):
        kind = socket.SOCK_STREAM if self._is_tcp() else socket.SOCK_DGRAM
        self._socket = socket.socket(socket.AF_INET, kind)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        if self._is_tcp():
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((self.address, self.port))
        if self._is_tcp():
            self._socket.listen()
        self._selector.register(self._socket, selectors.EVENT_READ)

    def close(self):
        """It is there no more, and nobody can connect to it."""
        self._closed = True
        for s in (self._socket, *self._buffers):
            s.close()

    def hide(self, address):
        """As a NAT does: it knows of itself that address, which nobody can reach."""
        self.sent_by = f"{address};rport"
        self.contact = f"sip:{self.user}@{address};transport={self.transport.lower()}"

    def connect(self):
        """Over TCP, at once. From now on its Contact says the port of that connection, as many do."""
        self._connection = socket.create_connection((HOST, self.server), WAIT_SECONDS)
        self._add(self._connection)
        self.contact = (f"sip:{self.user}@{HOST}:{self._connection.getsockname()[1]}"
                        ";transport=tcp")

    def _read_all(self):
        while not self._closed:
            for key, _ in self._selector.select(1):
                try:
                    self._read(key.fileobj)
                except OSError:
                    self._forget(key.fileobj)

    def _read(self, s):
        if not self._is_tcp():
            data, address = s.recvfrom(65536)
            self._take_in(data, lambda text: s.sendto(text, address))
        elif s is self._socket:
            self._add(s.accept()[0])
        else:
            self._read_stream(s)

    def _add(self, s):
        self._buffers[s] = b""
        self._selector.register(s, selectors.EVENT_READ)

    def _forget(self, s):
        self._selector.unregister(s)
        self._buffers.pop(s, None)
        if s is self._connection:
            self._connection = None
        s.close()

    def _read_stream(self, s):
        data = s.recv(65536)
        if not data:
            self._forget(s)
            return
        self._buffers[s] += data
        while True:
            text = self._buffers[s].lstrip(b"\r\n")
            head, end, rest = text.partition(b"\r\n\r\n")
            length = re.search(rb"(?im)^(?:content-length|l)\s*:\s*(\d+)", head)
            size = int(length.group(1)) if length else 0
            if not end or len(rest) < size:
                return
            self._buffers[s] = rest[size:]
            self._take_in(head + end + rest[:size], s.sendall)

    def _take_in(self, data, way):
        if not data.strip():
            return
        m = Message(data, way)
        same = (m.branch, m.method) if m.code is None else data
        with self.news:
            is_again = same in self.seen
            self.seen.add(same)
            self.again += is_again
            self.repeats += [m.method] if is_again else []
            if not is_again:
                self.came.append(m)
                self.news.notify_all()
        if is_again and same in self.answered:
            way(self.answered[same])
        if m.code and m.code >= 300 and m.method == "INVITE" and m.branch in self.invites:
            self.invites[m.branch].acknowledge(m)

    def send(self, data):
        with self._sending:
            if not self._is_tcp():
                self._socket.sendto(data, (HOST, self.server))
                return
            if self._connection is None:
                self._connection = socket.create_connection((HOST, self.server), WAIT_SECONDS)
                self._add(self._connection)
            self._connection.sendall(data)

    def take(self, what, seconds=WAIT_SECONDS, is_it=lambda m: True):
        """The first message like what that has come or comes; it is not there any more then."""
        end = time.monotonic() + seconds
        with self.news:
            while True:
                for m in self.came:
                    if m.is_like(what) and is_it(m):
                        self.came.remove(m)
                        return m
                if not self.news.wait(max(0, end - time.monotonic())) and time.monotonic() >= end:
                    raise Missing(f"{self.user} waits for {what}; there are: "
                                  + (", ".join(m.start for m in self.came) or "none"))

    def has(self, what):
        """Whether one is there that nobody took."""
        with self.news:
            return any(m.is_like(what) for m in self.came)

    def ask(self, method, uri=None, more="", body="", **options):
        """A call that begins with that request. uri: of whom, or a user of the server."""
        uri = uri if uri and ":" in uri else f"sip:{uri + '@' if uri else ''}{HOST}:{self.server}"
        call = Call(self, f"<{uri}>", uri)
        call.send(method, more, body, **options)
        return call

    def call(self, uri, more="", **options):
        return self.ask("INVITE", uri, more, SDP, **options)

    def taken(self, method="INVITE", seconds=WAIT_SECONDS):
        """The call that a request of somebody begins."""
        m = self.take(method, seconds)
        call = Call(self, m["from"], uri_in(m["contact"]), m["call-id"],
                    f"{m['to']};tag=r{next(_numbers)}")
        call.routes, call.request = m.all("record-route"), m
        return call

    def register(self, password=None, more="", contact=None, expires=600, user=None, host=None,
                 call=None, name=None):
        """A REGISTER and its final response. password: to answer a challenge with. call: of a
        REGISTER before, whose Call-ID it goes on with (RFC 3261 §10.2.4)."""
        host = host or f"{HOST}:{self.server}"
        if call is None:
            call = Call(self, f"<sip:{user or self.user}@{host}>", f"sip:{host}")
            call.local = f"<sip:{user or self.user}@{host}>;tag=g{next(_numbers)}"
        self.registration = call
        contact = f"<{self.contact}>" if contact is None else contact
        lines = more + (f"Contact: {contact}\r\n" if contact else "") + (
            f"Expires: {expires}\r\n" if expires is not None else "")
        call.send("REGISTER", lines)
        answer = call.take("final", "REGISTER")
        if answer.code == 401 and password is not None:
            call.prove(answer, password, more=lines, name=name)
            answer = call.take("final", "REGISTER")
        return answer


class Behind(Phone):
    """One that nobody can connect to, over TCP: it has the connection that it opens from its port, and
    says that in its Contact."""

    def __init__(self, server, user, **more):
        super().__init__(server, user, "TCP", **more)

    def _open(self):
        self._socket = self._connection = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((self.address, self.port))
        self._socket.settimeout(WAIT_SECONDS)
        self._socket.connect((HOST, self.server))
        self._add(self._socket)

    def _read(self, s):
        self._read_stream(s)

    def vanish(self):
        """As close(), and the server learns of it at once."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()
