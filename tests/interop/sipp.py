"""SIPp: runs a scenario of sipp/, and reads its statistics."""
import csv
import re

from interop import HERE, HOST, WAIT_SECONDS, Program, free_port, is_taken, until, work

# What comes while it does not run is not lost: nobody sends a 180 again.
BUFFER_BYTES = 1 << 20
LINGER = ["-d", 4000]  # how long one answers what comes again: more than T2
PATIENT = ["-watchdog_minor_threshold", 100000, "-watchdog_major_threshold", 100000]  # else it ends where it runs late

_run_count = 0


def _last_row(path):
    """The last row of a table of SIPp, by the names of its columns."""
    if not path.exists():
        return {}
    with open(path, newline="", errors="replace") as file:
        rows = [row for row in csv.reader(file, delimiter=";") if len(row) > 2]
    return dict(zip(rows[0], rows[-1])) if len(rows) > 1 else {}


def _number(text):
    return int(text) if text and re.fullmatch(r"\d+", text) else 0


class Sipp:
    """A run of it, from its start until wait(). user and params are of the Request-URI; .local is
    its port."""

    def __init__(self, scenario, port, user, transport="u1", calls=200, rate=200, options=(),
                 params=""):
        global _run_count
        _run_count += 1
        self.scenario, self.transport = scenario, transport
        self.calls = calls
        self.base = work / f"sipp-{_run_count}-{scenario}"
        self.local, media = free_port(), free_port()
        self.errors_path = self.base.with_suffix(".errors")
        arguments = ["sipp", "-sf", HERE / f"sipp/{scenario}.xml", "-s", user, "-t", transport,
                     "-i", HOST, "-mi", HOST, "-p", self.local, "-mp", media,
                     "-cp", media + 1, "-key", "params", params, "-m", calls, "-r", rate,
                     "-l", calls, "-max_socket", 1000, "-nostdin",
                     "-buff_size", BUFFER_BYTES,
                     "-trace_stat", "-stf", self.base.with_suffix(".csv"),
                     "-fd", 1, "-trace_counts", "-trace_err", "-error_file", self.errors_path,
                     "-trace_shortmsg", "-shortmessage_file", self.base.with_suffix(".messages"),
                     "-timeout", 2 * WAIT_SECONDS, "-timeout_error", *PATIENT, *options, f"{HOST}:{port}"]
        self.program = Program(self.base.name, arguments, cwd=work)
        self.status = None

    def listening(self):
        """As one that is called: when it can be."""
        if not until(lambda: is_taken(self.local) or self.program.process.poll() is not None):
            raise RuntimeError(self.program.tail())
        return self

    def wait(self):
        self.status = self.program.wait(3 * WAIT_SECONDS)
        self.stats = _last_row(self.base.with_suffix(".csv"))
        self.messages = _last_row(work / f"{self.scenario}_{self.program.process.pid}_counts.csv")
        return self

    def count(self, name):
        """A statistic: 'SuccessfulCall', 'Retransmissions'..."""
        return _number(self.stats.get(f"{name}(C)"))

    def message(self, name):
        """Of a message by its place in the scenario, from 0: '1_200_Recv', '1_200_Retrans'..."""
        return _number(self.messages.get(name))

    def received(self, what=""):
        """How many messages came whose first line has what. A response that came again and was not
        expected is no fault to SIPp, which acknowledges it again: whoever wants silence has to count."""
        path = self.base.with_suffix(".messages")
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        return sum(line.split("\t")[3:4] == ["R"] and what in line for line in lines)

    def rang(self):
        """Whether the calls rang as they should. A 180 may be lost over UDP, and nobody sends it again
        (RFC 3261 §13.3.1.1)."""
        return self.received(" 180 ") >= self.calls * (0.5 if self.transport == "u1" else 1)

    def came_exactly(self, count):
        """So many messages to each call, and not one more. A machine that is busy at the wrong moment may
        send this or that again: what is wrong is so in all calls."""
        return count <= self.received() / self.calls < count + 0.8

    def all_well(self):
        """Every call went as the scenario says, and SIPp says so too."""
        return (self.status == 0 and self.count("SuccessfulCall") == self.calls
                and self.count("FailedCall") == 0)

    def story(self):
        """What happened, for people."""
        shown = {k: v for k, v in self.stats.items()
                 if k.endswith("(C)") and _number(v) and "_" not in k}
        errors = ""
        if self.errors_path.exists():
            errors = "\n".join(self.errors_path.read_text(errors="replace").splitlines()[:40])
        return f"exit status {self.status}, {shown}\n{errors}" if shown else self.program.tail()
