"""TensorFlow and Keras: the DCGAN training step as a tf.function.

Variants: "function" and "xla" (the same with jit_compile). Precision "mixed" is the policy mixed_bfloat16.
"""

import os

import timing

args = timing.options(__doc__, ["function", "xla"])
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf
from keras import layers

tf.config.threading.set_intra_op_parallelism_threads(args.threads)
tf.config.threading.set_inter_op_parallelism_threads(args.threads)
keras.utils.set_random_seed(1)
if args.precision == "mixed":
    keras.mixed_precision.set_global_policy("mixed_bfloat16")

generator = keras.Sequential(
    [
        keras.Input((100,)),
        layers.Dense(7 * 7 * 256, use_bias=False),
        layers.BatchNormalization(),
        layers.LeakyReLU(0.3),
        layers.Reshape((7, 7, 256)),
        layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.LeakyReLU(0.3),
        layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.LeakyReLU(0.3),
        layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False, activation="tanh", dtype="float32"),
    ]
)
discriminator = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(64, 5, strides=2, padding="same"),
        layers.LeakyReLU(0.3),
        layers.Dropout(0.3),
        layers.Conv2D(128, 5, strides=2, padding="same"),
        layers.LeakyReLU(0.3),
        layers.Dropout(0.3),
        layers.Flatten(),
        layers.Dense(1, dtype="float32"),
    ]
)
bce = keras.losses.BinaryCrossentropy(from_logits=True)
generator_optimizer = keras.optimizers.Adam(1e-4)
discriminator_optimizer = keras.optimizers.Adam(1e-4)
real = tf.random.uniform([args.batch, 28, 28, 1], -1, 1)


@tf.function(jit_compile=args.variant == "xla")
def train_step(real):
    z = tf.random.normal([args.batch, 100])
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(z, training=True)
        real_logits = discriminator(real, training=True)
        fake_logits = discriminator(fake, training=True)
        generator_loss = bce(tf.ones_like(fake_logits), fake_logits)
        discriminator_loss = bce(tf.ones_like(real_logits), real_logits) + bce(tf.zeros_like(fake_logits), fake_logits)
    for tape, loss, network, optimizer in (
        (generator_tape, generator_loss, generator, generator_optimizer),
        (discriminator_tape, discriminator_loss, discriminator, discriminator_optimizer),
    ):
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables))
    return generator_loss, discriminator_loss


@tf.function(jit_compile=args.variant == "xla")
def pictures(z):
    return generator(z, training=False)


def step():
    generator_loss, discriminator_loss = train_step(real)
    return float(generator_loss), float(discriminator_loss)


timing.measure(
    args,
    "keras",
    f"{tf.__version__}, keras {keras.__version__}",
    step,
    (generator.count_params(), discriminator.count_params()),
    lambda count: pictures(tf.random.normal([count, 100])).numpy(),
)
