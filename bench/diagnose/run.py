#!/usr/bin/env python3
"""bench/diagnose/run.py TANDEM FOLDER ROUNDS MEGABYTES: how fast tandem diagnose reads a capture, and how much memory
that takes. CPU time counts, of the fastest of the rounds: how fast a disk is, is another matter. The captures are
made in FOLDER if they are not there."""
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEED = 300     # MB of capture in a second of one core
GROWTH = 1.25   # of memory, from a capture to one that is four times as large


def made(folder, kind, megabytes):
    path = folder / f"{kind}-{megabytes}.pcap"
    generator = HERE / "gen_capture.py"
    if not path.exists() or path.stat().st_mtime < generator.stat().st_mtime:
        part = path.with_suffix(".part")
        subprocess.run([sys.executable, generator, kind, str(megabytes), part], check=True)
        part.rename(path)
    return path


def measured(tandem, path):
    """Seconds of CPU, and KiB of memory at most."""
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen([tandem, "diagnose", path], stdout=nothing, stderr=subprocess.PIPE)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 1 and not said, f"{path}: {process.returncode} {said.decode()}"
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def target(what, is_met):
    print(f"  {'met   ' if is_met else 'MISSED'} {what}")


def main():
    tandem, folder, rounds, megabytes = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    print(f"{'capture':<14} {'MB':>5} {'MB/s':>7} {'peak MiB':>9}")
    for kind in ("sip", "media"):
        for size in (megabytes // 4, megabytes):
            path = made(folder, kind, size)
            with open(path, "rb") as file:  # into the cache of the system, and not into ours: a child begins with that
                while file.read(1 << 16):
                    pass
            runs = [measured(tandem, path) for _ in range(rounds)]
            speed = path.stat().st_size / 1e6 / min(seconds for seconds, _ in runs)
            rows[kind, size] = speed, max(memory for _, memory in runs) / 1024
            print(f"{kind:<14} {size:>5} {speed:>7.0f} {rows[kind, size][1]:>9.1f}")
    for kind, what in (("sip", "messages alone"), ("media", "messages and sound")):
        speed, memory = rows[kind, megabytes]
        before = rows[kind, megabytes // 4][1]
        target(f"{what}: {SPEED} MB/s of one core ({speed:.0f})", speed >= SPEED)
        target(f"{what}: four times the capture, at most {GROWTH} times the memory ({memory / before:.2f})",
               memory <= GROWTH * before)


main()
