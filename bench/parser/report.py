#!/usr/bin/env python3
"""report.py RAW: what one run of the benchmark measured, as ratios, and each target."""
import sys

KINDS = ["options", "invite", "biginvite", "ok200", "bye", "register"]
LEVELS = {"index": "frame + index", "full": "fully parsed", "build": "a 486 built"}
OURS, PORTABLE, SPLITTER = "tandem", "tandem-portable", "memchr-split"
PEERS = ["osip2", "sofia"]

times, allocs, sizes = {}, {}, {}
for line in open(sys.argv[1], encoding="utf-8"):
    kind_of_row, lib, level, kind, *rest = (line.rstrip("\n").split("\t") + [""] * 4)[:8]
    if kind_of_row == "R":
        which, size, fastest = rest[0], float(rest[1]), float(rest[2])
        key = lib, level, kind, which
        times[key] = min(times.get(key, fastest), fastest)
        sizes[kind, which] = size
    elif kind_of_row == "A":
        allocs[lib, level, kind] = float(rest[0])


def time(lib, level, kind, which="hot"):
    """None: it was not measured."""
    return times.get((lib, level, kind, which))


def splitter(kind):
    return time(SPLITTER, "scan", kind)


def ratio(a, b):
    return a / b if a is not None and b else None


def show(number, form="{:.2f}"):
    return "" if number is None else form.format(number)


def row(level, kind):
    hot, var = time(OURS, level, kind), time(OURS, level, kind, "var")
    return [LEVELS[level], kind, show(sizes.get((kind, "hot")), "{:.0f}"), show(hot, "{:.0f}"),
            show(var, "{:.0f}"), show(ratio(var, hot)), show(ratio(hot, splitter(kind))),
            *[show(ratio(time(peer, level, kind), hot), "{:.1f}") for peer in PEERS],
            show(ratio(time(PORTABLE, level, kind), hot)),
            show(allocs.get((OURS, level, kind)), "{:g}")]


def table(rows):
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    for r in rows:
        print("  ".join(cell.ljust(w) if i < 2 else cell.rjust(w)
                        for i, (cell, w) in enumerate(zip(r, widths))).rstrip())


measured = [(level, kind) for level in LEVELS for kind in KINDS if time(OURS, level, kind)]


def worst(numbers):
    """(number, where) of the largest."""
    known = [(number, f"{LEVELS[level]}, {kind}") for (level, kind), number in
             zip(measured, numbers) if number is not None]
    return max(known, default=(None, "not measured"))


def target(what, number, where, most):
    verdict = "not measured" if number is None else "met" if number <= most else "MISSED"
    print(f"  {verdict:12}  {what}: {show(number, '{:.3f}') or '-'} (at most {most:g}){where}")


table([["level", "message", "bytes", "hot ns", "var ns", "var/hot", "/splitter",
        *["x " + peer for peer in PEERS], "portable", "allocs"]] +
      [row(level, kind) for level, kind in measured])
print("""
hot: one message over and over; var: 128 of its kind in turn; the fastest batch of all rounds.
/splitter: our time by that of memchr-split (%s ns for the INVITE); x peer: how many times as
long the peer takes; portable: without vector instructions, by with them.
""" % show(splitter("invite"), "{:.0f}"))

print("Targets")
for level, most in [("full", 3.5), ("index", 2.3), ("build", 0.5)]:
    target(f"{LEVELS[level]}, INVITE, by the splitter",
           ratio(time(OURS, level, "invite"), splitter("invite")), "", most)
for level, kind in measured:
    target(f"{LEVELS[level]}, {kind}, varied by hot",
           ratio(time(OURS, level, kind, "var"), time(OURS, level, kind)), "", 1.1)
for level, kind in measured:
    if level != "build":  # nothing is scanned
        target(f"{LEVELS[level]}, {kind}, portable by vector",
               ratio(time(PORTABLE, level, kind), time(OURS, level, kind)), "", 1.6)
number, where = worst([allocs.get((OURS, *m)) for m in measured])
target("heap allocations, the most", number, f", {where}", 0)
