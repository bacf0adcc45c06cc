"""What the tests of the user agent's commands share: a server with the lab, a callee, the commands themselves.
$TANDEM is the program; all sockets are on loopback."""
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/interop"))
from ports import free_port  # of all tests
from resolver import A, SRV, Resolver, srv  # the DNS of other tests, for those who import this

TANDEM = os.environ.get("TANDEM", str(ROOT / "build-test/tandem"))
WAIT = 120  # seconds for what has to come; it comes in milliseconds, or when a timer of SIP says
WORK = tempfile.TemporaryDirectory()
os.environ.update(XDG_STATE_HOME=f"{WORK.name}/state", TZ="UTC0", LC_ALL="C")
os.environ.pop("NO_COLOR", None)

tests = []


def test(function):
    tests.append(function)
    return function


class Process:
    """A program that has said that it is ready. err, out: what it says."""

    def __init__(self, *arguments):
        self.err, self.out = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen([TANDEM, *arguments], stdin=subprocess.DEVNULL,
                                        stdout=self.out, stderr=self.err)
        self.waits(lambda: "tandem: ready\n" in self.said())

    def waits(self, what):
        end = time.monotonic() + WAIT
        while not what():
            assert self.process.poll() is None, f"ended:\n{self.said()}{self.drew()}"
            assert time.monotonic() < end, f"did not come:\n{self.said()}{self.drew()}"
            time.sleep(0.01)

    def said(self):
        self.err.seek(0)
        return self.err.read().decode()

    def drew(self):
        self.out.seek(0)
        return self.out.read().decode()

    def end(self, number=signal.SIGTERM):
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.ended()

    def ended(self):
        status = self.process.wait(WAIT)
        said = self.said()
        assert "Sanitizer" not in said and "assertion" not in said, said
        return status

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        while self.process.poll() is None:  # the second one ends it at once
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.5)
        self.ended()


class Server(Process):
    """tandem serve with the lab."""

    def __init__(self, *options, config=None):
        self.port = free_port()
        self.store = f"lmdb:{tempfile.mkdtemp(dir=WORK.name)}/store"
        self.config = f"{tempfile.mkdtemp(dir=WORK.name)}/tandem.yaml"
        Path(self.config).write_text(config or "lab: true\n")
        self.store_made = False
        super().__init__("serve", "-c", self.config, "--web", "off", "--workers=1", "--store",
                         self.store, "--listen", f"udp:127.0.0.1:{self.port}",
                         "--listen", f"tcp:127.0.0.1:{self.port}", *options)

    def uri(self, user, rest=""):
        return f"sip:{user}@127.0.0.1:{self.port}{rest}"


class Callee(Process):
    """tandem answer, at a port of its own."""

    def __init__(self, *options, port=None):
        self.port = port or free_port()
        super().__init__("answer", "--listen", f"127.0.0.1:{self.port}", *options)

    def uri(self, user="bob", rest=""):
        return f"sip:{user}@127.0.0.1:{self.port}{rest}"


def run(*arguments, status=0, env=None, stdin=None):
    """A command that ends with that status: what it printed, what it said."""
    done = subprocess.run([TANDEM, *arguments], input=stdin, timeout=WAIT, capture_output=True,
                          text=True, check=False, env={**os.environ, **(env or {})})
    assert "Sanitizer" not in done.stderr and "assertion" not in done.stderr, done.stderr
    assert done.returncode == status, (
        f"{arguments}: {done.returncode}, not {status}\n{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


ACTIONS = {"none", "authenticate", "follow-contact", "follow-alternative", "drop-extension",
           "add-extension", "reestablish", "relax-preconditions", "wait-and-retry", "adjust",
           "next-server", "change-transport", "give-up"}


def report(*arguments, status=0, **more):
    """What --json prints, which has the fields that are promised."""
    o = json.loads(run(*arguments, "--json", status=status, **more)[0])
    assert o["result"] in ("answered", "failed"), o
    assert o["uri"] == arguments[1], o
    assert o["final"] is None or isinstance(o["final"]["code"], int) and o["final"]["reason"], o
    for attempt in o["attempts"]:
        assert attempt["uri"] and attempt["method"] and attempt["reason"], o
        assert isinstance(attempt["code"], int) and isinstance(attempt["detail"], str), o
        assert attempt["action"] in ACTIONS, o
    if o["explanation"]:
        assert set(o["explanation"]) == {"code", "title", "description", "fix", "lang"}, o
    return o


def call(uri, *options, **more):
    return report("call", uri, "--duration", "0.2", *options, **more)


def tried(o):
    """[(302, "follow-contact"), (200, "none")]"""
    return [(a["code"], a["action"]) for a in o["attempts"]]


def wrong(pattern, *arguments):
    """Wrong usage: one line on standard error, exit status 2."""
    out, err = run(*arguments, status=2)
    assert out == "" and err.count("\n") == 1, out + err
    assert re.match(f"tandem: {arguments[0]}: {pattern}", err), err


def helps(name):
    out, err = run(name, "--help")
    assert out.startswith(f"usage: tandem {name}") and "Exit status: 0 " in out and not err, out
    assert re.search(rf"(?m)^  {name} ", run("--help")[0])
    assert max(map(len, out.splitlines())) <= 100, max(out.splitlines(), key=len)


def main():
    failed = 0
    only = sys.argv[1:]
    for function in tests:
        if only and function.__name__ not in only:
            continue
        try:
            function()
        except Exception as error:  # what the test did not expect fails it
            failed += 1
            where = error.__traceback__
            lines = []
            while where:
                lines.append(str(where.tb_lineno))
                where = where.tb_next
            print(f"FAILED: {function.__name__}: {function.__doc__}\n  {type(error).__name__}: {error} "
                  f"(lines {', '.join(lines)})")
    count = len(only) or len(tests)
    print(f"{count - failed} passed, {failed} failed")
    sys.exit(failed > 0)
