"""Scores of given features: Ganymede beside torch-fidelity and prdc, on the same arrays.

    python -m venv peers && peers/bin/pip install torch torchvision --index-url https://download.pytorch.org/whl/cpu
    peers/bin/pip install torch-fidelity==0.4.0 prdc==0.2
    peers/bin/python bench/peers/features.py --ganymede build/release/ganymede [--dump DIR [--dump-alone]] [--threads N]

Draws sets of features (and class logits), writes them as NPY files of either type and order, asks the program
(`evaluate --real-features ... --fake-features ...`) and the functions of torch-fidelity 0.4 and prdc 0.2, and prints a
table. --dump takes the folder of `evaluate RUN --dump-features DIR` besides. Ends with 1 where two values differ by more
than 1e-5 of the larger of 1 and their size.
"""

import argparse
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from unittest import mock

import numpy as np
import torch
from prdc import compute_prdc

# torch-fidelity imports torchvision for its extractors and data sets, which no function here needs; a torchvision that
# does not fit the installed torch ends in an error that is none of ours.
for name in ("torchvision", "torchvision.datasets", "torchvision.models", "torchvision.transforms",
             "torchvision.transforms.functional"):
    module = mock.MagicMock()
    module.__path__, module.__spec__ = [], None
    module.CIFAR10 = module.CIFAR100 = module.STL10 = object
    sys.modules[name] = module
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric

TOLERANCE = 1e-5


def gaussian(rng, count, dim, shift=0.0, scale=1.0):
    """Correlated normal features."""
    mix = np.random.RandomState(1).standard_normal((dim, dim)) / np.sqrt(dim)
    return shift + scale * (rng.standard_normal((count, dim)) @ mix)


def rectified(rng, count, dim, shift=0.0):
    """Features as a pooled ReLU layer has them: none below 0, many near it, a long tail."""
    hidden = rng.standard_normal((count, 8)) @ np.random.RandomState(2).standard_normal((8, dim))
    return np.log1p(np.exp(hidden * 0.5 + 0.5 * rng.standard_normal((count, dim)) + shift))


def cases():
    rng = np.random.RandomState(0)
    yield "normal 64-d f4", gaussian(rng, 5000, 64).astype("f4"), gaussian(rng, 5000, 64, 0.1, 1.1).astype("f4"), 10
    yield "5,000 against 2,000", gaussian(rng, 5000, 32).astype("f4"), gaussian(rng, 2000, 32, 0.3).astype("f4"), 1008
    yield (
        "pooled 512-d f8, Fortran order",
        np.asfortranarray(rectified(rng, 3000, 512)),
        np.asfortranarray(rectified(rng, 3000, 512, 0.2)),
        100,
    )
    yield "pooled 2,048-d f4", rectified(rng, 4000, 2048).astype("f4"), rectified(rng, 4000, 2048, 0.1).astype("f4"), 1008


def theirs(real, fake, logits, subset):
    """torch-fidelity's functions take the generated side first."""
    real64, fake64 = torch.from_numpy(np.ascontiguousarray(real, "f8")), torch.from_numpy(np.ascontiguousarray(fake, "f8"))
    fid = fid_statistics_to_metric(fid_features_to_statistics(fake64), fid_features_to_statistics(real64), False)
    kid = kid_features_to_metric(fake64, real64, kid_subset_size=subset, verbose=False)
    prc = prc_features_to_metric(fake64, real64, verbose=False)
    with contextlib.redirect_stdout(io.StringIO()):
        prdc = compute_prdc(real64.numpy(), fake64.numpy(), nearest_k=5)
    result = {
        "frechet": ("torch-fidelity FID", fid["frechet_inception_distance"]),
        "kernel": (f"torch-fidelity KID, 100 x {subset}", kid["kernel_inception_distance_mean"]),
        "precision": ("prdc, k = 5", float(prdc["precision"])),
        "recall": ("prdc, k = 5", float(prdc["recall"])),
        "density": ("prdc, k = 5", float(prdc["density"])),
        "coverage": ("prdc, k = 5", float(prdc["coverage"])),
        "precision-closed": ("torch-fidelity, k = 3, closed", prc["precision"]),
        "recall-closed": ("torch-fidelity, k = 3, closed", prc["recall"]),
    }
    if logits is not None:
        result["inception"] = (
            f"torch-fidelity IS, {logits.shape[1]} classes",
            isc_features_to_metric(torch.from_numpy(logits))["inception_score_mean"],
        )
    return result


def ours(program, threads, files, subset, probabilities):
    sides = ["--real-features", files["real"], "--fake-features", files["fake"]]
    common = ["--values-alone", "--json", "--quiet"] + (["--threads", str(threads)] if threads else [])
    by_classes = [] if "classes" not in files else [
        "--fake-probabilities" if probabilities else "--fake-logits", files["classes"]]

    def ask(measures, more):
        command = [program, "evaluate", *sides, *common, "--measures", measures, *more]
        scores = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["scores"]
        return {s["name"]: s["value"] for s in scores}

    measures = "fid,kid,prdc" + (",is" if by_classes else "")
    found = ask(measures, by_classes + ["--subset-size", str(subset)])
    closed = ask("precision,recall", ["--neighbours", "3", "--closed-balls"])
    stem = lambda name: name.split("_")[0].rstrip("0123456789k")
    return {stem(n): v for n, v in found.items()} | {stem(n) + "-closed": v for n, v in closed.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ganymede", default="build/release/ganymede")
    parser.add_argument("--dump", help="folder of evaluate --dump-features")
    parser.add_argument("--dump-alone", action="store_true", help="none of the drawn sets")
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    worst = 0.0
    print(f"{'set':34} {'measure':17} {'of':34} {'theirs':>16} {'ours':>16} {'apart':>9}")

    def compare(name, real, fake, logits, files, probabilities=False):
        nonlocal worst
        subset = min(1000, len(real), len(fake))
        begin = time.time()
        mine = ours(arguments.ganymede, arguments.threads, files, subset, probabilities)
        middle = time.time()
        for measure, (of, value) in theirs(real, fake, logits, subset).items():
            apart = abs(mine[measure] - value) / max(1.0, abs(value))
            worst = max(worst, apart)
            print(f"{name:34} {measure:17} {of:34} {value:16.9g} {mine[measure]:16.9g} {apart:9.1e}", flush=True)
        print(f"{'':34} {middle - begin:.1f} s ours, {time.time() - middle:.1f} s theirs", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        for name, real, fake, classes in [] if arguments.dump_alone else cases():
            logits = np.random.RandomState(3).standard_normal((len(fake), classes)) * 3
            files = {side: str(pathlib.Path(folder) / f"{side}.npy") for side in ("real", "fake", "classes")}
            for side, array in (("real", real), ("fake", fake), ("classes", logits)):
                np.save(files[side], array)
            compare(name, real, fake, logits, files)
    if arguments.dump:
        dump = pathlib.Path(arguments.dump)
        files = {"real": str(dump / "real.npy"), "fake": str(dump / "fake.npy"), "classes": str(dump / "fake-probabilities.npy")}
        logits = np.log(np.maximum(np.load(files["classes"]).astype("f8"), 1e-300))
        about = json.loads((dump / "features.json").read_text())
        compare(f"run {about.get('run', dump.name)}", np.load(files["real"]), np.load(files["fake"]), logits, files, True)
    print(f"largest difference: {worst:.1e} of {TOLERANCE:.0e}")
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
