"""The commands of the user agent, as tests run them with peers."""
import json
import os
import signal
import subprocess

from interop import HOST, SANITIZERS, TANDEM, WAIT_SECONDS, Checks, Program, free_port, work
from script import Play, Script

HERE = "[local_ip]:[local_port]"  # of SIPp, in a script
DONE = (200, "none")
checks = Checks()

password = work / "password"
password.write_text("secret\n")
wrong_password = work / "wrong"
wrong_password.write_text("wrong\n")


def state():
    """An environment with a state directory of its own: nothing was learned yet."""
    state.count += 1
    return {**os.environ, "XDG_STATE_HOME": str(work / f"state-{state.count}")}


state.count = 0


class Command:
    """tandem with these words, and --json. .report is what it printed, .said all that can be said of it."""

    def __init__(self, *words, env=None, plain=False):
        self.process = subprocess.Popen([TANDEM, *map(str, words), *([] if plain else ["--json"])], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env, start_new_session=True)
        self.words = words

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self

    def wait(self, seconds=2 * WAIT_SECONDS):
        try:
            self.out, self.err = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.out, self.err = self.process.communicate()
        self.status = self.process.returncode
        try:
            self.report = json.loads(self.out)
        except ValueError:
            self.report = {}
        self.said = f"{' '.join(map(str, self.words))}: exit status {self.status}\n{self.out[-5000:]}{self.err[-5000:]}"
        return self

    def tried(self):
        """[(302, "follow-contact"), (200, "none")]"""
        return [(a["code"], a["action"]) for a in self.report.get("attempts", [])]

    def details(self):
        return [a["detail"] for a in self.report.get("attempts", [])]

    def uris(self):
        return [a["uri"] for a in self.report.get("attempts", [])]

    def is_sane(self):
        """Nothing but JSON on the one side, and nothing of a sanitizer on the other; and what is said of the
        call fits together."""
        if SANITIZERS.search(self.err) or "assertion" in self.err or not self.report:
            return False
        r = self.report
        refusals = [a for a in r["attempts"] if a["code"] >= 300]
        return ((r["result"] == "answered") == any(a["code"] < 300 and a["action"] == "none" for a in r["attempts"])
                and all(a["detail"] for a in refusals)
                and (r["explanation"] is not None) == bool(refusals)
                and (not refusals or r["explanation"]["code"] == refusals[-1]["code"])
                and (r["result"] == "failed" or r["final"]["code"] // 100 == 2))


def place(uri, *options, env=None, **more):
    """A call that is soon hung up."""
    options = list(options) if env else ["--no-book", *options]
    if "--duration" not in options:
        options += ["--duration", "0.1"]
    return Command("call", uri, *options, env=env, **more)


class Answer(Program):
    """tandem answer, ready."""

    def __init__(self, *options, transport="", listen=True):
        self.port = free_port()
        place = ["--listen", f"{transport}{HOST}:{self.port}"] if listen else []
        super().__init__("answer", [TANDEM, "answer", *place, *options])
        self.wait_for("tandem: ready")

    def uri(self, user="bob", params=""):
        return f"sip:{user}@{HOST}:{self.port}{params}"

    def end(self, checks):
        """Interrupted, as by Ctrl-C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        status = self.wait(WAIT_SECONDS)
        checks.add("tandem answer ends with 0, and the sanitizers have nothing to say of it",
                   status == 0 and not SANITIZERS.search(self.log()), f"exit status {status}", self.tail)


def refuse(script, code, more="", **options):
    return script.recv("INVITE").reply(code, more, **options).recv("ACK")


def refused(code, more="", **options):
    return refuse(Script(), code, more, **options)


def talk(script):
    return script.established().hung_up()


def ended(script):
    """Whatever comes now is a fault."""
    return script.pause(400)


def shows(sentence, scripts, tried, *options, status=None, final=None, also=None, act=None, calls=1,
          transport="udp", params=""):
    """A case: a call to the first of the scripts goes as tried. also: of the command and the plays, whether
    what else has to be true is so. act: what is done while it goes on."""
    def case():
        plays = [Play(s, transport=transport, calls=calls) for s in
                 (scripts if isinstance(scripts, list) else [scripts])]
        over = ";transport=tcp" if transport == "tcp" else ""
        call = place(plays[0].uri(params=over + params), *options)
        if act:
            act(call, *plays)
        call.wait()
        for play in plays:
            play.wait()
        judge(sentence, call, plays, tried, status, final, also)
    return case


def judge(sentence, call, plays, tried, status=None, final=None, also=None):
    is_answered = DONE in tried if status is None else status == 0
    code = final or (200 if is_answered else tried[-1][0] if tried else None)
    stories = [play.story for play in plays]
    is_so = (all(p.status == 0 for p in plays) and call.is_sane() and call.tried() == tried
             and call.status == (not is_answered if status is None else status)
             and (call.report["final"] or {}).get("code") == code
             and call.report["uri"] == call.words[1])
    faults = [f for p in plays for f in p.faults()]
    checks.add(sentence, is_so and not faults and (not also or bool(also(call, *plays))),
               f"wanted {tried}, is {call.tried()}; as wanted: {is_so}", call.said, *faults, *stories)


def values(m, name):
    return {v.strip() for v in m.all(name)}
