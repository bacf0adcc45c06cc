"""What the tests of this folder share: programs that are started, waited for and ended, and the
count that a test ends with.

A test starts a server, runs its cases, several at once where they wait (Checks.cases()), and
hands what each shows, in a sentence, to Checks.add(). Programs and files are gone when it ends,
however it ends. $INTEROP_KEEP=1 keeps the files, and says where they are.
"""
import atexit
import ctypes
import fcntl
import itertools
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ports import HOST, free_port, is_taken  # which tests have from here

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TANDEM = os.environ.get("TANDEM", str(ROOT / "build-test/tandem"))
WAIT_SECONDS = 120  # for what a busy machine does late; nothing that works needs it
SANITIZERS = re.compile(r"ERROR: \w+Sanitizer|runtime error: |WARNING: \w+Sanitizer")

work = Path(tempfile.mkdtemp(prefix="tandem-interop-"))
os.environ["XDG_STATE_HOME"] = str(work / "state")  # of the servers' stores
_running = []
_numbers = itertools.count()  # of programs: several threads may start one at once


def _kill(process):
    """With its children, which are of its group."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_all():
    for process in _running:
        if process.poll() is None:
            _kill(process)
    if os.environ.get("INTEROP_KEEP"):
        print(f"kept: {work}", file=sys.stderr)
    else:
        shutil.rmtree(work, ignore_errors=True)


def _stopped(number, _):
    """At once: threads may wait for long. In a child of ours there is nothing to end."""
    if os.getpid() == _main:
        _end_all()
    os._exit(128 + number)


_main = os.getpid()
atexit.register(_end_all)
signal.signal(signal.SIGTERM, _stopped)
signal.signal(signal.SIGINT, _stopped)


class Checks:
    """Counts what was checked. add() may be called by several threads."""

    def __init__(self):
        self.passed = self.failed = 0
        self.lock = threading.Lock()

    def add(self, sentence, is_so, *details):
        """details: what to print if it is not so; a callable is called then."""
        with self.lock:
            print("ok    " if is_so else "FAILED", sentence)
            if is_so:
                self.passed += 1
            else:
                self.failed += 1
                for detail in details:
                    text = str(detail() if callable(detail) else detail)
                    print("".join(f"         {line}\n" for line in text.splitlines()), end="")
            sys.stdout.flush()
        return is_so

    def cases(self, cases, at_once=4):
        """Runs functions without arguments, several at once. One that raises is a failure."""
        with ThreadPoolExecutor(at_once) as pool:
            for future in [pool.submit(case) for case in cases]:
                try:
                    future.result()
                except Exception as e:  # whatever it was, the other cases go on
                    self.add(f"a case came to its end: {type(e).__name__}: {e}", False)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)


def island():
    """Puts this process, and what it will start, where there is no network but a loopback of its
    own. False: that may not be done here. Before there is any thread."""
    new_user, new_network, set_flags, up = 0x10000000, 0x40000000, 0x8914, 1
    flags = new_network if os.geteuid() == 0 else new_network | new_user
    if ctypes.CDLL(None).unshare(flags) != 0:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, set_flags, struct.pack("16sH14x", b"lo", up))
    return True


def until(is_so, seconds=WAIT_SECONDS):
    """Waits until is_so() is true, and says whether it became so."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Program:
    """One that runs beside the test. What it prints goes to a file, .log()."""

    def __init__(self, name, arguments, **more):
        self.name = name
        self.log_path = work / f"{name}-{next(_numbers)}.log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(a) for a in arguments], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=subprocess.STDOUT,
                                            start_new_session=True, **more)
        _running.append(self.process)

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def tail(self, lines=40):
        return f"log of {self.name}:\n" + "\n".join(self.log().splitlines()[-lines:])

    def wait_for(self, text, seconds=WAIT_SECONDS):
        """Until it has printed text. RuntimeError: it has not, or has ended."""
        ended = []
        until(lambda: text in self.log() or ended or
              (self.process.poll() is not None and ended.append(True)), seconds)
        if text not in self.log():
            raise RuntimeError(f"{self.name} did not say '{text}'; {self.tail()}")

    def wait(self, seconds):
        """Its exit status; None: it was killed, for it did not end."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            _kill(self.process)
            return None

    def stop(self, seconds=WAIT_SECONDS):
        """Asks it to end, and waits. Its exit status, as wait()."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.wait(seconds)


class Tandem(Program):
    """tandem serve at .port of 127.0.0.1, UDP and TCP. It is ready when it is made."""

    def __init__(self, *options, port=None, workers=2, asan=None):
        self.port = port or free_port()
        environment = dict(os.environ)
        if asan:
            environment["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"),
                                                                 asan]))
        super().__init__("tandem", [TANDEM, "serve", "--listen", f"udp:{HOST}:{self.port}",
                                    "--listen", f"tcp:{HOST}:{self.port}", "--web", "off",
                                    "--workers", workers, *options], env=environment)
        self.wait_for("tandem: ready")

    def rss_kib(self):
        """Its memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def end(self, checks, at_once=True, may_warn=None):
        """Ends it, and checks how. at_once: a second SIGTERM saves the wait for transactions that
        have nothing to do but to time out. may_warn: words of a warning that is no fault."""
        self.process.terminate()
        if at_once and until(lambda: "tandem: ending" in self.log() or self.process.poll() is not None):
            self.process.terminate()
        status = self.wait(WAIT_SECONDS)
        checks.add("SIGTERM ends the server with 0", status == 0, f"exit status {status}",
                   self.tail)
        checks.add("the sanitizers have nothing to say of it",
                   not SANITIZERS.search(self.log()), self.log)
        warnings = [line for line in self.log().splitlines()
                    if re.match("tandem: (warning|error):", line)
                    and not (may_warn and may_warn in line)]
        checks.add("it has not warned of anything", not warnings, self.tail)
