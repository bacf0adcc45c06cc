"""Scenarios of SIPp that a test writes, one call each, and what was said in them.

    Script().recv("INVITE").reply(180).reply(200, body=SDP).recv("ACK").recv("BYE").reply(200)

is one that is called; one that calls begins with ask("INVITE"). SIPp finds fault with whatever comes in
another order; Play.messages() has them all, Play.faults() what RFC 3261 forbids whatever the scenario is.
"""
import re
from xml.sax.saxutils import quoteattr

from interop import HOST, WAIT_SECONDS, Program, free_port, is_taken, until, work
from message import Message
from sipp import PATIENT

SDP = ("v=0\no=sipp 1 {version} IN IP4 [local_ip]\ns=-\nc=IN IP4 [local_ip]\nt=0 0\n"
       "m=audio [media_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\n{more}")
OFFER = SDP.format(version=1, more="")
CONTACT = "Contact: <sip:bob@[local_ip]:[local_port];transport=[transport]>\n"
REASONS = {100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted",
           300: "Multiple Choices", 301: "Moved Permanently", 302: "Moved Temporarily", 305: "Use Proxy",
           380: "Alternative Service", 401: "Unauthorized", 407: "Proxy Authentication Required",
           420: "Bad Extension", 421: "Extension Required", 422: "Session Interval Too Small",
           423: "Interval Too Brief", 480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist",
           486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 491: "Request Pending",
           503: "Service Unavailable", 580: "Precondition Failure", 600: "Busy Everywhere"}

_numbers = iter(range(1, 1 << 30))


