"""baresip: a telephone without hands, that says what it does."""
import json
import math
import shutil
import socket
import statistics
import struct
import wave

from interop import HOST, WAIT_SECONDS, Program, free_port, work

CONFIG = """
sip_listen {host}:{port}
net_interface {host}
audio_player aubridge,nil
audio_source {source}
audio_alert aubridge,nil
module_path {modules}
module g711.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
rtp_ports {rtp}-{rtp_last}
{more}"""
MODULES = "/usr/lib/baresip/modules"
LIMIT_SECONDS = 400  # after which it ends by itself, whatever we do
SONG_SECONDS = 120
TONE_PARTS = 10  # of a second, in each of which a tone is looked for


class Baresip(Program):
    """With that account; it calls uri, if there is one, as soon as it is up."""

    def __init__(self, account=f"<sip:caller@{HOST}>;regint=0", uri=None, source="aubridge,nil", more=""):
        port, rtp = free_port(), free_port()  # its own choice of ports for sound may be another test's
        home = work / f"baresip-{port}"
        home.mkdir()
        self.home, self.port = home, port
        (home / "config").write_text(CONFIG.format(host=HOST, port=port, modules=MODULES,
                                                          source=source, more=more, rtp=rtp, rtp_last=rtp + 3))
        (home / "accounts").write_text(account + "\n")
        (home / "contacts").touch()
        dial = ["-e", f"/dial {uri}"] if uri else []
        super().__init__(f"baresip-{port}", ["stdbuf", "-oL", shutil.which("baresip"), "-f", home,
                                             "-s", "-v", "-t", LIMIT_SECONDS, *dial])


class Singing(Baresip):
    """One that says a tone, keeps what it hears, and does what do() says while a call is on."""

    def __init__(self, account=f"<sip:caller@{HOST}>;regint=0", uri=None, hertz=440):
        self.control = free_port()
        self.sounds = work / f"sounds-{self.control}"
        self.sounds.mkdir()
        song = self.sounds / "song.wav"
        sing(song, hertz)
        super().__init__(account, uri, f"aufile,{song}",
                         f"module aufile.so\nmodule sndfile.so\nsnd_path {self.sounds}\nrtp_stats yes\n"
                         f"module_app ctrl_tcp.so\nctrl_tcp_listen {HOST}:{self.control}\n")

    def do(self, command):
        """A command of its menu: hold, resume, hangup."""
        text = json.dumps({"command": command, "token": "t"})
        with socket.create_connection((HOST, self.control), WAIT_SECONDS) as s:
            s.sendall(f"{len(text)}:{text},".encode())
            return s.recv(65536).decode()

    def heard(self):
        """The tone of what it heard, in Hz, or 0: silence; and its length in seconds."""
        for path in self.sounds.glob("*dec*.wav"):
            with wave.open(str(path)) as w:
                rate, count = w.getframerate(), w.getnframes()
                data = w.readframes(count)
            samples = struct.unpack(f"<{len(data) // 2}h", data)
            return _tone(samples, rate), count / rate
        return 0, 0.0


def sing(path, hertz, rate=8000):
    with wave.open(str(path), "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(rate)
        w.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(2 * math.pi * hertz * i / rate)))
                               for i in range(rate)) * SONG_SECONDS)


def _tone(samples, rate):
    """That of most of the time: where packets were late there are holes in it."""
    size = rate // TONE_PARTS
    tones = [t for t in (_tone_of(samples[i:i + size], rate) for i in range(0, len(samples) - size, size)) if t]
    return statistics.median(tones) if tones else 0


def _tone_of(samples, rate):
    """By how often it passes zero; 0: silence."""
    if math.sqrt(sum(s * s for s in samples) / len(samples)) < 100:
        return 0
    return sum(a < 0 <= b for a, b in zip(samples, samples[1:])) * rate / len(samples)
