#!/usr/bin/env python3
"""seen.py RUN.json: what it costs a proxied call that somebody may look at it. The run has ours with the web on, and base
with it off, in turns. Prints the ratio of their CPU time, and the target."""
import json
import sys

TARGET = 1.05

with open(sys.argv[1], encoding="utf-8") as file:
    modes = json.load(file)["modes"]
for mode, rows in modes.items():
    ratio = rows["ours"]["cpu_us"] / rows["base"]["cpu_us"]
    spread = [rows[name]["cpu_max"] / rows[name]["cpu_min"] - 1 for name in ("ours", "base")]
    print(f"{mode} with the web on, nobody looking: {ratio:.2f} of the CPU time with it off "
          f"(rounds of one differ by {100 * max(spread):.0f} %): {'met' if ratio <= TARGET else 'MISSED'} ({TARGET})")
