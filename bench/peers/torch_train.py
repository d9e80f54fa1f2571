"""PyTorch: trains the studies' DCGAN on MNIST, with samples before the first and after every epoch; called again, it goes on.

Leaves in --folder: epoch-00003.npz (`arr_0`, u8 [N, 28, 28, 1]), state.pt to go on from, and points.json: seconds of training so
far, images and mean losses at every point. The clock runs while batches are gathered and scaled and while both players are
updated; sampling, saving and, in the compiled variants, compiling are left out.
"""

import argparse
import copy
import json
import os
import pathlib
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--data", required=True, help="folder that holds mnist/")
parser.add_argument("--folder", type=pathlib.Path, required=True)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--epochs", type=int, default=9)
parser.add_argument("--limit", type=int, default=20000, help="the first so many images, 0 for all")
parser.add_argument("--batch", type=int, default=256)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--count", type=int, default=10000, help="samples at each point")
parser.add_argument("--variant", default="eager-channels-last",
                    choices=["eager", "eager-channels-last", "compiled", "compiled-channels-last"])  # fmt: skip
args = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(args.threads)

import numpy as np
import torch
import torch_dcgan as dcgan

compiled = args.variant.startswith("compiled")
layout = torch.channels_last if args.variant.endswith("channels-last") else torch.contiguous_format
torch.set_num_threads(args.threads)
torch.set_flush_denormal(True)
torch.manual_seed(args.seed)

images = dcgan.turned(dcgan.read_images(args.data)[: args.limit or None]).contiguous(memory_format=layout)
networks = [dcgan.initialise(net()).to(memory_format=layout) for net in (dcgan.generator, dcgan.discriminator)]
generator, discriminator = networks
players = [(net, list(net.parameters()), dcgan.adam(net)) for net in networks]
losses = dcgan.losses
if compiled:
    import torch._functorch.config

    torch._functorch.config.donated_buffer = False  # both losses walk back through one graph
    losses = torch.compile(losses, dynamic=False)


def gradients(real):
    both = losses(generator, discriminator, torch.randn(len(real), dcgan.LATENT), real)
    own = [torch.autograd.grad(loss, parameters, retain_graph=loss is both[0])
           for loss, (_, parameters, _) in zip(both, players)]  # fmt: skip
    return both, own


def step(rows):
    both, own = gradients(images[rows].float().div_(127.5).sub_(1))
    for (_, parameters, optimizer), values in zip(players, own):
        for parameter, gradient in zip(parameters, values):
            parameter.grad = gradient
        optimizer.step()
    return [loss.item() for loss in both]


def epoch():
    """Seconds, and both losses as means over the images."""
    begin = time.perf_counter()
    sums = np.zeros(2)
    for rows in torch.randperm(len(images)).split(args.batch):
        sums += len(rows) * np.array(step(rows))
    return time.perf_counter() - begin, sums / len(images)


def compile_now():
    """Compiles for both sizes of batch that there are, and leaves everything as it was."""
    kept, random = copy.deepcopy(generator.state_dict()), torch.get_rng_state()
    for size in {min(args.batch, len(images)), len(images) % args.batch or args.batch}:
        gradients(images[:size].float().div_(127.5).sub_(1))
    generator.load_state_dict(kept)
    torch.set_rng_state(random)


def replace(path, write):
    beside = path.with_name(path.name + ".partial")
    with open(beside, "wb") as file:
        write(file)
    beside.replace(path)


def record(points):
    """The samples first, the list of points last: a point that is listed is whole."""
    z = torch.randn(args.count, dcgan.LATENT, generator=torch.Generator().manual_seed(1_000_000 + args.seed))
    pictures = dcgan.draw(generator, z)
    replace(args.folder / f"epoch-{points[-1]['epoch']:05}.npz", lambda file: np.savez(file, pictures))
    state = {"points": points, "random": torch.get_rng_state(),
             "networks": [net.state_dict() for net in networks],
             "optimizers": [optimizer.state_dict() for _, _, optimizer in players]}  # fmt: skip
    replace(args.folder / "state.pt", lambda file: torch.save(state, file))
    list_points(points)


def list_points(points):
    text = json.dumps({"torch": torch.__version__, "variant": args.variant, "seed": args.seed, "points": points}, indent=1)
    replace(args.folder / "points.json", lambda file: file.write(text.encode()))


def main():
    args.folder.mkdir(parents=True, exist_ok=True)
    if (args.folder / "state.pt").exists():
        state = torch.load(args.folder / "state.pt")
        points = state["points"]
        for net, kept in zip(networks, state["networks"]):
            net.load_state_dict(kept)
        for (_, _, optimizer), kept in zip(players, state["optimizers"]):
            optimizer.load_state_dict(kept)
        torch.set_rng_state(state["random"])
        list_points(points)
    else:
        points = [{"epoch": 0, "images": 0, "seconds": 0.0}]
        record(points)
    if compiled and points[-1]["epoch"] < args.epochs:
        compile_now()
    while points[-1]["epoch"] < args.epochs:
        seconds, means = epoch()
        last = points[-1]
        points.append({"epoch": last["epoch"] + 1, "images": last["images"] + len(images),
                       "seconds": last["seconds"] + seconds, "images_per_second": len(images) / seconds,
                       "generator_loss": float(means[0]), "discriminator_loss": float(means[1])})  # fmt: skip
        record(points)


main()
