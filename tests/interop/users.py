"""A server that has users: its configuration, its store, the commands that work on them."""
import json
import subprocess

from interop import HOST, TANDEM, WAIT_SECONDS, Tandem, work

DOMAIN = "example.com"  # the first one: the own addresses mean it too

_count = 0


class Users:
    """.server serves at .port, on a store of its own. config: further lines of the file; options: of
    the command line."""

    def __init__(self, config="", options=(), **more):
        global _count
        _count += 1
        self.config = work / f"users-{_count}.yaml"
        self.config.write_text(f"domains: [{DOMAIN}]\nstore: lmdb:{work}/store-{_count}\n{config}")
        self.options, self.more = options, more
        self.server = None
        self.start()

    def start(self):
        """Again where it was, after it has ended."""
        if self.server:
            self.more["port"] = self.server.port
        self.server = Tandem("-c", self.config, "--log-level", "debug", *self.options, **self.more)
        self.port = self.server.port

    def kill(self):
        """As kill -9 does."""
        self.server.process.kill()
        self.server.process.wait()

    def run(self, *words):
        """A command on the store: its exit status, and what it printed."""
        run = subprocess.run([TANDEM, *(str(w) for w in words), "-c", str(self.config)],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=WAIT_SECONDS)
        return run.returncode, run.stdout.decode(errors="replace")

    def do(self, *words):
        """A command that works."""
        status, text = self.run(*words)
        if status != 0:
            raise RuntimeError(f"tandem {' '.join(str(w) for w in words)}: {status}: {text}")
        return text

    def add(self, *names, password="secret"):
        for name in names:
            self.do("user", "add", f"{name}@{DOMAIN}", "--password", password)

    def forward(self, name, uri, *options):
        self.do("forward", "set", f"{name}@{DOMAIN}", uri, *options)

    def contacts(self, name):
        """What `tandem contacts` shows of a user, by URI."""
        shown = json.loads(self.do("contacts", f"{name}@{DOMAIN}", "--json"))
        return {c["uri"]: c for c in shown}

    def uri(self, name, params=""):
        return f"sip:{name}@{HOST}:{self.port}{params}"
