"""Captures for tests: messages with their times and ends, as a file of pcap."""
import socket
import struct

RAW_IP = 101  # link type: the packet begins with the header of IP


def packet(source, target, payload):
    """IPv4 and UDP; ends are "192.0.2.1:5060"."""
    (from_host, from_port), (to_host, to_port) = (end.rsplit(":", 1) for end in (source, target))
    udp = struct.pack(">HHHH", int(from_port), int(to_port), 8 + len(payload), 0) + payload
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                       socket.inet_aton(from_host), socket.inet_aton(to_host))
    return head + udp


def pcap(messages):
    """Of (seconds, source, target, bytes)."""
    out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, RAW_IP)
    for at, source, target, payload in messages:
        bytes_ = packet(source, target, payload)
        out += struct.pack("<IIII", int(at), round(at % 1 * 1e6), len(bytes_), len(bytes_)) + bytes_
    return out


class Call:
    """Messages between two ends, with the fields that every message has. time is when the next one is seen."""
    count = 0

    def __init__(self, caller="192.0.2.1:5060", callee="192.0.2.2:5060", call_id=None, user="bob",
                 sender="alice", begin=1764000000.0):
        Call.count += 1
        self.ends = caller, callee
        self.call_id = call_id or f"call-{Call.count}@test"
        self.user, self.sender, self.time = user, sender, begin
        self.seen, self.branch = [], 0

    def fields(self, cseq, to_tag):
        host = self.ends[0]
        return (f"Via: SIP/2.0/UDP {host};branch=z9hG4bK{self.call_id.split('@')[0]}-{self.branch}\r\n"
                f"From: <sip:{self.sender}@a.example>;tag=a1\r\n"
                f"To: <sip:{self.user}@b.example>{';tag=b1' if to_tag else ''}\r\n"
                f"Call-ID: {self.call_id}\r\nCSeq: {cseq}\r\n")

    def _add(self, source, target, start, fields, more, body):
        text = f"{start}\r\n{fields}{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
        self.seen.append((self.time, source, target, text))
        self.time += 0.01
        return self

    def ask(self, method, number=1, more="", body=b"", to_tag=False, new=True):
        """A request of the caller."""
        self.branch += new
        uri = f"sip:{self.user}@{self.ends[1]}"
        more = f"Max-Forwards: 70\r\nContact: <sip:{self.sender}@{self.ends[0]}>\r\n{more}"
        return self._add(*self.ends, f"{method} {uri} SIP/2.0", self.fields(f"{number} {method}", to_tag), more,
                         body)

    def reply(self, code, reason="Because", method="INVITE", number=1, more="", body=b"", to_tag=True):
        if 200 <= code < 300 and method == "INVITE":
            more = f"Contact: <sip:{self.user}@{self.ends[1]}>\r\n{more}"
        return self._add(*reversed(self.ends), f"SIP/2.0 {code} {reason}",
                         self.fields(f"{number} {method}", to_tag), more, body)

    def refused(self, code, reason="Because", more="", ask=""):
        """The whole call."""
        return (self.ask("INVITE", more=ask).reply(100, "Trying", to_tag=False).reply(code, reason, more=more)
                .ask("ACK", to_tag=True, new=False))

    def answered(self):
        self.ask("INVITE").reply(100, "Trying", to_tag=False).reply(180, "Ringing").reply(200, "OK")
        self.ask("ACK", to_tag=True).wait(2)
        return self.ask("BYE", 2, to_tag=True).reply(200, "OK", "BYE", 2)

    def cancelled(self):
        self.ask("INVITE").reply(100, "Trying", to_tag=False).reply(180, "Ringing")
        self.ask("CANCEL", new=False).reply(200, "OK", "CANCEL").reply(487, "Request Terminated")
        return self.ask("ACK", to_tag=True, new=False)

    def wait(self, seconds):
        self.time += seconds
        return self
