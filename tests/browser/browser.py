"""Chromium without a window, for the tests of this folder: what a page looks like, and what its scripts do.

A test puts pages into frames of several widths on a page of its own, whose script measures them and leaves
what it found as JSON; Chromium prints the document when all has been loaded. So nothing waits and nothing
needs a driver."""
import json
import os
import re
import subprocess
import tempfile

WAIT = 300
PLAIN = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--allow-file-access-from-files"]
SCHEMES = {"dark": 0, "light": 1}  # of blink: mojom::PreferredColorScheme


def run(*arguments, scheme="light"):
    with tempfile.TemporaryDirectory(prefix="tandem-chromium-") as profile:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        done = subprocess.run(["chromium", *PLAIN, *root, f"--user-data-dir={profile}",
                               f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}", *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=WAIT,
                              check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def measure(page, scheme):
    """What the script of a page left in its <pre id="result">."""
    dom = run("--virtual-time-budget=60000", "--dump-dom", page.as_uri(), scheme=scheme)
    found = re.search(r'<pre id="result">(.*?)</pre>', dom, re.DOTALL)
    assert found and found[1], f"no result: {dom[-2000:]}"
    text = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return json.loads(text)


def picture(page, path, size, scheme):
    run(f"--screenshot={path}", f"--window-size={size[0]},{size[1]}", page, scheme=scheme)
