"""What every peer shares: the command line, the timed loop and the result as one line of JSON.

A peer is a script that builds the DCGAN of the studies (latent 100, 28x28x1, 5x5 convolutions), makes one training step of
it as its framework's users would write it, and hands that step to `measure`. It imports its framework only after `options`
has been read, so that thread settings reach it.
"""

import argparse
import json
import os
import statistics
import time


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10, help="timed steps")
    parser.add_argument("--warmup", type=int, default=2, help="steps before (compilation, allocation)")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32", help="bf16: the framework's mixed precision")
    parser.add_argument("--variant", default="", help="layout or compiler, see the script")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(args.threads)
    return args


def measure(args, peer, version, step, parameters):
    """Times `step()`, which returns both losses as floats and so has finished. Prints the result.

    `parameters`: numbers of all values of G and of D, running statistics of G included; they must be those of the studies,
    so that every peer is seen to run the same model.
    """
    expected = (100 * 12544 + 4 * 12544 + 5 * 5 * (256 * 128 + 128 * 64 + 64) + 4 * (128 + 64), 212865)
    if tuple(parameters) != expected:
        raise SystemExit(f"{peer}: the model has {parameters} values, wanted {expected}")

    started = time.perf_counter()
    for _ in range(args.warmup):
        step()
    warmup_seconds = time.perf_counter() - started
    seconds = []
    for _ in range(args.steps):
        started = time.perf_counter()
        generator_loss, discriminator_loss = step()
        seconds.append(time.perf_counter() - started)

    report(args, peer, version, warmup_seconds, seconds, (generator_loss, discriminator_loss))


def report(args, peer, version, warmup_seconds, seconds, losses):
    result = {
        "schema": "ganymede.peer/1",
        "peer": peer,
        "version": version,
        "variant": args.variant,
        "precision": args.precision,
        "batch": args.batch,
        "threads": args.threads,
        "steps": args.steps,
        "warmup_seconds": round(warmup_seconds, 3),
        "step_seconds": [round(s, 6) for s in seconds],
        "images_per_second": round(args.batch / statistics.median(seconds), 1),
        "images_per_second_best": round(args.batch / min(seconds), 1),
        "generator_loss": losses[0],
        "discriminator_loss": losses[1],
    }
    print(json.dumps(result), flush=True)