class Script:
    """Each step gives the script, for the next one. text: lines that end with \\n."""

    def __init__(self, user="bob", params=""):
        self.steps, self.names = [], set()
        self.user, self.params = user, params
        self.is_caller, self.is_within = False, False
        self.cseq, self.invite = 0, None

    def _add(self, step):
        self.steps.append(step)
        return self

    def recv(self, what, next=None, optional=False, check=()):
        """A method, or a code. next: the label to go on at; check: (name of a header, expression)."""
        attributes = f' {"response" if isinstance(what, int) else "request"}="{what}"'
        attributes += ' rrs="true"' if what in ("INVITE", 200, 180, 183) else ""
        attributes += ' optional="true"' if optional else ""
        attributes += f' next="{next}"' if next else ""
        actions = [] if isinstance(what, int) else [
            self._ereg(".*", f"{name}:", f"{name.lower().replace('-', '')}_{what}")
            for name in ("Via", "From", "To", "CSeq")]
        actions += [self._ereg(expression, f"{name}:", f"x{len(self.names)}") for name, expression in check]
        if what in ("PRACK", "UPDATE"):
            self.is_within = True
        if what == "ACK" and not self.is_caller:
            self._wait_on()
        return self._add(f"<recv{attributes}><action>{''.join(actions)}</action></recv>")

    def _wait_on(self):
        """The INVITE may come again while what answers it is on its way. SIPp knows that if it has sent one message
        since then, but not if it has sent two."""
        name = f"again{len(self.steps)}"
        self.label(name)._add(f'<recv request="INVITE" optional="true" next="{name}"/>')

    def _ereg(self, expression, header, name):
        self.names.add(name)
        return (f'<ereg regexp={quoteattr(expression)} search_in="hdr" header="{header}" check_it="true" '
                f'assign_to="{name}"/>')

    def _send(self, text, body, type, options=""):
        if body:
            text += f"Content-Type: {type}\n"
        text += f"Content-Length: [len]\n\n{body}"
        return self._add(f"<send{options}><![CDATA[\n{text}\n]]></send>")

    def reply(self, code, more="", body="", to="INVITE", tag="t", reason=None, type="application/sdp",
              next=None, within=None):
        """To the request of that method that came last. tag: of To, where there is none yet; '' adds none."""
        tagged = self.is_within if within is None else within
        tag = f";tag={tag}[call_number]" if to == "INVITE" and not tagged and tag else ""
        if to in ("REGISTER", "OPTIONS", "MESSAGE"):
            tag = ";tag=o[call_number]"
        lines = "" if "Via:" in more else f"Via:[$via_{to}]\n"
        lines += "" if "From:" in more else f"From:[$from_{to}]\n"
        lines += "" if "\nTo:" in f"\n{more}" else f"To:[$to_{to}]{tag}\n"
        lines += "" if "Call-ID:" in more else "Call-ID: [call_id]\n"
        lines += "" if "CSeq:" in more else f"CSeq:[$cseq_{to}]\n"
        if to in ("INVITE", "UPDATE") and code < 300 and code > 100 and "Contact:" not in more:
            lines += CONTACT
        if to == "INVITE" and 200 <= code < 300:
            self.is_within = True
        option = f' next="{next}"' if next else ""
        return self._send(f"SIP/2.0 {code} {reason or REASONS.get(code, 'Because')}\n{lines}{more}", body, type,
                          option)

    def ask(self, method, more="", body="", uri=None, to=None, cseq=None, type="application/sdp", branch=None,
            tag="c", sender=None):
        """A request of ours; an ACK or CANCEL belongs to the INVITE before it."""
        if not self.steps:
            self.is_caller = True
        is_new = method not in ("ACK", "CANCEL")
        self.cseq += is_new and cseq is None
        number = cseq or self.cseq
        if not is_new:
            number = cseq or self.invite[0]
        branch = branch or f"z9hG4bK[pid]-[call_number]-{next(_numbers)}"
        if method == "INVITE":
            self.invite = (number, branch)
        target = f"sip:{self.user}@[remote_ip]:[remote_port]{self.params}"
        uri = uri or (target if self.is_caller and not self.is_within else "[next_url]")
        if sender:
            ends = f"{sender}\n"
        elif self.is_caller:
            ends = (f"From: <sip:sipp@[local_ip]:[local_port]>;tag={tag}[call_number]\n"
                    f"To: <{target}>{to if to is not None else '[peer_tag_param]'}\n")
        else:
            ends = f"From:[$to_INVITE];tag=t[call_number]\nTo:[$from_INVITE]\n"
        lines = (f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}\n"
                 f"{ends}Call-ID: [call_id]\nCSeq: {number} {method}\n")
        lines += "" if "Max-Forwards:" in more else "Max-Forwards: 70\n"
        if method in ("INVITE", "UPDATE", "SUBSCRIBE") and "Contact:" not in more:
            lines += CONTACT
        if not self.is_caller and body == "" and not self.names:
            raise ValueError("there is no call yet")
        return self._send(f"{method} {uri} SIP/2.0\n{lines}{more}", body, type)

    def ack(self):
        """Of a refusal: in the transaction of the INVITE (RFC 3261 §17.1.1.3)."""
        return self.ask("ACK", branch=self.invite[1])

    def ack_2xx(self, **more):
        self.is_within = True
        return self.ask("ACK", **more)

    def cancel(self, more=""):
        return self.ask("CANCEL", more, branch=self.invite[1], to="", uri=None)

    def pause(self, milliseconds):
        return self._add(f'<pause milliseconds="{milliseconds}"/>')

    def label(self, name):
        return self._add(f'<label id="{name}"/>')

    def raw(self, text):
        """Bytes as they are, with the keywords of SIPp."""
        return self._add(f"<send><![CDATA[\n{text}\n]]></send>")

    def established(self, body=OFFER, more=""):
        """Answers an INVITE."""
        return self.recv("INVITE").reply(200, more, body).recv("ACK")

    def hung_up(self):
        """By the other side."""
        return self.recv("BYE").reply(200, to="BYE")

    def hangs_up(self):
        return self.ask("BYE").recv(200)

    def xml(self):
        names = f'<Reference variables="{",".join(sorted(self.names))}"/>' if self.names else ""
        return f'<?xml version="1.0"?>\n<scenario name="s">\n' + "\n".join(self.steps) + f"\n{names}</scenario>\n"


