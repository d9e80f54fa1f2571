"""PyTorch: the DCGAN training step, eager or compiled.

Variants: "eager" (NCHW), "eager-channels-last", "compiled", "compiled-channels-last". Precision "mixed" is bf16 autocast.
A penalty on D's slopes is taken by double backward, R1 from the pass that D's loss makes; torch.compile cannot do that.
"""

import timing

VARIANTS = ["eager", "eager-channels-last", "compiled", "compiled-channels-last"]
args = timing.options(__doc__, VARIANTS, penalties=["none", "r1", "wgan-gp"])

import torch
import torch.nn.functional as F
from torch import nn

compiled = args.variant.startswith("compiled")
if compiled and args.penalty != "none":
    raise SystemExit("torch.compile has no double backward: --penalty wants an eager variant")
channels_last = args.variant.endswith("channels-last")
torch.set_num_threads(args.threads)
torch.set_flush_denormal(True)
torch.manual_seed(1)


class ToImage(nn.Module):
    def forward(self, x):
        return x.view(-1, 256, 7, 7)


generator = nn.Sequential(
    nn.Linear(100, 12544, bias=False),
    nn.BatchNorm1d(12544),
    nn.LeakyReLU(0.3),
    ToImage(),
    nn.ConvTranspose2d(256, 128, 5, stride=1, padding=2, bias=False),
    nn.BatchNorm2d(128),
    nn.LeakyReLU(0.3),
    nn.ConvTranspose2d(128, 64, 5, stride=2, padding=2, output_padding=1, bias=False),
    nn.BatchNorm2d(64),
    nn.LeakyReLU(0.3),
    nn.ConvTranspose2d(64, 1, 5, stride=2, padding=2, output_padding=1, bias=False),
    nn.Tanh(),
)
discriminator = nn.Sequential(
    nn.Conv2d(1, 64, 5, stride=2, padding=2),
    nn.LeakyReLU(0.3),
    nn.Dropout(0.3),
    nn.Conv2d(64, 128, 5, stride=2, padding=2),
    nn.LeakyReLU(0.3),
    nn.Dropout(0.3),
    nn.Flatten(),
    nn.Linear(6272, 1),
)
layout = torch.channels_last if channels_last else torch.contiguous_format
generator, discriminator = generator.to(memory_format=layout), discriminator.to(memory_format=layout)
players = [
    (net, list(net.parameters()), torch.optim.Adam(net.parameters(), lr=1e-4, eps=1e-7, fused=True))
    for net in (generator, discriminator)
]
real = (torch.rand(args.batch, 1, 28, 28) * 2 - 1).contiguous(memory_format=layout)


def mixed():
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.precision == "mixed")


PENALTY_WEIGHT = 10


def penalty_of(points, logits):
    """R1: half the mean of |slope|^2; wgan-gp: the mean of (|slope| - 1)^2."""
    (slopes,) = torch.autograd.grad(logits.sum(), points, create_graph=True)
    squares = slopes.square().sum([1, 2, 3])
    if args.penalty == "r1":
        return PENALTY_WEIGHT / 2 * squares.mean()
    return PENALTY_WEIGHT * (squares.sqrt() - 1).square().mean()


def losses(z, real):
    if args.penalty == "r1":
        real = real.detach().requires_grad_()
    with mixed():
        real_logits = discriminator(real)
        fake = generator(z)
        fake_logits = discriminator(fake)
    real_logits, fake_logits = real_logits.float(), fake_logits.float()
    bce = F.binary_cross_entropy_with_logits
    generator_loss = bce(fake_logits, torch.ones_like(fake_logits))
    discriminator_loss = bce(real_logits, torch.ones_like(real_logits)) + bce(fake_logits, torch.zeros_like(fake_logits))
    if args.penalty == "r1":
        discriminator_loss = discriminator_loss + penalty_of(real, real_logits)
    if args.penalty == "wgan-gp":
        share = torch.rand(len(real), 1, 1, 1)
        between = (share * real + (1 - share) * fake.detach()).requires_grad_()
        discriminator_loss = discriminator_loss + penalty_of(between, discriminator(between))
    return generator_loss, discriminator_loss


if compiled:
    import torch._functorch.config

    torch._functorch.config.donated_buffer = False  # both losses walk back through one graph
    losses = torch.compile(losses)
pictures = torch.compile(generator) if compiled else generator


def step():
    both = losses(torch.randn(args.batch, 100), real)
    gradients = [
        torch.autograd.grad(loss, parameters, retain_graph=loss is both[0])
        for loss, (_, parameters, _) in zip(both, players)
    ]
    for (_, parameters, optimizer), own in zip(players, gradients):
        for parameter, gradient in zip(parameters, own):
            parameter.grad = gradient
        optimizer.step()
    return both[0].item(), both[1].item()


def draw(count):
    if generator.training:
        generator.eval()
    with torch.inference_mode(), mixed():
        return pictures(torch.randn(count, 100)).float().numpy()


def count(net):
    statistics = sum(b.numel() for name, b in net.named_buffers() if name.endswith(("running_mean", "running_var")))
    return sum(p.numel() for p in net.parameters()) + statistics


timing.measure(args, "pytorch", torch.__version__, step, (count(generator), count(discriminator)), draw)
