"""Small reference files for the tests: a few training steps of tiny GANs, computed by Keras in float64.

    build/peers/venv-keras/bin/python bench/peers/keras_reference.py [FOLDER]        (default tests/engine/keras)

Each file holds a game in its metadata ("generator" and "discriminator" as network JSON, "game", "phases") and,
    in Keras'
layouts, the parameters before the first step, the data of every step, losses, gradients,
    and the parameters after the last.
The networks are built here from the same JSON, layer by layer, from Keras' own layers, losses and optimisers.
"""

import json
import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

keras.backend.set_floatx("float64")
BATCH = 4
CLASSES = 3


# Networks as data: the JSON of src/net/description.hpp, attributes left out have their defaults there. Slopes are short
# binary fractions, since networks keep them in float32.
def node(name, kind, inputs, **attributes):
    return {"name": name, "kind": kind, "inputs": inputs.split(), **attributes}


def network(name, outputs, nodes):
    return {"schema": "ganymede.network/1", "name": name, "outputs": outputs.split(), "nodes": nodes}


def to_keras(description):
    """The Keras model of a network: channels last, inputs in the order of the nodes. Layers carry the nodes' names."""
    values, inputs = {}, []
    for n in description["nodes"]:
        x = [values[i] for i in n["inputs"]]
        values[n["name"]] = BUILD[n["kind"]](n, *x)
        if n["kind"] == "input":
            inputs.append(values[n["name"]])
    return keras.Model(inputs, [values[o] for o in description["outputs"]])


def channels_last(shape):
    return tuple(shape[1:]) + (shape[0],)


def build_input(n):
    if n["role"] == "class_index":
        return keras.Input((), dtype="int32", name=n["name"])
    return keras.Input(channels_last(n["shape"]), name=n["name"])


def build_dense(n, x):
    x = x if len(x.shape) == 2 else layers.Flatten()(x)
    return layers.Dense(n["out"], use_bias=n.get("bias", True), name=n["name"])(x)


def window(n):
    """Kernel and stride as Keras takes them: pairs for images, numbers for sequences."""
    kernel, stride = n.get("kernel", [5, 5]), n.get("stride", [1, 1])
    return lambda x: (kernel, stride) if len(x.shape) == 4 else (kernel[1], stride[1])


def build_conv(n, x):
    kernel, stride = window(n)(x)
    image = len(x.shape) == 4
    padding = n.get("padding", "same")
    if padding != "same":
        top, bottom, left, right = padding
        x = layers.ZeroPadding2D(((top, bottom), (left, right)))(x) if image else layers.ZeroPadding1D((left, right))(x)
    return (layers.Conv2D if image else layers.Conv1D)(
        n["out"], kernel, strides=stride, padding="same" if padding == "same" else "valid",
        use_bias=n.get("bias", True), name=n["name"])(x)


def build_conv_transpose(n, x):
    kernel, stride = window(n)(x)
    image = len(x.shape) == 4
    padding = n.get("padding", "same")
    x = (layers.Conv2DTranspose if image else layers.Conv1DTranspose)(
        n["out"], kernel, strides=stride, padding="same" if padding == "same" else "valid",
        use_bias=n.get("bias", True), name=n["name"])(x)
    if padding != "same":
        top, bottom, left, right = padding
        x = layers.Cropping2D(((top, bottom), (left, right)))(x) if image else layers.Cropping1D((left, right))(x)
    return x


def build_layer_norm(n, x):
    axis = -1 if n.get("over", "channel") == "channel" else list(range(1, len(x.shape)))
    return layers.LayerNormalization(axis=axis, epsilon=n.get("epsilon", 1e-3), name=n["name"])(x)


