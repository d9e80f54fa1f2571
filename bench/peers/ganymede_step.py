"""Ganymede: the DCGAN training step, timed from the events of a short run of the recipe `dcgan` on the built-in digits.

Needs nothing but Python. The time of a step is that between two events, so drawing samples and writing files do not count.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

program = sys.argv.pop(1)

import timing

args = timing.options(__doc__)
steps = args.warmup + args.steps
if steps > 50:
    raise SystemExit("at most 50 steps, warm-up included: longer runs do not write an event for each one")

with tempfile.TemporaryDirectory() as folder:
    settings = {
        "data.source": "builtin-digits",
        "data.builtin_count": args.batch * steps,
        "train.batch": args.batch,
        "train.epochs": 1,
        "train.precision": args.precision,
    }
    command = [program, "train", "dcgan", "--runs", folder, "--run", "bench", "--threads", args.threads, "--quiet", "--json"]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    summary = json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout)
    run = pathlib.Path(folder, "bench")
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    version = json.loads((run / "run.json").read_text())

times = [0.0] + [event["time_seconds"] for event in events if event["event"] == "step"]
if len(times) != steps + 1:
    raise SystemExit(f"wanted {steps} step events, found {len(times) - 1}")
seconds = [after - before for before, after in zip(times, times[1:])]
timing.report(
    args,
    peer="ganymede",
    version=f"{version['version']} {version['commit']}, {version['plan']}",
    warmup_seconds=sum(seconds[: args.warmup]),
    seconds=seconds[args.warmup :],
    losses=(summary["generator_loss"], summary["discriminator_loss"]),
)
