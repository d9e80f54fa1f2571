"""JAX and Flax: the DCGAN training step under jax.jit. Precision "mixed" computes in bf16 from float32 parameters."""

import os

import timing

args = timing.options(__doc__, ["jit"])
os.environ["JAX_PLATFORMS"] = "cpu"
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.threads])  # XLA starts a thread for each core it may use

import flax
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax

dtype = jnp.bfloat16 if args.precision == "mixed" else jnp.float32
leaky = lambda x: nn.leaky_relu(x, 0.3)


class Generator(nn.Module):
    @nn.compact
    def __call__(self, z, train):
        norm = lambda x: nn.BatchNorm(use_running_average=not train, momentum=0.99, epsilon=1e-3, dtype=dtype)(x)
        up = lambda features, stride: nn.ConvTranspose(features, (5, 5), (stride, stride), use_bias=False, dtype=dtype)
        x = leaky(norm(nn.Dense(7 * 7 * 256, use_bias=False, dtype=dtype)(z))).reshape(-1, 7, 7, 256)
        x = leaky(norm(up(128, 1)(x)))
        x = leaky(norm(up(64, 2)(x)))
        return jnp.tanh(up(1, 2)(x).astype(jnp.float32))


class Discriminator(nn.Module):
    @nn.compact
    def __call__(self, x):
        for features in (64, 128):
            x = leaky(nn.Conv(features, (5, 5), (2, 2), dtype=dtype)(x))
            x = nn.Dropout(0.3, deterministic=False)(x)
        return nn.Dense(1, dtype=jnp.float32)(x.reshape(x.shape[0], -1))


generator, discriminator = Generator(), Discriminator()
keys = jax.random.split(jax.random.key(1), 5)
variables = jax.jit(lambda key: generator.init(key, jnp.zeros((2, 100)), train=True))(keys[0])
start = {
    "generator": variables["params"],
    "statistics": variables["batch_stats"],
    "discriminator": jax.jit(discriminator.init)({"params": keys[1], "dropout": keys[2]}, jnp.zeros((2, 28, 28, 1)))["params"],
}
adam = optax.adam(1e-4, eps=1e-7)
start["generator_moments"] = adam.init(start["generator"])
start["discriminator_moments"] = adam.init(start["discriminator"])
real = jax.random.uniform(keys[3], (args.batch, 28, 28, 1), minval=-1, maxval=1)


def bce(logits, label):
    return optax.sigmoid_binary_cross_entropy(logits, jnp.full_like(logits, label)).mean()


@jax.jit
def train_step(state, real, key):
    noise, of_real, of_fake = jax.random.split(key, 3)
    z = jax.random.normal(noise, (args.batch, 100))

    def losses(g, d):
        fake, updated = generator.apply({"params": g, "batch_stats": state["statistics"]}, z, train=True, mutable=["batch_stats"])
        real_logits = discriminator.apply({"params": d}, real, rngs={"dropout": of_real})
        fake_logits = discriminator.apply({"params": d}, fake, rngs={"dropout": of_fake})
        return (bce(fake_logits, 1.0), bce(real_logits, 1.0) + bce(fake_logits, 0.0)), updated["batch_stats"]

    both, pullback, statistics = jax.vjp(losses, state["generator"], state["discriminator"], has_aux=True)
    gradients = {"generator": pullback((1.0, 0.0))[0], "discriminator": pullback((0.0, 1.0))[1]}
    new = {"statistics": statistics}
    for player, gradient in gradients.items():
        change, new[player + "_moments"] = adam.update(gradient, state[player + "_moments"])
        new[player] = optax.apply_updates(state[player], change)
    return new, both


@jax.jit
def pictures(state, z):
    return generator.apply({"params": state["generator"], "batch_stats": state["statistics"]}, z, train=False)


state, number = start, 0


def step():
    global state, number
    number += 1
    state, both = train_step(state, real, jax.random.fold_in(keys[4], number))
    return float(both[0]), float(both[1])


noise = np.random.default_rng(1)
draw = lambda count: np.asarray(pictures(state, noise.standard_normal((count, 100), dtype=np.float32)))
count = lambda *trees: sum(leaf.size for tree in trees for leaf in jax.tree.leaves(tree))
timing.measure(
    args,
    "jax",
    f"{jax.__version__}, flax {flax.__version__}",
    step,
    (count(start["generator"], start["statistics"]), count(start["discriminator"])),
    draw,
)
