"""Prints guidellm's figures beside those of Headway's server in the same run, and of bench --target in the run after it.

Usage: compare.py DIRECTORY, as cross-check.sh fills it. All in ms; means, since the server's sums give means exactly.
"""

import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])


def sums(file):
    text = (folder / file).read_text()
    return {
        (name, part): float(value)
        for name, part, value in re.findall(r"^vllm:(\w+?)_(sum|count)\{.*\} (\S+)$", text, re.M)
    }


print("| run | figure | guidellm | Headway's server, same run | difference | bench, next run |")
print("| --- | --- | --- | --- | --- | --- |")
for round_ in (1, 2, 3):
    metrics = json.loads((folder / f"guidellm-{round_}.json").read_text())["benchmarks"][0]["metrics"]
    totals = metrics["request_totals"]
    assert totals["successful"] == totals["total"], totals
    bench = json.loads((folder / f"bench-{round_}.json").read_text())
    before, after = sums(f"before-{round_}.txt"), sums(f"after-{round_}.txt")
    change = {key: value - before.get(key, 0) for key, value in after.items()}
    rows = [
        ("TTFT", "time_to_first_token_ms", "time_to_first_token_seconds", 1, "ttft_ms"),
        ("ITL", "inter_token_latency_ms", "inter_token_latency_seconds", 1, "itl_ms"),
        ("latency", "request_latency", "e2e_request_latency_seconds", 1000, "latency_ms"),
    ]
    for label, theirs, ours, unit, benched in rows:
        a = metrics[theirs]["successful"]["mean"] * unit
        b = 1000 * change[ours, "sum"] / change[ours, "count"]
        print(f"| {round_} | {label} | {a:.2f} | {b:.2f} | {a - b:+.2f} ms, {100 * (a / b - 1):+.1f} % | {bench[benched]['mean']:.2f} |")
    rate = metrics["requests_per_second"]["successful"]["mean"]
    print(f"| {round_} | requests/s | {rate:.1f} | | | {bench['throughput_rps']:.1f} |")