class Play:
    """SIPp plays a script with calls of somebody, or calls port."""

    def __init__(self, script, port=None, transport="udp", calls=1, local=None):
        number = next(_numbers)
        self.local, media = local or free_port(), free_port()
        self.base = work / f"play-{number}"
        self.base.with_suffix(".xml").write_text(script.xml())
        self.log_path, self.errors = self.base.with_suffix(".messages"), self.base.with_suffix(".errors")
        arguments = ["sipp", "-sf", self.base.with_suffix(".xml"), "-i", HOST, "-mi", HOST, "-p", self.local,
                     "-mp", media, "-cp", media + 1, "-t", "u1" if transport == "udp" else "t1",
                     "-m", calls, "-r", 100, "-nostdin", "-key", "open", "[", "-trace_msg", "-message_file", self.log_path,
                     "-trace_err", "-error_file", self.errors, "-timeout", WAIT_SECONDS + 30, "-timeout_error",
                     "-default_behaviors", "all,-bye", *PATIENT]
        self.program = Program(f"sipp-{number}", [*arguments, f"{HOST}:{port}" if port else HOST], cwd=work)
        if port is None:
            until(lambda: is_taken(self.local) or self.program.process.poll() is not None)

    def uri(self, user="bob", params=""):
        return f"sip:{user}@{HOST}:{self.local}{params}"

    def wait(self, seconds=2 * WAIT_SECONDS):
        self.status = self.program.wait(seconds)
        return self

    def messages(self, ours=None):
        """In their order; each has .is_ours, of SIPp. ours: of that side only."""
        found = []
        text = self.log_path.read_bytes() if self.log_path.exists() else b""
        head = re.compile(rb"(?m)^-{20,} [^\n]*\n[^\n]*(sent|received) [\[(](\d+)[^\n]*\n\n")
        for part in head.finditer(text):
            m = Message(text[part.end():part.end() + int(part.group(2))])
            m.is_ours = part.group(1) == b"sent"
            if m.start.strip() and ours in (None, m.is_ours):
                found.append(m)
        return found

    def came(self, method):
        """The requests of that method that came, without those that came again."""
        seen = {}
        for m in self.messages(ours=False):
            if m.method == method and m.code is None:
                seen.setdefault((m.branch, m["cseq"]), m)
        return list(seen.values())

    def story(self):
        errors = self.errors.read_text(errors="replace") if self.errors.exists() else ""
        return "\n".join(["SIPp:", *("  " + ("> " if m.is_ours else "< ") + f"{m.start} ({m['cseq']})"
                                     for m in self.messages()), errors[:3000] or self.program.tail(15)])

    def faults(self):
        """What a user agent must never do, of what it sent."""
        requests = [m for m in self.messages(ours=False) if m.code is None]
        answers = {(m.branch, m.method): m for m in self.messages(ours=True) if m.code}
        return [fault for m in requests for fault in _alone(m)] + [
            fault for call in {m["call-id"] for m in requests}
            for fault in _in_turn([m for m in requests if m["call-id"] == call], answers)]


def _alone(m):
    """Of one request (RFC 3261 §8.1.1)."""
    missing = [n for n in ("via", "from", "to", "call-id", "cseq", "max-forwards") if not m.has(n)]
    if missing:
        yield f"{m.start} has no {missing}"
    if not m.branch.startswith("z9hG4bK"):
        yield f"branch {m.branch} (§8.1.1.7)"
    if not m.tag("from"):
        yield f"{m.start} has no From tag (§8.1.1.3)"
    if m["cseq"].split()[-1] != m.method:
        yield f"CSeq {m['cseq']} of {m.method} (§8.1.1.5)"
    if m.method == "INVITE" and len(m.all("contact")) != 1:
        yield f"INVITE with {len(m.all('contact'))} Contacts (§8.1.1.8)"
    if m.body and int(m["content-length"] or 0) != len(m.body.encode()):
        yield f"Content-Length {m['content-length']} of {len(m.body.encode())} bytes (§20.14)"


def _in_turn(requests, answers):
    """Of the requests of a Call-ID: what changes from one to the next, and what does not."""
    if len({m.tag("from") for m in requests}) > 1:
        yield f"several From tags: {[m.tag('from') for m in requests]}"
    seen, last, first = {}, {}, None
    for m in requests:
        number = int(m["cseq"].split()[0])
        if m.method == "ACK":
            yield from _acknowledges(m, seen, answers)
        elif m.method == "CANCEL":
            if seen.get(m.branch, ("",))[0] != "INVITE":
                yield "CANCEL of no INVITE (§9.1)"
        elif m.branch not in seen:
            dialog = m.tag("to")  # each fork counts on from the INVITE
            before = last.get(dialog, first)
            if before is not None and number != before + 1:
                yield f"CSeq {number} after {before} (§8.1.3.5, §12.2.1.1)"
            seen[m.branch], last[dialog] = (m.method, number), number
            first = first if dialog else number
        elif seen[m.branch] != (m.method, number):
            yield f"{m.start}: branch {m.branch} was of {seen[m.branch]} (§8.1.1.7)"


def _acknowledges(m, seen, answers):
    number = int(m["cseq"].split()[0])
    if number not in [n for method, n in seen.values() if method == "INVITE"]:
        yield f"ACK {number} of no INVITE"
    answer = answers.get((m.branch, "INVITE"))
    if m.branch in seen and answer is not None and answer.code >= 300 and answer["to"] != m["to"]:
        yield f"ACK to {m['to']}, not {answer['to']} (§17.1.1.3)"
