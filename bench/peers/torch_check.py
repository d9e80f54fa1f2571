"""Whether PyTorch's model is the recipe's: with the weights of a run it must draw the pictures that Ganymede draws.

    ganymede sample RUN --epoch E --n 256 --seed 1000000 -o SAMPLES.npz
    python torch_check.py RUN/snapshots/epoch-0000E.safetensors SAMPLES.npz

Prints {"largest_difference": ...} of pixels in [-1, 1]; exit code 1 above 1e-3.
"""

import argparse
import json
import sys

import numpy as np
import torch
from torch_dcgan import discriminator, generator, load, read_safetensors, turned


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("snapshot")
    parser.add_argument("samples")
    args = parser.parse_args()
    tensors = read_safetensors(args.snapshot)
    load(discriminator(), "discriminator", tensors)
    g = load(generator(), "generator", tensors).eval()
    arrays = np.load(args.samples)
    with torch.inference_mode():
        found = turned(g(torch.from_numpy(arrays["z"]))).numpy()
    difference = float(np.abs(found - arrays["images"]).max())
    print(json.dumps({"largest_difference": difference, "pictures": len(found)}))
    return 0 if difference < 1e-3 else 1


if __name__ == "__main__":
    sys.exit(main())
