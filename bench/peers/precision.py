"""Does mixed precision converge to the quality of f32? Trains a recipe in both, several seeds each, and compares.

    python bench/peers/precision.py --ganymede build/release/ganymede --data DIR [--seeds 5] [--epochs 5]

Needs numpy. Runs that are there already are kept (runs/q-<precision>-<seed>), so it goes on where it stopped. The distance is
a Frechet distance between Gaussians fitted to the first 64 principal components of real pixels in [-1, 1]: components and
the real Gaussian from the 60,000 training images, the fake one from 10,000 pictures. Its floor is the same distance for the
10,000 real test images. Prints a table and writes precision.json and precision.png (a row a run, f32 above mixed).
"""

import argparse
import gzip
import json
import pathlib
import statistics
import struct
import subprocess
import zlib

import numpy as np

COMPONENTS = 64
PICTURES = 10_000


def read_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    count, height, width = struct.unpack(">III", data[4:16])
    return np.frombuffer(data, np.uint8, offset=16).reshape(count, height * width).astype(np.float64) / 127.5 - 1


def square_root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def frechet(mean_a, cov_a, mean_b, cov_b):
    root = square_root(cov_a)
    cross = np.linalg.eigvalsh(root @ cov_b @ root)
    return float(
        np.sum((mean_a - mean_b) ** 2) + np.trace(cov_a) + np.trace(cov_b) - 2 * np.sum(np.sqrt(np.maximum(cross, 0)))
    )


class Distance:
    """From a set of pictures to the training images."""

    def __init__(self, real):
        self.centre = real.mean(0)
        covariance = np.cov(real, rowvar=False)
        self.basis = np.linalg.eigh(covariance)[1][:, ::-1][:, :COMPONENTS]
        self.mean, self.cov = self.gaussian(real)

    def gaussian(self, pictures):
        features = (pictures - self.centre) @ self.basis
        return features.mean(0), np.cov(features, rowvar=False)

    def __call__(self, pictures):
        return frechet(self.mean, self.cov, *self.gaussian(pictures))


def write_png(path, grey):
    rows = b"".join(b"\0" + row.tobytes() for row in grey)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", grey.shape[1], grey.shape[0], 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def last_losses(run):
    epochs = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    epochs = [e for e in epochs if e.get("event") == "epoch"]
    return epochs[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ganymede", required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder that holds mnist/")
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("runs"))
    parser.add_argument("--recipe", default="dcgan")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("."))
    options = parser.parse_args()

    distance = Distance(read_idx(options.data / "mnist/train-images-idx3-ubyte.gz"))
    floor = distance(read_idx(options.data / "mnist/t10k-images-idx3-ubyte.gz"))
    results, strips = [], []
    for seed in range(1, options.seeds + 1):
        for precision in ("f32", "mixed"):
            name = f"q-{precision}-{seed}"
            run = options.runs / name
            common = ["--runs", str(options.runs), "--quiet"]
            if not run.exists():
                subprocess.run(
                    [options.ganymede, "train", options.recipe, "--run", name, "--seed", str(seed), "--epochs",
                     str(options.epochs), "--set", f"train.precision={precision}", "--data", str(options.data), *common],
                    check=True,
                )  # fmt: skip
            elif json.loads((run / "run.json").read_text())["state"] != "finished":
                subprocess.run([options.ganymede, "resume", name, "--data", str(options.data), *common], check=True)
            pictures = options.output / f"{name}.npz"
            if not pictures.exists():
                subprocess.run(
                    [options.ganymede, "sample", name, "--n", str(PICTURES), "--seed", "1000000", "-o", str(pictures),
                     *common],
                    check=True,
                )  # fmt: skip
            images = np.load(pictures)["images"]
            images = images.astype(np.float64)
            losses = last_losses(run)
            results.append(
                {
                    "precision": precision,
                    "seed": seed,
                    "distance": distance(images.reshape(len(images), -1)),
                    "d_loss": losses["discriminator_loss"],
                    "g_loss": losses["generator_loss"],
                }
            )
            strips.append(np.concatenate(list(images[:24, 0]), axis=1))
            print(json.dumps(results[-1]), flush=True)

    print(f"\n{options.recipe}, {options.epochs} epochs; distance of the real test images: {floor:.3f}")
    print(f"{'':8} {'distance: mean':>15} {'sd':>7} {'each seed':>40}   d loss   g loss")
    summary = {"recipe": options.recipe, "epochs": options.epochs, "floor": floor, "runs": results}
    for precision in ("f32", "mixed"):
        own = [r for r in results if r["precision"] == precision]
        values = [r["distance"] for r in own]
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        print(
            f"{precision:8} {statistics.mean(values):15.3f} {spread:7.3f} {' '.join(f'{v:7.3f}' for v in values):>40}"
            f" {statistics.mean(r['d_loss'] for r in own):8.3f} {statistics.mean(r['g_loss'] for r in own):8.3f}"
        )
    differences = [
        next(r["distance"] for r in results if r["seed"] == s and r["precision"] == "mixed")
        - next(r["distance"] for r in results if r["seed"] == s and r["precision"] == "f32")
        for s in range(1, options.seeds + 1)
    ]
    if len(differences) > 1:
        error = statistics.stdev(differences) / len(differences) ** 0.5
        print(f"mixed - f32, same seeds: {statistics.mean(differences):+.3f}, standard error {error:.3f}")
    (options.output / "precision.json").write_text(json.dumps(summary, indent=1))
    grey = np.clip((np.concatenate(strips) + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)
    write_png(options.output / "precision.png", grey)


if __name__ == "__main__":
    main()
