#!/usr/bin/env python3
"""bench/diagnose/gen_capture.py KIND MEGABYTES FILE: a capture of calls, always the same bytes.

KIND sip: messages alone. Of 20 calls 18 are answered and ended, one is refused, one is cancelled; half a
thousand are open at a time. media: the same, and between the messages nine times as many bytes of sound, as
where a trunk is recorded as it is.
"""
import struct
import sys

LINK_ETHERNET = 1
OPEN_CALLS = 500
SOUND_BYTES = 172  # G.711, 20 ms, and the header of RTP
CALLER, PROXY, CALLEE = (10, 0, 0, 1), (10, 0, 0, 2), (10, 0, 0, 3)

SDP = ("v=0\r\no=- 20518 0 IN IP4 192.0.2.17\r\ns=-\r\nc=IN IP4 192.0.2.17\r\nt=0 0\r\n"
       "m=audio 40000 RTP/AVP 8 0 9 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:9 G722/8000\r\n"
       "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n")
MORE = "User-Agent: A telephone of some make 1.2.3\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK\r\n"


def message(start, cseq, tag, vias, more="", body=""):
    """@@@@@@@@ is where the number of the call will stand."""
    lines = [start]
    lines += [f"Via: SIP/2.0/UDP 10.0.0.{via}:5060;branch=z9hG4bK{cseq.replace(' ', '')}{via}@@@@@@@@" for via in vias]
    lines += ["Max-Forwards: 70", "From: \"Ada Lovelace\" <sip:ada@a.example>;tag=f@@@@@@@@",
              "To: <sip:charles@b.example>" + (";tag=t@@@@@@@@" if tag else ""), "Call-ID: @@@@@@@@-4c1f@10.0.0.1",
              f"CSeq: {cseq}"]
    return ("\r\n".join(lines) + "\r\n" + more + f"Content-Length: {len(body)}\r\n\r\n" + body).encode()


def steps(kind):
    """Of one call: (milliseconds, from, to, bytes)."""
    contact = "Contact: <sip:ada@10.0.0.1:5060>\r\n"
    answer = "Contact: <sip:charles@10.0.0.3:5060>\r\nRecord-Route: <sip:10.0.0.2;lr>\r\n" + MORE
    typed = "Content-Type: application/sdp\r\n"
    invite, uri = "1 INVITE", "sip:charles@b.example"

    def hop(at, far, start, cseq, tag, more="", body=""):
        """A request to the far end, or a response from there, over both hops."""
        near, vias = [(CALLER, PROXY), (PROXY, CALLEE)], [[1], [2, 1]]
        for i in (0, 1) if far else (1, 0):
            source, target = near[i] if far else near[i][::-1]
            yield at, source, target, message(start, cseq, tag, vias[i], more, body)
            at += 1

    yield from hop(0, True, f"INVITE {uri} SIP/2.0", invite, False, contact + MORE + typed, SDP)
    yield 1, PROXY, CALLER, message("SIP/2.0 100 Trying", invite, False, [1])
    yield from hop(200, False, "SIP/2.0 180 Ringing", invite, True, answer)
    if kind == "refused":
        yield from hop(900, False, "SIP/2.0 486 Busy Here", invite, True)
        yield from hop(910, True, f"ACK {uri} SIP/2.0", "1 ACK", True)
        return
    if kind == "cancelled":
        yield from hop(5000, True, f"CANCEL {uri} SIP/2.0", "1 CANCEL", False)
        yield from hop(5005, False, "SIP/2.0 200 OK", "1 CANCEL", True)
        yield from hop(5010, False, "SIP/2.0 487 Request Terminated", invite, True)
        yield from hop(5015, True, f"ACK {uri} SIP/2.0", "1 ACK", True)
        return
    target = "sip:charles@10.0.0.3:5060"
    yield from hop(3000, False, "SIP/2.0 200 OK", invite, True, answer + typed, SDP)
    yield from hop(3010, True, f"ACK {target} SIP/2.0", "1 ACK", True, "Route: <sip:10.0.0.2;lr>\r\n")
    yield from hop(60000, True, f"BYE {target} SIP/2.0", "2 BYE", True, "Route: <sip:10.0.0.2;lr>\r\n")
    yield from hop(60010, False, "SIP/2.0 200 OK", "2 BYE", True)


def packet(source, target, port, payload):
    """Ethernet, IPv4, UDP."""
    udp = struct.pack(">HHHH", port, port, 8 + len(payload), 0) + payload
    return (b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" +
            struct.pack(">BBHHHBBH4B4B", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, *source, *target) + udp)


def timeline():
    """What is seen while 20 calls begin one after the other: (milliseconds, which of the 20, bytes of a packet)."""
    kinds = ["answered"] * 18 + ["refused", "cancelled"]
    every = 60000 / OPEN_CALLS  # ms from one call to the next
    seen = [(round(i * every) + at, i, packet(source, target, 5060, payload))
            for i, kind in enumerate(kinds) for at, source, target, payload in steps(kind)]
    return sorted(seen, key=lambda each: each[0]), round(len(kinds) * every)


def records(kind):
    """Without an end. A round of 20 calls begins each time that the last one has; its later parts come when they
    are due, between those of later rounds."""
    seen, span = timeline()
    sound = packet(CALLER, CALLEE, 40000, b"\x80\x08" + bytes(SOUND_BYTES - 2))
    due, number = {}, 0
    while True:
        for at, call, payload in seen:
            due.setdefault(number * span + at, []).append((number * 20 + call, payload))
        for now in range(number * span, (number + 1) * span):
            for call, payload in due.pop(now, ()):
                payload = payload.replace(b"@@@@@@@@", b"%08d" % call)
                yield now, payload
                for _ in range(9 * len(payload) // len(sound) if kind == "media" else 0):
                    yield now, sound
        number += 1


def main():
    kind, size, path = sys.argv[1], int(sys.argv[2]) << 20, sys.argv[3]
    with open(path, "wb") as file:
        written = file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, LINK_ETHERNET))
        for now, payload in records(kind):
            written += file.write(struct.pack("<IIII", 1764000000 + now // 1000, now % 1000 * 1000, len(payload),
                                              len(payload)) + payload)
            if written >= size:
                return


main()
