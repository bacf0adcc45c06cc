"""Chromium without a window that is told what to do: the devtools protocol over a pipe, which needs nothing but
Chromium. What a page complains about (errors of scripts, and what its policy forbids) is kept."""
import base64
import fcntl
import json
import os
import select
import subprocess
import tempfile
import time

from browser import PLAIN

WAIT = 90  # seconds for what has to come, on a machine that is busy


class Browser:
    """with Browser("ko") as browser: ... accepts is what it likes to read."""

    def __init__(self, accepts="en"):
        self.profile = tempfile.TemporaryDirectory(prefix="tandem-chromium-", ignore_cleanup_errors=True)
        to_read, self.write = os.pipe()
        self.read, to_write = os.pipe()
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        options = ["chromium", *PLAIN, *root, "--remote-debugging-pipe", f"--accept-lang={accepts}",
                   f"--lang={accepts.split(',')[0]}", f"--user-data-dir={self.profile.name}", "about:blank"]
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (to_read, to_write)]

        def place():
            """The protocol is spoken on descriptors 3 and 4, whatever they are here."""
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen(options, preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for end in (to_read, to_write, *ends):
            os.close(end)
        self.buffer, self.number, self.session = b"", 0, None
        self.complaints = []
        self.accepts = accepts
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.tell(f"{domain}.enable")
        self.tell("Network.setExtraHTTPHeaders", headers={"Accept-Language": accepts})

    def message(self):
        end = time.monotonic() + WAIT
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read], [], [], max(0, end - time.monotonic()))
            assert ready, "Chromium says nothing"
            piece = os.read(self.read, 1 << 20)
            assert piece, "Chromium has ended"
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def hear(self, message):
        params = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"])[:500])
        if message.get("method") == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    def tell(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while (answer := self.message()).get("id") != self.number:
            self.hear(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def screen(self, width, height, scheme="light"):
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 500)
        self.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, address):
        self.complaints.clear()
        self.tell("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def ask(self, expression):
        result = self.tell("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, (expression, result)
        return result["result"].get("value")

    def until(self, expression):
        """Waits until it is true, and returns it. An element is {}."""
        end = time.monotonic() + WAIT
        while (value := self.ask(expression)) in (None, False, 0, ""):
            assert time.monotonic() < end, f"never: {expression}\n{self.ask('document.body.innerText')[:3000]}"
            time.sleep(0.05)
        return value

    def picture(self, path):
        size = self.tell("Page.getLayoutMetrics")["cssContentSize"]
        data = self.tell("Page.captureScreenshot", captureBeyondViewport=True,
                         clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session = None
        try:
            self.tell("Browser.close")
        except (AssertionError, OSError):
            self.process.kill()
        self.process.wait(WAIT)
        os.close(self.read)
        os.close(self.write)
        self.profile.cleanup()
