"""PyTorch: the training step of the recipe ring-unrolled, by double backward through the updates of D.

    python torch_ring.py --variant 10 --batch 512 --threads 1

The variant is the number of unrolled updates; 0 is the plain step of the recipe ring. Prints one line of JSON.
"""

import timing

args = timing.options(__doc__, ["0", "1", "5", "10", "20"])
ROUNDS = int(args.variant)

import json
import statistics

import torch
import torch.nn.functional as F
from torch.func import functional_call

RATE, BETA1, BETA2, EPSILON = 1e-4, 0.5, 0.999, 1e-7
torch.set_num_threads(args.threads)
torch.manual_seed(1)
generator = torch.nn.Sequential(
    torch.nn.Linear(256, 128), torch.nn.ReLU(), torch.nn.Linear(128, 128), torch.nn.ReLU(), torch.nn.Linear(128, 2)
)
discriminator = torch.nn.Sequential(torch.nn.Linear(2, 128), torch.nn.ReLU(), torch.nn.Linear(128, 1))
players = [
    torch.optim.Adam(network.parameters(), lr=RATE, betas=(BETA1, BETA2), eps=EPSILON, fused=True)
    for network in (generator, discriminator)
]
names = [name for name, _ in discriminator.named_parameters()]
real = 2 * F.normalize(torch.randn(args.batch, 2))


def loss_of_d(t, fake):
    return F.softplus(-functional_call(discriminator, t, real)).mean() + F.softplus(functional_call(discriminator, t, fake)).mean()


def unrolled(fake):
    """D's parameters after the updates, in the graph; the moments go on from the optimiser's."""
    t = dict(discriminator.named_parameters())
    state = [players[1].state[p] for p in discriminator.parameters()]
    m = [s.get("exp_avg", torch.tensor(0.0)).clone() for s in state]
    v = [s.get("exp_avg_sq", torch.tensor(0.0)).clone() for s in state]
    done = int(state[0].get("step", 0))
    for k in range(done + 1, done + ROUNDS + 1):
        slopes = torch.autograd.grad(loss_of_d(t, fake), list(t.values()), create_graph=True)
        rate = RATE * (1 - BETA2**k) ** 0.5 / (1 - BETA1**k)
        for i, (name, slope) in enumerate(zip(names, slopes)):
            m[i] = BETA1 * m[i] + (1 - BETA1) * slope
            v[i] = BETA2 * v[i] + (1 - BETA2) * slope * slope
            t[name] = t[name] - rate * m[i] / (v[i].sqrt() + EPSILON)
    return t


def step():
    fake = generator(torch.randn(args.batch, 256))
    g_loss = F.softplus(-functional_call(discriminator, unrolled(fake), fake)).mean()
    g_slopes = torch.autograd.grad(g_loss, list(generator.parameters()))
    d_loss = loss_of_d(dict(discriminator.named_parameters()), fake.detach())
    d_slopes = torch.autograd.grad(d_loss, list(discriminator.parameters()))
    for network, slopes, player in ((generator, g_slopes, players[0]), (discriminator, d_slopes, players[1])):
        for p, slope in zip(network.parameters(), slopes):
            p.grad = slope
        player.step()
    return g_loss.item(), d_loss.item()


for _ in range(args.warmup):
    step()
times, losses = timing.repeat(args.seconds, step)
print(
    json.dumps(
        {
            "peer": f"pytorch ring, {ROUNDS} unrolled updates",
            "version": torch.__version__,
            "batch": args.batch,
            "threads": args.threads,
            "step_milliseconds": {"median": 1e3 * statistics.median(times), "best": 1e3 * min(times)},
            "steps": len(times),
            "losses": losses,
        }
    )
)
