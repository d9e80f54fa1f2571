"""What every peer shares: the command line, the timed loops and the result as one line of JSON.

A peer is a script that builds the DCGAN of the studies (latent 100, 28x28x1, 5x5 convolutions), makes one training step of
it as its framework's users would write it, and hands that step to `measure`. It imports its framework only after `options`
has been read, so that thread settings reach it.
"""

import argparse
import json
import os
import statistics
import time

LEAST = 3  # timed steps, however slow
PICTURES = 10000
PIECE = 250  # pictures of one call


def options(description, variants, penalties=("none",)):
    """`variants`, `penalties`: the first one is the default."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5, help=f"timed steps go on for so long, but are at least {LEAST}")
    parser.add_argument("--warmup", type=int, default=2, help="steps before (compilation, allocation)")
    parser.add_argument("--precision", choices=["f32", "mixed"], default="f32", help="mixed: the framework's own, in bf16")
    parser.add_argument("--variant", choices=variants, default=variants[0])
    parser.add_argument("--penalty", choices=penalties, default=penalties[0], help="on the slopes of D, in every step")
    parser.add_argument("--pictures", action="store_true", help=f"time the generator too: one picture, and {PICTURES}")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(args.threads)
    return args


def repeat(seconds, work, least=LEAST):
    """The seconds of each repetition, and what the last one returned."""
    times = []
    while len(times) < least or sum(times) < seconds:
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
    return times, result


# Values of G (running statistics included) and of D in the studies' DCGAN.
DCGAN = (100 * 12544 + 4 * 12544 + 5 * 5 * (256 * 128 + 128 * 64 + 64) + 4 * (128 + 64), 212865)


def measure(args, peer, version, step, parameters, draw, expected=DCGAN):
    """Times `step()`, which returns both losses as floats and so has finished. Prints the result.

    `parameters`: numbers of all values of G and of D, running statistics of G included; they must be the `expected` ones,
    so that every peer is seen to run the same model. `draw(n)` makes n pictures from fresh noise in inference mode and has
    them as an array when it returns.
    """
    if tuple(parameters) != expected:
        raise SystemExit(f"{peer}: the model has {parameters} values, wanted {expected}")

    started = time.perf_counter()
    for _ in range(args.warmup):
        step()
    warmup_seconds = time.perf_counter() - started
    seconds, losses = repeat(args.seconds, step)
    result = {
        "schema": "ganymede.peer/2",
        "peer": peer,
        "version": version,
        "variant": args.variant,
        "precision": args.precision,
        "penalty": args.penalty,
        "batch": args.batch,
        "threads": args.threads,
        "warmup_seconds": round(warmup_seconds, 3),
        "step_seconds": [round(s, 6) for s in seconds],
        "images_per_second": round(args.batch / statistics.median(seconds), 1),
        "images_per_second_best": round(args.batch / min(seconds), 1),
        "generator_loss": losses[0],
        "discriminator_loss": losses[1],
    }
    if args.pictures:
        result.update(time_pictures(args, draw))
    print(json.dumps(result), flush=True)


def time_pictures(args, draw):
    for count in (1, PIECE):
        for _ in range(3):
            if draw(count).shape[0] != count:
                raise SystemExit(f"wanted {count} pictures")
    one, _ = repeat(args.seconds, lambda: draw(1))
    many, _ = repeat(args.seconds, lambda: [draw(PIECE) for _ in range(PICTURES // PIECE)], least=1)
    return {
        "one_image_ms": round(1e3 * statistics.median(one), 4),
        "one_image_ms_best": round(1e3 * min(one), 4),
        "ten_thousand_s": round(statistics.median(many), 4),
        "ten_thousand_s_best": round(min(many), 4),
    }
