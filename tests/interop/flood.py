"""A flood that whoever is flooded keeps up with.

Where more comes than fits into a buffer, UDP loses some of it, and not of the flood alone: also what others say at
the same time. Some of that nobody says again, such as a 180 (RFC 3261 §13.3.1.1) or an ACK. So a flood asks now and
then, from its own socket, and goes on when it is answered."""
import itertools
import socket
import time

from interop import HOST, WAIT_SECONDS
from mutate import request

PACE = 20  # datagrams from one question to the next
AGAIN_SECONDS = 0.5  # timer E

_numbers = itertools.count()


class Flood:
    """Of somebody at that port of 127.0.0.1."""

    def __init__(self, port):
        self.port, self.sent = port, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HOST, 0))

    def send(self, data):
        self.socket.sendto(data, (HOST, self.port))
        self.sent += 1
        if self.sent % PACE == 0:
            self.wait()

    def wait(self):
        """Until what was sent has been taken in. RuntimeError: it was not."""
        number = f"pace{next(_numbers)}."
        question = request("OPTIONS", None, self.port, number)
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            self.socket.sendto(question, (HOST, self.port))
            if self._is_answered(f"Call-ID: {number}\r\n".encode()):
                return
        raise RuntimeError(f"what comes between {self.sent} broken messages is not answered any more")

    def _is_answered(self, call_id):
        """In time for no other one. What else comes belongs to the flood."""
        end = time.monotonic() + AGAIN_SECONDS
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                if call_id in self.socket.recv(65536):
                    return True
            except TimeoutError:
                return False
        return False
