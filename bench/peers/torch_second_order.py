"""Gradients of games with second derivatives, by PyTorch's double backward in float64, as a file that tests compare with.

    python torch_second_order.py tests/engine/torch/second-order.safetensors

Two small pairs of networks: pictures (convolutions, leaky ReLU, ELU) with each gradient penalty on D's slopes, points
(perceptrons with tanh) with G's loss through unrolled updates of D by Adam in Keras' form. Values as float32. Tensors:
"<networks>.<parameter>" with what they see, and "<game>.<parameter>", the gradient of the player that the game is about,
beside "<game>.value", the penalty or G's loss.
"""

import json
import pathlib
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch.func import functional_call

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)

WEIGHT = 5.0  # of a penalty
ROUNDS, RATE, BETA1, BETA2, EPSILON = 4, 0.005, 0.5, 63 / 64, 1e-7  # of unrolling


def rounded(tensor):
    """As a float32 holds it."""
    return tensor.float().double()


class Pictures:
    z, real = rounded(torch.randn(5, 4)), rounded(torch.rand(5, 1, 8, 8) * 2 - 1)
    shares, offsets = rounded(torch.rand(5)), rounded(torch.rand(5, 64))
    g = torch.nn.Sequential()
    g.dense, g.act, g.image = torch.nn.Linear(4, 64), torch.nn.Tanh(), torch.nn.Unflatten(1, (1, 8, 8))
    d = torch.nn.Sequential()
    d.conv1, d.act1 = torch.nn.Conv2d(1, 6, 3, 2, 1), torch.nn.LeakyReLU(0.2)
    d.conv2, d.act2 = torch.nn.Conv2d(6, 8, 3, 2, 1), torch.nn.ELU()
    d.flatten, d.dense = torch.nn.Flatten(), torch.nn.Linear(32, 1)


class Points:
    z, real = rounded(torch.randn(3, 8, 4)), rounded(torch.randn(3, 8, 2))  # three batches
    g = torch.nn.Sequential()
    g.dense1, g.act1, g.dense = torch.nn.Linear(4, 12), torch.nn.Tanh(), torch.nn.Linear(12, 2)
    d = torch.nn.Sequential()
    d.dense1, d.act1, d.dense = torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1)


def parameters(network):
    return {name: rounded(p.detach()).requires_grad_() for name, p in network.named_parameters()}


def d_loss(d, t, real, fake):
    return F.softplus(-functional_call(d, t, real)).mean() + F.softplus(functional_call(d, t, fake)).mean()


def penalty(kind, d, t, real, fake, shares, offsets):
    if kind == "wgan-gp":
        share = shares[:, None, None, None]
        x = share * real + (1 - share) * fake
    elif kind == "dragan":
        x = real + shares[:, None, None, None] * real.std(correction=0) / 2 * offsets.view_as(real)
    else:
        x = real if kind == "r1" else fake
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(functional_call(d, t, x).sum(), x, create_graph=True)
    squares = slope.flatten(1).square().sum(1)
    if kind in ("r1", "r2"):
        return WEIGHT / 2 * squares.mean()
    return WEIGHT * (squares.sqrt() - 1).square().mean()


def unrolled_loss(points, g, t, fresh):
    """G's loss after ROUNDS updates of D, each in the graph."""
    m, v = ({name: torch.zeros_like(p) for name, p in t.items()} for _ in range(2))
    rounds = len(points.z) if fresh else ROUNDS
    for k in range(rounds):
        which = k if fresh else 0
        fake = functional_call(points.g, g, points.z[which])
        gradients = torch.autograd.grad(d_loss(points.d, t, points.real[which], fake), list(t.values()), create_graph=True)
        rate = RATE * (1 - BETA2 ** (k + 1)) ** 0.5 / (1 - BETA1 ** (k + 1))
        for (name, p), slope in zip(list(t.items()), gradients):
            m[name] = BETA1 * m[name] + (1 - BETA1) * slope
            v[name] = BETA2 * v[name] + (1 - BETA2) * slope * slope
            t[name] = p - rate * m[name] / (v[name].sqrt() + EPSILON)
    return F.softplus(-functional_call(points.d, t, functional_call(points.g, g, points.z[0]))).mean()


def games():
    tensors = {}
    for name, pair in (("pictures", Pictures), ("points", Points)):
        for key in ("z", "real", "shares", "offsets"):
            if hasattr(pair, key):
                tensors[f"{name}.{key}"] = getattr(pair, key)
        for player, network in (("generator", pair.g), ("discriminator", pair.d)):
            tensors |= {f"{name}.{player}.{key}": p for key, p in parameters(network).items()}

    fake = functional_call(Pictures.g, parameters(Pictures.g), Pictures.z).detach()
    for kind in ("r1", "r2", "wgan-gp", "dragan"):
        t = parameters(Pictures.d)
        value = penalty(kind, Pictures.d, t, Pictures.real, fake, Pictures.shares, Pictures.offsets)
        (d_loss(Pictures.d, t, Pictures.real, fake) + value).backward()
        tensors[f"{kind}.value"] = value.reshape(1)
        tensors |= {f"{kind}.discriminator.{key}": p.grad for key, p in t.items()}

    for name, fresh in (("unroll-same", False), ("unroll-fresh", True)):
        g = parameters(Points.g)
        loss = unrolled_loss(Points, g, parameters(Points.d), fresh)
        loss.backward()
        tensors[f"{name}.value"] = loss.reshape(1)
        tensors |= {f"{name}.generator.{key}": p.grad for key, p in g.items()}
    return tensors


def write(path, tensors):
    header, data = {"__metadata__": {"made_by": f"bench/peers/torch_second_order.py, PyTorch {torch.__version__}"}}, b""
    for name in sorted(tensors):
        array = np.ascontiguousarray(tensors[name].detach().numpy().astype("<f4"))
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]), games())