def build_activation(n, x):
    function = n["function"]
    if function == "relu":
        return layers.ReLU(n.get("max_value"), n.get("negative_slope", 0.0), n.get("threshold", 0.0))(x)
    if function == "leaky_relu":
        return layers.LeakyReLU(n["negative_slope"])(x)
    if function == "elu":
        return ops.elu(x, n.get("alpha", 1.0))
    if function == "prelu":
        channels = n.get("channels", 0)
        if channels:  # a flat axis that counts as positions x channels
            flat = x.shape[1]
            y = layers.Reshape((flat // channels, channels))(x)
            return layers.Reshape((flat,))(layers.PReLU(shared_axes=[1], name=n["name"])(y))
        return layers.PReLU(shared_axes=list(range(1, len(x.shape) - 1)), name=n["name"])(x)
    return layers.Activation(function)(x)


def build_concat(n, a, b):
    rank = max(len(a.shape), len(b.shape))

    def planes(x, like):
        if len(x.shape) == rank:
            return x
        x = layers.Reshape((1,) * (rank - 2) + (x.shape[1],))(x)
        return x * ops.ones_like(like[..., :1])

    return layers.Concatenate(axis=-1)([planes(a, b), planes(b, a)])


def build_pool(n, x):
    kind = "MaxPooling" if n.get("function", "max") == "max" else "AveragePooling"
    kernel, stride = window({"kernel": [2, 2], "stride": [2, 2], **n})(x)
    return getattr(layers, kind + ("2D" if len(x.shape) == 4 else "1D"))(kernel, stride, padding="valid")(x)


BUILD = {
    "input": build_input,
    "dense": build_dense,
    "conv": build_conv,
    "conv_transpose": build_conv_transpose,
    "batch_norm": lambda n, x: layers.BatchNormalization(
        epsilon=n.get("epsilon", 1e-3), momentum=n.get("momentum", 0.99), name=n["name"])(x),
    "layer_norm": build_layer_norm,
    "activation": build_activation,
    "embedding": lambda n, x: layers.Embedding(CLASSES, n["dim"], name=n["name"])(x),
    "one_hot": lambda n, x: ops.one_hot(x, CLASSES, dtype="float64"),
    "multiply": lambda n, a, b: layers.Multiply()([a, b]),
    "concat": build_concat,
    "reshape": lambda n, x: layers.Flatten()(x) if n["shape"] == [-1] else layers.Reshape(channels_last(n["shape"]))(x),
    "pool": build_pool,
}


# Losses, by Keras' own.
def losses(game, real, fake):
    """D's and G's loss from D's logits; `real` is None where D does not see real images."""
    kind, y = game["loss"], 1 - game.get("label_smoothing", 0.0)
    one, zero = tf.ones_like(fake), tf.zeros_like(fake)
    bce = keras.losses.BinaryCrossentropy(from_logits=True)
    mse, mae, hinge = keras.losses.MeanSquaredError(), keras.losses.MeanAbsoluteError(), keras.losses.Hinge()
    d, g = {
        "non_saturating": (lambda: bce(y * one, real) + bce(zero, fake), lambda: bce(one, fake)),
        "saturating": (lambda: bce(y * one, real) + bce(zero, fake), lambda: -bce(zero, fake)),
        "least_squares": (lambda: mse(y * one, real) + mse(zero, fake), lambda: mse(one, fake)),
        "absolute": (lambda: mae(y * one, ops.sigmoid(real)) + mae(zero, ops.sigmoid(fake)),
                     lambda: mae(one, ops.sigmoid(fake))),
        "hinge": (lambda: hinge(one, real) + hinge(-one, fake), lambda: -ops.mean(fake)),
        "wasserstein": (lambda: ops.mean(fake) - ops.mean(real), lambda: -ops.mean(fake)),
    }[kind]
    return (None if real is None else d()), g()


def make_optimizer(o):
    clip = {"global_clipnorm": o["clip_norm"]} if "clip_norm" in o else {}
    lr = o["learning_rate"]
    if o["kind"] in ("adam", "nadam"):
        # np.float64: Keras casts a Python float by way of float32, which puts 1 - 0.999 off by 1.3e-5.
        betas = np.float64(o.get("beta1", 0.9)), np.float64(o.get("beta2", 0.999))
        return getattr(keras.optimizers, o["kind"].capitalize())(lr, *betas, o.get("epsilon", 1e-7), **clip)
    if o["kind"] == "rmsprop":
        return keras.optimizers.RMSprop(lr, o.get("rho", 0.9), epsilon=o.get("epsilon", 1e-7), **clip)
    return keras.optimizers.SGD(lr, o.get("momentum", 0.0), **clip)


def label(variable):
    """As the file names it, "conv1.kernel": the node and the variable."""
    layer, name = variable.path.split("/")[-2:]
    return f"{layer}.{name}"


def run(model, generator, discriminator, game, phases, rng):
    G, D = to_keras(generator), to_keras(discriminator)
    for m in (G, D):
        for v in m.weights:
            value = rng.normal(0.1, 0.4, v.shape)
            if v.path.endswith("moving_variance"):
                value = 0.5 + value**2
            elif v.path.endswith("gamma"):
                value += 1
            v.assign(value.astype(np.float32))
    classes = any(n.get("role") == "class_index" for n in generator["nodes"] + discriminator["nodes"])
    auxiliary = len(discriminator["outputs"]) > 1
    steps = len(phases)
    z = rng.normal(size=(steps, BATCH) + tuple(G.inputs[0].shape[1:])).astype(np.float32)
    real = rng.uniform(-1, 1, (steps, BATCH) + tuple(D.inputs[0].shape[1:])).astype(np.float32)
    label_of = rng.integers(0, CLASSES, (steps, BATCH)).astype(np.int32)
    optimizers = {"generator": make_optimizer(game["generator"]),
        "discriminator": make_optimizer(game["discriminator"])}
    for name, m in (("generator", G), ("discriminator", D)):
        optimizers[name].build(m.trainable_variables)

    def play(m, x, c, training):
        outputs = m([tf.cast(x, "float64"), tf.constant(c)][: len(m.inputs)], training=training)
        return outputs if isinstance(outputs, (list, tuple)) else [outputs]

    out = {"z": z, "real": real, "losses": np.zeros((steps, 2))}
    if classes or auxiliary:
        out["class"] = label_of
    keep = lambda when: out.update({f"{when}.{name}.{label(v)}": v.numpy()
                                    for name, m in (("generator", G), ("discriminator", D)) for v in m.weights})
    infer = lambda when: out.update({
        f"generator_inference_{when}": play(G, z[0], label_of[0], False)[0].numpy(),
        f"discriminator_inference_{when}": play(D, real[0], label_of[0], False)[0].numpy()})

    keep("initial")
    infer("before")
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    weight = game.get("auxiliary_weight", 1.0)
    for i, phase in enumerate(phases):
        c = label_of[i]
        with tf.GradientTape(persistent=True) as tape:
            fake = play(G, z[i], c, True)[0]
            on_real = None if phase == "generator" else play(D, real[i], c, True)
            on_fake = play(D, fake, c, True)
            d_loss, g_loss = losses(game, None if on_real is None else on_real[0], on_fake[0])
            if auxiliary:
                g_loss += weight * cross_entropy(c, on_fake[1])
                if on_real is not None:
                    d_loss += weight * (cross_entropy(c, on_real[1]) + cross_entropy(c, on_fake[1]))
        out["losses"][i] = float(g_loss), 0 if d_loss is None else float(d_loss)
        if i == 0:
            out["step1.fake"] = fake.numpy()
            out["step1.logit_fake"] = on_fake[0].numpy()
            if on_real is not None:
                out["step1.logit_real"] = on_real[0].numpy()
        gradients = {}
        if phase != "generator":
            gradients["discriminator"] = tape.gradient(d_loss, D.trainable_variables)
        if phase != "discriminator":
            gradients["generator"] = tape.gradient(g_loss, G.trainable_variables)
        del tape
        for name, grads in gradients.items():
            variables = (G if name == "generator" else D).trainable_variables
            grads = [tf.convert_to_tensor(g) for g in grads]
            if i < 2:
                for v, g in zip(variables, grads):
                    out[f"step{i + 1}.grad.{name}.{label(v)}"] = g.numpy()
            optimizers[name].apply(grads, variables)
            if name == "discriminator" and "weight_clip" in game:
                for v in variables:
                    v.assign(ops.clip(v, -game["weight_clip"], game["weight_clip"]))
    keep(f"after{steps}")
    infer("after")
    metadata = {
        "model": model,
        "generator": json.dumps(generator),
        "discriminator": json.dumps(discriminator),
        "game": json.dumps(game),
        "phases": ",".join(phases),
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "computed in": "float64, stored in float32",
        "layout": "Keras: dense [in,out], conv [kh,kw,in,out], transposed conv [kh,kw,out,in], images NHWC",
    }
    return out, metadata


def write_safetensors(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    names = {np.dtype("float64"): "F64", np.dtype("float32"): "F32", np.dtype("int32"): "I32"}
    for name in sorted(tensors, key=lambda n: (n != "losses", n)):  # what is 8 bytes wide first, so that all is aligned
        a = np.ascontiguousarray(tensors[name] if name in ("losses", "class") else tensors[name].astype(np.float32))
        offsets = [len(data), len(data) + a.nbytes]
        header[name] = {"dtype": names[a.dtype], "shape": list(a.shape), "data_offsets": offsets}
        data += a.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


Z = lambda d: node("z", "input", "", role="latent", shape=[d])
IMAGE = lambda *shape: node("image", "input", "", role="image", shape=list(shape))
CLASS = node("class", "input", "", role="class_index", classes=CLASSES)
ACT = lambda name, x, function, **a: node(name, "activation", x, function=function, **a)

# Both norms, PReLU on a flat axis and on images, ELU, explicit padding up and down, BatchNorm in D (its statistics
# per half).
NORMS = dict(
    generator=network("generator", "image", [
        Z(2), node("dense", "dense", "z", out=32, bias=False), node("norm0", "layer_norm", "dense"),
        ACT("act0", "norm0", "prelu", channels=8), node("reshape", "reshape", "act0", shape=[8, 2, 2]),
        node("conv1", "conv_transpose", "reshape", out=4, kernel=[3, 3], stride=[2, 2]),
        node("norm1", "batch_norm", "conv1"), ACT("act1", "norm1", "prelu"),
        node("conv2", "conv_transpose", "act1", out=3, kernel=[4, 4], stride=[2, 2], padding=[1, 1, 1, 1]),
        node("norm2", "layer_norm", "conv2"), ACT("act2", "norm2", "elu", alpha=0.75),
        node("conv3", "conv_transpose", "act2", out=1, kernel=[3, 2], padding=[1, 1, 0, 1]),
        ACT("image", "conv3", "tanh")]),
    discriminator=network("discriminator", "dense", [
        IMAGE(1, 8, 8), node("conv1", "conv", "image", out=4, kernel=[4, 4], stride=[2, 2], padding=[1, 1, 1, 1]),
        node("norm1", "batch_norm", "conv1", momentum=0.9, epsilon=1e-5),
        ACT("act1", "norm1", "leaky_relu", negative_slope=0.25),
        node("conv2", "conv", "act1", out=5, kernel=[3, 3], padding=[0, 0, 0, 0]),
        node("norm2", "layer_norm", "conv2", over="sample"),
        ACT("act2", "norm2", "relu", max_value=1.5, negative_slope=0.125, threshold=0.0625),
        node("flatten", "reshape", "act2", shape=[-1]), node("norm3", "batch_norm", "flatten"),
        node("dense", "dense", "norm3", out=1)]),
    game=dict(loss="non_saturating", label_smoothing=0.1, generator=dict(kind="nadam", learning_rate=0.002),
              discriminator=dict(kind="nadam", learning_rate=0.001, beta1=0.5)),
    phases=["both"] * 3)

# A class head, one-hot class joined to z, odd and non-square sizes, pooling, RMSprop, momentum, clipping, alternating.
AUXILIARY = dict(
    generator=network("generator", "image", [
        Z(3), CLASS, node("one_hot", "one_hot", "class"), node("condition", "concat", "z one_hot"),
        node("dense", "dense", "condition", out=24), ACT("act0", "dense", "relu"),
        node("reshape", "reshape", "act0", shape=[4, 3, 2]),
        node("conv1", "conv_transpose", "reshape", out=5, kernel=[5, 5], stride=[3, 2]),
        node("norm1", "batch_norm", "conv1"),
        ACT("act1", "norm1", "relu", negative_slope=0.25), node("conv2", "conv", "act1", out=2, kernel=[3, 1]),
        ACT("image", "conv2", "tanh")]),
    discriminator=network("discriminator", "dense class_dense", [
        IMAGE(2, 9, 4), node("conv1", "conv", "image", out=6, kernel=[3, 3], stride=[2, 1]),
        ACT("act1", "conv1", "elu"),
        node("pool", "pool", "act1", kernel=[2, 2], stride=[1, 2]), node("conv2", "conv", "pool", out=4, kernel=[2, 2]),
        ACT("act2", "conv2", "leaky_relu", negative_slope=0.25),
        node("average", "pool", "act2", function="average", kernel=[2, 1], stride=[2, 1]),
        node("flatten", "reshape", "average", shape=[-1]), node("dense", "dense", "flatten", out=1),
        node("class_dense", "dense", "flatten", out=CLASSES)]),
    game=dict(loss="least_squares", auxiliary_weight=0.7,
              generator=dict(kind="rmsprop", learning_rate=0.003, clip_norm=0.5),
              discriminator=dict(kind="sgd", learning_rate=0.02, momentum=0.9, clip_norm=2.0)),
    phases=["discriminator", "generator", "discriminator", "generator"])

# The studies' conditions: embedding times z in G, one-hot planes in D; hinge; two colours.
CONCAT = dict(
    generator=network("generator", "image", [
        Z(4), CLASS, node("embedding", "embedding", "class", dim=4), node("condition", "multiply", "z embedding"),
        node("dense", "dense", "condition", out=32, bias=False), node("norm0", "batch_norm", "dense"),
        ACT("act0", "norm0", "leaky_relu", negative_slope=0.25), node("reshape", "reshape", "act0", shape=[8, 2, 2]),
        node("conv1", "conv_transpose", "reshape", out=4, bias=False), node("norm1", "batch_norm", "conv1"),
        ACT("act1", "norm1", "leaky_relu", negative_slope=0.25),
        node("conv2", "conv_transpose", "act1", out=2, stride=[2, 2], bias=False), ACT("image", "conv2", "tanh")]),
    discriminator=network("discriminator", "dense", [
        IMAGE(2, 4, 4), CLASS, node("one_hot", "one_hot", "class"), node("condition", "concat", "image one_hot"),
        node("conv1", "conv", "condition", out=4, stride=[2, 2]),
        ACT("act1", "conv1", "leaky_relu", negative_slope=0.25),
        node("flatten", "reshape", "act1", shape=[-1]), node("dense", "dense", "flatten", out=1)]),
    game=dict(loss="hinge", generator=dict(kind="adam", learning_rate=0.002, beta1=0.5, beta2=0.9),
              discriminator=dict(kind="sgd", learning_rate=0.01)),
    phases=["both"] * 3)

# Sequences: 1-D convolutions; a critic with clipped weights.
SEQUENCE = dict(
    generator=network("generator", "out", [
        Z(3), node("dense", "dense", "z", out=20), node("reshape", "reshape", "dense", shape=[4, 5]),
        node("norm", "layer_norm", "reshape"), ACT("act", "norm", "prelu"),
        node("conv1", "conv_transpose", "act", out=4, kernel=[1, 3], stride=[1, 2]), ACT("act1", "conv1", "elu"),
        node("conv2", "conv", "act1", out=3, kernel=[1, 5]), ACT("out", "conv2", "sigmoid")]),
    discriminator=network("discriminator", "dense", [
        node("vectors", "input", "", role="vector", shape=[3, 10]),
        node("conv1", "conv", "vectors", out=6, kernel=[1, 4], stride=[1, 2]), node("norm1", "batch_norm", "conv1"),
        ACT("act1", "norm1", "prelu"), node("dense0", "dense", "act1", out=8), ACT("act2", "dense0", "tanh"),
        node("dense", "dense", "act2", out=1)]),
    game=dict(loss="wasserstein", weight_clip=0.3, generator=dict(kind="rmsprop", learning_rate=0.002, rho=0.95),
              discriminator=dict(kind="rmsprop", learning_rate=0.002)),
    phases=["discriminator", "discriminator", "generator"])

# Perceptrons and the two losses that are left.
SATURATING = dict(
    generator=network("generator", "out", [
        Z(3), node("dense0", "dense", "z", out=8), ACT("act0", "dense0", "relu"),
        node("dense1", "dense", "act0", out=6),
        ACT("act1", "dense1", "sigmoid"), node("dense2", "dense", "act1", out=12),
        node("out", "reshape", "dense2", shape=[2, 3, 2])]),
    discriminator=network("discriminator", "dense", [
        IMAGE(2, 3, 2), CLASS, node("embedding", "embedding", "class", dim=12),
        node("plane", "reshape", "embedding", shape=[2, 3, 2]),
        node("condition", "multiply", "image plane"), node("dense0", "dense", "condition", out=7),
        ACT("act0", "dense0", "elu"),
        node("dense", "dense", "act0", out=1)]),
    game=dict(loss="saturating", generator=dict(kind="sgd", learning_rate=0.05, momentum=0.5),
              discriminator=dict(kind="adam", learning_rate=0.001)),
    phases=["both"] * 3)
ABSOLUTE = dict(SATURATING, game=dict(loss="absolute", label_smoothing=0.2,
                                      generator=dict(kind="adam", learning_rate=0.01, epsilon=1e-3),
                                      discriminator=dict(kind="nadam", learning_rate=0.01)))

CASES = {"tiny-norms": NORMS, "tiny-auxiliary": AUXILIARY, "tiny-concat": CONCAT, "tiny-sequence": SEQUENCE,
         "tiny-saturating": SATURATING, "tiny-absolute": ABSOLUTE}

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "tests/engine/keras")
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, case) in enumerate(CASES.items()):
        tensors, metadata = run(name, rng=np.random.default_rng(seed), **case)
        write_safetensors(folder / f"{name}.safetensors", tensors, metadata)
        print(f"{name}: {(folder / f'{name}.safetensors').stat().st_size} bytes, losses\n{tensors['losses']}")
