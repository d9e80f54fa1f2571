"""PyTorch: the training step of the ConvGRU GAN on vector handwriting (recipe ink), eager or compiled.

The recurrent layer is written as well as PyTorch allows: one convolution makes the input's share of all gates and all times,
and each step of time adds one convolution for r and u and one for n. Clipping, Adam and the moving average of G are the fused
or multi-tensor forms.
"""

import timing

args = timing.options(__doc__, ["eager", "compiled"])

import torch
import torch.nn.functional as F
from torch import nn

CLASSES, LATENT, WIDTH, CELLS, KERNEL, MOVES = 39, 100, 32, 4, 3, 10

torch.set_num_threads(args.threads)
torch.set_flush_denormal(True)
torch.manual_seed(1)


class ConvGru(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.Conv2d(WIDTH, 3 * WIDTH, (1, KERNEL), padding=(0, KERNEL // 2))
        self.gates = nn.Conv1d(WIDTH, 2 * WIDTH, KERNEL, padding=KERNEL // 2, bias=False)
        self.candidate = nn.Conv1d(WIDTH, WIDTH, KERNEL, padding=KERNEL // 2, bias=False)

    def forward(self, x):  # [N, C, T, W]
        sums = self.input(x)
        h = None
        states = []
        for t in range(MOVES):
            ru, n = sums[:, : 2 * WIDTH, t], sums[:, 2 * WIDTH :, t]
            if h is None:
                u = torch.sigmoid(ru[:, WIDTH:])
                h = u * torch.tanh(n)
            else:
                r, u = torch.sigmoid(ru + self.gates(h)).chunk(2, 1)
                h = torch.lerp(h, torch.tanh(n + self.candidate(r * h)), u)
            states.append(h)
        return torch.stack(states, 2)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(LATENT + CLASSES, WIDTH * MOVES * CELLS)
        self.recurrent = nn.Sequential(ConvGru(), ConvGru(), ConvGru())
        self.conv = nn.Conv2d(WIDTH, 3, (3, CELLS), padding=(1, 0))

    def forward(self, z, one_hot):
        x = F.leaky_relu(self.dense(torch.cat([z, one_hot], 1)), 0.2).view(-1, WIDTH, MOVES, CELLS)
        return torch.tanh(self.conv(self.recurrent(x))).permute(0, 3, 2, 1)


discriminator_layers = nn.Sequential(
    nn.Linear(3 * MOVES + CLASSES, 256), nn.LeakyReLU(0.2),
    nn.Linear(256, 128), nn.LeakyReLU(0.2), nn.Linear(128, 1),
)  # fmt: skip


def discriminator(moves, one_hot):
    return discriminator_layers(torch.cat([moves.flatten(1), one_hot], 1))


generator = Generator()
average = [p.detach().clone() for p in generator.parameters()]
players = [
    (net, list(net.parameters()), torch.optim.Adam(net.parameters(), lr=2e-3, betas=(0.5, 0.999), eps=1e-7, fused=True))
    for net in (generator, discriminator_layers)
]
real = torch.rand(args.batch, 1, MOVES, 3) * 2 - 1
one_hot = F.one_hot(torch.arange(args.batch) % CLASSES, CLASSES).float()


def mixed():
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.precision == "mixed")


def losses(z, real, one_hot):
    with mixed():
        real_logits = discriminator(real, one_hot)
        fake_logits = discriminator(generator(z, one_hot), one_hot)
    real_logits, fake_logits = real_logits.float(), fake_logits.float()
    bce = F.binary_cross_entropy_with_logits
    generator_loss = bce(fake_logits, torch.ones_like(fake_logits))
    discriminator_loss = bce(real_logits, torch.ones_like(real_logits)) + bce(fake_logits, torch.zeros_like(fake_logits))
    return generator_loss, discriminator_loss


if args.variant == "compiled":
    import torch._functorch.config

    torch._functorch.config.donated_buffer = False  # both losses walk back through one graph
    losses = torch.compile(losses)
pictures = torch.compile(generator) if args.variant == "compiled" else generator


def step():
    both = losses(torch.randn(args.batch, LATENT), real, one_hot)
    gradients = [
        torch.autograd.grad(loss, parameters, retain_graph=loss is both[0])
        for loss, (_, parameters, _) in zip(both, players)
    ]
    for (_, parameters, optimizer), own in zip(players, gradients):
        for parameter, gradient in zip(parameters, own):
            parameter.grad = gradient
        torch.nn.utils.clip_grad_norm_(parameters, 1.0, foreach=True)
        optimizer.step()
    with torch.no_grad():
        torch._foreach_lerp_(average, players[0][1], 0.002)
    return both[0].item(), both[1].item()


def draw(count):
    with torch.inference_mode(), mixed():
        classes = F.one_hot(torch.arange(count) % CLASSES, CLASSES).float()
        return pictures(torch.randn(count, LATENT), classes).float().numpy()


def count(net):
    return sum(p.numel() for p in net.parameters())


timing.measure(args, "pytorch", torch.__version__, step, (count(generator), count(discriminator_layers)), draw,
               expected=(235939, 50945))  # fmt: skip
