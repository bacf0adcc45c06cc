"""Ports of loopback that no other test has, nor gets while this one runs.

They are below those that the system gives to whoever asks for any, and each is taken by a lock on a file among
the tests of this machine: else another program has it before he binds it for whom it was drawn."""
import fcntl
import os
import random
import tempfile
import threading
from pathlib import Path

HOST = "127.0.0.1"
LOW, HIGH = 10000, 32000  # for some thousands at once
BLOCK = 4  # whoever has media takes the ports behind his own, too

_drawn = set()
_locks = []  # open files
_mutex = threading.Lock()


def _taken():
    """All that anybody has at any address, for UDP or TCP, or had a moment ago. To bind them would be to take them,
    for longer than one thinks: a program that is started meanwhile has what is open here, until it is another one."""
    return {int(line.split()[1].rpartition(":")[2], 16) for kind in ("udp", "tcp", "udp6", "tcp6")
            if (table := Path("/proc/net", kind)).exists() for line in table.read_text().splitlines()[1:]}


def _is_ours(port):
    """Takes it, until this process ends."""
    folder = Path(tempfile.gettempdir()) / f"tandem-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    lock = open(folder / str(port), "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _locks.append(lock)
    return True


def free_port(low=LOW, high=HIGH):
    """One that nobody has, for UDP or TCP, nor the three behind it."""
    for _ in range(10000):
        port = random.randrange(low, high, BLOCK)
        with _mutex:
            if port in _drawn:
                continue
            _drawn.add(port)
        if _is_ours(port) and not _taken().intersection(range(port, port + BLOCK)):
            return port
    raise RuntimeError("no port is free")


def is_taken(port):
    """Whether somebody has it."""
    return port in _taken()
