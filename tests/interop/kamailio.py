"""Kamailio: a proxy that stays in the path of calls, and passes them on to one place."""
import json
import socket
import tempfile

from interop import HERE, WAIT_SECONDS, Program, free_port, is_taken, until, work


class Kamailio(Program):
    """Forwards to target; .port over UDP, .port_tcp over TCP. Asks places if they are there."""

    def __init__(self, target, places=()):
        self.port, self.port_tcp = free_port(), free_port()
        self.home = work / f"kamailio-{self.port}"
        self.home.mkdir()
        words = {"PORT": self.port, "PORT_TCP": self.port_tcp, "TARGET": target, "DIR": self.home}
        text = (HERE / "kamailio.cfg").read_text()
        for word, value in words.items():
            text = text.replace(f"@{word}@", str(value))
        (self.home / "kamailio.cfg").write_text(text)
        (self.home / "dispatcher.list").write_text("".join(f"1 {place}\n" for place in places))
        super().__init__("kamailio", ["kamailio", "-DD", "-E", "-f", self.home / "kamailio.cfg",
                                      "-Y", self.home, "-m", 256, "-M", 8])
        if not until(lambda: self._is_up() or self.process.poll() is not None):
            raise RuntimeError(self.tail())

    def _is_up(self):
        return (self.home / "rpc").exists() and is_taken(self.port) and is_taken(self.port_tcp)

    def rpc(self, method):
        """The result of a call of its control socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.settimeout(WAIT_SECONDS)
            s.bind(tempfile.mktemp(dir=self.home))
            s.sendto(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method}).encode(),
                     str(self.home / "rpc"))
            return json.loads(s.recv(65536))["result"]

    def flags(self, place):
        """What it thinks of a place: A or I, active or not, and P, that it asks it."""
        for record in self.rpc("dispatcher.list")["RECORDS"]:
            for target in record["SET"]["TARGETS"]:
                if target["DEST"]["URI"] == place:
                    return target["DEST"]["FLAGS"]
        return "not there"
