"""What the checks of this folder share: the files they read, and the count they end with.

A check hands each thing it looked at, and what is wrong with it, to Checks.add(); one line
for each fault, then "N passed, N failed".
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"

# The core from the bottom up. It does no I/O and links libc alone.
CORE = ["base", "ref", "sip", "sdp", "transport", "txn", "dialog", "recover", "store",
        "auth", "registrar", "redirect", "proxy", "ua", "lab", "node"]

# A row of a table: NAME(...) on one line; its fields: strings or words.
ROW = re.compile(r"^[A-Z]+\((.*)\)$", re.MULTILINE)
FIELD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s,"][^,"]*)')


def sources(*folders, suffixes=(".c", ".h")):
    """The files below these folders, as paths relative to the repository, sorted."""
    found = []
    for folder in folders:
        for where, _, names in os.walk(ROOT / folder):
            found += [Path(where, name) for name in names if name.endswith(suffixes)]
    return sorted(path.relative_to(ROOT) for path in found)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def rows(name):
    """The rows of include/tandem/ref/NAME.def as lists of strings, quotes taken off."""
    for row in ROW.findall(read(f"include/tandem/ref/{name}.def")):
        yield [quoted or word for quoted, word in FIELD.findall(row)]


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def add(self, name, faults):
        """One thing checked. faults: lines to print; none: it passed."""
        faults = list(faults)
        for fault in faults:
            print(fault)
        if faults:
            print(f"FAILED {name}")
            self.failed += 1
        else:
            self.passed += 1

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)
