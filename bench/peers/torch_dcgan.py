"""PyTorch: the studies' DCGAN (recipe dcgan) with every detail of the recipe, for training rather than timing.

Beside PyTorch's defaults: BatchNorm with epsilon 1e-3 and a memory of 0.99 (PyTorch counts the other way round: 0.01), Glorot's
uniform initial kernels, zero biases. Layers bear the names that Ganymede's snapshots give them.

"Same" padding of a stride-2 layer is unequal by one row; the recipe has it at the far side, PyTorch's layers at the near one. So
here all pictures are turned by half a turn, going in and coming out (`turned`): the same function, with turned kernels, at no cost.
"""

import gzip
import json
import pathlib
import struct
from collections import OrderedDict

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

LATENT = 100


def batch_norm(kind, width):
    return kind(width, eps=1e-3, momentum=0.01)


def generator():
    return nn.Sequential(
        OrderedDict(
            dense=nn.Linear(LATENT, 12544, bias=False),
            norm0=batch_norm(nn.BatchNorm1d, 12544),
            act0=nn.LeakyReLU(0.3),
            reshape=nn.Unflatten(1, (256, 7, 7)),
            conv1=nn.ConvTranspose2d(256, 128, 5, stride=1, padding=2, bias=False),
            norm1=batch_norm(nn.BatchNorm2d, 128),
            act1=nn.LeakyReLU(0.3),
            conv2=nn.ConvTranspose2d(128, 64, 5, stride=2, padding=2, output_padding=1, bias=False),
            norm2=batch_norm(nn.BatchNorm2d, 64),
            act2=nn.LeakyReLU(0.3),
            conv3=nn.ConvTranspose2d(64, 1, 5, stride=2, padding=2, output_padding=1, bias=False),
            image=nn.Tanh(),
        )
    )


def discriminator():
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 64, 5, stride=2, padding=2),
            act1=nn.LeakyReLU(0.3),
            drop1=nn.Dropout(0.3),
            conv2=nn.Conv2d(64, 128, 5, stride=2, padding=2),
            act2=nn.LeakyReLU(0.3),
            drop2=nn.Dropout(0.3),
            flatten=nn.Flatten(),
            dense=nn.Linear(6272, 1),
        )
    )


def initialise(net):
    for module in net.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return net


def adam(net):
    return torch.optim.Adam(net.parameters(), lr=1e-4, betas=(0.9, 0.999), eps=1e-7, fused=True)


def losses(g, d, z, real):
    """Of G and of D, from one forward pass of each network."""
    real_logits, fake_logits = d(real), d(g(z))
    bce = F.binary_cross_entropy_with_logits
    generator_loss = bce(fake_logits, torch.ones_like(fake_logits))
    discriminator_loss = bce(real_logits, torch.ones_like(real_logits)) + bce(fake_logits, torch.zeros_like(fake_logits))
    return generator_loss, discriminator_loss


def turned(pictures):
    return torch.flip(pictures, (-2, -1))


def draw(g, z, piece=250):
    """u8 [N, 28, 28, 1], the 8-bit levels of what G gives, the right way up."""
    training = g.training
    g.eval()
    pieces = []
    with torch.inference_mode():
        for part in z.split(piece):
            values = turned(g(part)).double()
            pieces.append(torch.floor(127.5 * (values + 1) + 0.5).clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1))
    g.train(training)
    return torch.cat(pieces).contiguous().numpy()


def read_images(folder):
    """MNIST's training images, u8 [60000, 1, 28, 28]."""
    for name in ("train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"):
        path = pathlib.Path(folder) / "mnist" / name
        if path.exists():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            magic, count, height, width = struct.unpack(">IIII", data[:16])
            if magic != 0x803 or (height, width) != (28, 28) or len(data) != 16 + count * 784:
                raise SystemExit(f"{path}: wanted IDX images of 28 x 28, found magic {magic:#x}, {height} x {width}")
            return torch.from_numpy(np.frombuffer(data, np.uint8, offset=16).reshape(count, 1, 28, 28).copy())
    raise SystemExit(f"{folder}: wanted mnist/train-images-idx3-ubyte(.gz)")


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        if entry["dtype"] == "F32":
            values = np.frombuffer(data[8 + length + begin : 8 + length + end], "<f4")
            found[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return found


def turned_parameter(name, value):
    """A parameter of the recipe's network as that of one whose pictures are turned."""
    if value.dim() == 4:
        return turned(value)
    if name.startswith("generator.dense") or name.startswith("generator.norm0"):
        return turned(value.reshape(256, 7, 7, -1).movedim(-1, 0)).movedim(0, -1).reshape(value.shape)
    if name == "discriminator.dense.weight":
        return turned(value.reshape(1, 128, 7, 7)).reshape(value.shape)
    return value


def load(net, player, tensors):
    """Takes a player's parameters from a snapshot of Ganymede's; all must be there."""
    own = {name.removeprefix(player + "."): turned_parameter(name, value)
           for name, value in tensors.items() if name.startswith(player + ".")}  # fmt: skip
    missing, surplus = net.load_state_dict(own, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or surplus:
        raise SystemExit(f"{player}: the snapshot lacks {missing} and has {surplus} besides")
    return net
