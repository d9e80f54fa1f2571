#pragma once

#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "tensor/tensor.hpp"

namespace ganymede::net {

// A network is a graph of layers as plain values. Nobody here knows who executes it.
// Shapes are those of one sample (no N): [F] for vectors, [C, H, W] for images, [C, T] for sequences, [] for a class
// index. A 1-D convolution has kernel {1, k} on [C, T], read as [C, 1, T].

/// `condition`: a vector of the sample's, beside the input of values, that the data have and a generator is asked for
/// (S-THEORY T3). No gradient goes back to it.
enum class Role { latent, class_index, vector, image, condition };

/// Rows and columns.
struct Pair {
  int h = 1;
  int w = 1;
  friend bool operator==(const Pair&, const Pair&) = default;
};

/// `same` as Keras: ceil(in / stride) outputs, the odd pixel after. Otherwise the four numbers, in pixels of the larger
/// image.
struct Padding {
  bool same = true;
  int top = 0, bottom = 0, left = 0, right = 0;
  friend bool operator==(const Padding&, const Padding&) = default;
};

/// A value fed from outside.
struct Input {
  Role role = Role::latent;
  Shape shape;      ///< of one sample; [] for class_index
  int classes = 0;  ///< class_index only: indices lie in [0, classes)
  friend bool operator==(const Input&, const Input&) = default;
};

/// y = W x + b on the flattened input. weight [out, in], bias [out].
/// spectral (of Conv and Projection too): computes with weight / sigma, sigma the largest singular value of the
/// weight as a matrix [first extent, the rest] (Miyato, Kataoka, Koyama, Yoshida 2018). A training pass makes a step
/// of power iteration from weight_u [first extent], v = W' u / |W' u|, u = W v / |W v|, sigma = |W v|, of which it
/// keeps u; the gradient takes u and v as constants. Inference: sigma = |W' u| / |u|.
struct Dense {
  int out = 1;
  bool bias = true;
  bool spectral = false;
  friend bool operator==(const Dense&, const Dense&) = default;
};

/// Cross-correlation. weight [out, in, kh, kw], bias [out].
struct Conv {
  int out = 1;
  Pair kernel{5, 5};
  Pair stride{1, 1};
  Padding padding;
  bool bias = true;
  bool spectral = false;
  friend bool operator==(const Conv&, const Conv&) = default;
};

/// The adjoint of Conv from the larger image to the smaller. weight [in, out, kh, kw], bias [out].
/// `same`: out = in * stride. Explicit: out = (in - 1) * stride + kernel - before - after.
struct ConvTranspose {
  int out = 1;
  Pair kernel{5, 5};
  Pair stride{1, 1};
  Padding padding;
  bool bias = true;
  friend bool operator==(const ConvTranspose&, const ConvTranspose&) = default;
};

/// y = weight (x - mean) / sqrt(var + epsilon) + bias per channel ([C, ...]) or per feature ([F]).
/// Statistics over the batch and positions, biased variance, running = momentum * running + (1 - momentum) * batch
/// (Keras). weight, bias, running_mean, running_var: [C] or [F].
struct BatchNorm {
  double epsilon = 1e-3;
  double momentum = 0.99;
  friend bool operator==(const BatchNorm&, const BatchNorm&) = default;
};

/// Normalises each sample on its own. `channel`: over the channels of each position (Keras' default axis -1); `sample`:
/// over all of C, H, W. weight, bias: [C] or [F] for `channel`, the whole sample shape for `sample`. On a vector both
/// are the same.
struct LayerNorm {
  enum class Over { channel, sample };
  Over over = Over::channel;
  double epsilon = 1e-3;
  friend bool operator==(const LayerNorm&, const LayerNorm&) = default;
};

enum class ActivationKind { linear, relu, leaky_relu, prelu, elu, rrelu, tanh, sigmoid };

/// relu (Keras' with all its options): max_value for x >= max_value, x for threshold <= x < max_value,
/// negative_slope (x - threshold) below.
/// leaky_relu: x > 0 ? x : negative_slope x.
/// elu: x > 0 ? x : alpha (exp(x) - 1).
/// prelu: x > 0 ? x : weight_c x with one slope a channel, weight [C]; a flat axis that is later reshaped to [C, H, W]
/// counts as C channels (`channels`), 0 = as many as the input has. Starts at 0.
/// rrelu: slope ~ U(lower, upper) for each element in training, (lower + upper) / 2 in inference.
/// Slopes at a kink are those of the left side, at max_value 0.
struct Activation {
  ActivationKind kind = ActivationKind::linear;
  float negative_slope = 0;  ///< relu and leaky_relu
  float max_value = std::numeric_limits<float>::infinity();
  float threshold = 0;
  float alpha = 1;
  float lower = 1.0F / 8;
  float upper = 1.0F / 3;
  int channels = 0;
  friend bool operator==(const Activation&, const Activation&) = default;
};

/// Training: x * mask / (1 - rate), mask Bernoulli(1 - rate). Inference: x. rate in [0, 1).
struct Dropout {
  float rate = 0.3F;
  friend bool operator==(const Dropout&, const Dropout&) = default;
};

/// Row `class` of weight [classes, dim] as a vector [dim]. Its input is an Input of role class_index.
struct Embedding {
  int dim = 1;
  friend bool operator==(const Embedding&, const Embedding&) = default;
};

/// The class as a vector [classes] of one 1 and zeros. Its input is an Input of role class_index.
struct OneHot {
  friend bool operator==(const OneHot&, const OneHot&) = default;
};

/// Element-wise product of two inputs of one shape.
struct Multiply {
  friend bool operator==(const Multiply&, const Multiply&) = default;
};

/// Concatenation along the first axis (features or channels). A vector joined to an image becomes constant planes, one
/// a feature.
struct Concat {
  friend bool operator==(const Concat&, const Concat&) = default;
};

/// The same elements in C, H, W order under another shape. Flatten is Reshape to [F]; one extent may be -1.
struct Reshape {
  Shape shape;
  friend bool operator==(const Reshape&, const Reshape&) = default;
};

/// Output axis i is input axis order[i] (0: C, 1: H, 2: W) of an image [C, H, W].
struct Permute {
  std::vector<int> order{0, 1, 2};
  friend bool operator==(const Permute&, const Permute&) = default;
};

/// Convolutional gated recurrent unit (Ballas, Yao, Pal, Courville 2016, "Delving deeper into convolutional networks
/// for learning video representations", eqs. 3-6) over [C, T, W]: T steps in time, W cells that a kernel of k columns
/// slides over ("same": zeros beyond the ends, the odd cell after), out = H channels, all steps share the weights.
/// With x_t [C, W], h_0 = 0 and convolutions *:
///   r_t = sigmoid(Wr * x_t + Ur * h_{t-1} + br);  u_t = sigmoid(Wu * x_t + Uu * h_{t-1} + bu);
///   n_t = tanh(Wn * x_t + Un * (r_t h_{t-1}) + bn);  h_t = (1 - u_t) h_{t-1} + u_t n_t.
/// Output [H, T, W]. weight_ih [3H, C, 1, k], weight_hh [3H, H, 1, k], bias [3H], each in the order r, u, n. (PyTorch's
/// GRU has the same order, but h_t = (1 - u) n + u h and the reset behind Un.) k = W = 1: a plain GRU.
struct ConvGru {
  int out = 1;
  int kernel = 3;
  bool bias = true;
  friend bool operator==(const ConvGru&, const ConvGru&) = default;
};

/// Long short-term memory (Hochreiter, Schmidhuber 1997; with the forget gate of Gers, Schmidhuber, Cummins 2000) over
/// a sequence [C, T], h_0 = c_0 = 0:
///   i_t = sigmoid(Wi x_t + Ui h_{t-1} + bi);  f_t = sigmoid(Wf x_t + Uf h_{t-1} + bf + forget_bias);
///   g_t = tanh(Wg x_t + Ug h_{t-1} + bg);  o_t = sigmoid(Wo x_t + Uo h_{t-1} + bo);
///   c_t = f_t c_{t-1} + i_t g_t;  h_t = o_t tanh(c_t).
/// With `steps` = T > 0 its input is no sequence but a vector [out], the state that it begins with, h_0 = c_0 = x, and
/// nothing is fed later (Metz, Poole, Pfau, Sohl-Dickstein 2017). Output: the states h [out, T]. weight_ih [4 out, C]
/// (of sequences alone), weight_hh [4 out, out], bias [4 out], each in the order i, f, g, o (PyTorch's and Keras').
/// forget_bias is added beside the bias (TensorFlow's 1 by default), so that c is kept at first.
struct Lstm {
  int out = 1;
  int steps = 0;
  bool bias = true;
  float forget_bias = 1;
  friend bool operator==(const Lstm&, const Lstm&) = default;
};

enum class PoolKind { max, average };
/// Pooling without padding; windows that do not fit are dropped.
struct Pool {
  PoolKind kind = PoolKind::max;
  Pair kernel{2, 2};
  Pair stride{2, 2};
  friend bool operator==(const Pool&, const Pool&) = default;
};

/// One more channel [C + 1, ...] or feature, the same number in all of it: the mean over all features of their standard
/// deviation sqrt(variance + epsilon) over the samples (Karras, Aila, Laine, Lehtinen 2018, over the whole batch). As
/// in BatchNorm the statistics in training are those of each part of the batch, running_mean [1] follows them (reals
/// first) and is what inference takes.
struct MinibatchStd {
  double epsilon = 1e-8;
  double momentum = 0.99;
  friend bool operator==(const MinibatchStd&, const MinibatchStd&) = default;
};

/// y = (w + v_class) . x + b on the flattened first input; the second is a class index (Miyato, Koyama 2018: how well x
/// fits the class is part of the logit). weight w [1, F], class_weight v [classes, F], bias [1]. Output [1].
struct Projection {
  bool spectral = false;
  friend bool operator==(const Projection&, const Projection&) = default;
};

using Layer = std::variant<Input, Dense, Conv, ConvTranspose, BatchNorm, LayerNorm, Activation, Dropout, Embedding,
                           OneHot, Multiply, Concat, Reshape, Pool, Permute, ConvGru, MinibatchStd, Projection, Lstm>;

/// "dense", "conv", "batch_norm" ... as in recipes and JSON.
const char* kind_of(const Layer& layer);

struct Node {
  std::string name;                 ///< unique, lower case, digits and underscores
  std::vector<std::string> inputs;  ///< names of earlier nodes
  Layer layer;
  friend bool operator==(const Node&, const Node&) = default;
};

/// Nodes in an order in which every input stands before its user, and the heads. Every node feeds another or is a head.
struct Network {
  std::string name;  ///< "generator" or "discriminator": the prefix of its tensors' and streams' names
  std::vector<Node> nodes;
  /// generator: {"image"} first; discriminator: the logit [1] first, then optionally class logits [K]
  std::vector<std::string> outputs;

  const Node& node(const std::string& name) const;  ///< throws ConfigError
  int index_of(const std::string& name) const;      ///< -1 if absent
  friend bool operator==(const Network&, const Network&) = default;
};

/// Keras' initialisers: uniform variants are U(-l, l) with l = gain sqrt(6 / (fan_in + fan_out)) (Glorot) or
/// gain sqrt(6 / fan_in) (He); the normal variants have the deviation gain sqrt(2 / ...) and are cut off at two of
/// them; `normal` is not cut off. orthogonal: gain times orthonormal rows or columns of [first extent, the rest].
enum class Init {
  zeros,
  ones,
  constant,
  glorot_uniform,
  glorot_normal,
  he_uniform,
  he_normal,
  orthogonal,
  normal,
  uniform
};

/// One tensor of a layer, under its canonical (PyTorch) name, shape and layout.
struct Parameter {
  std::string name;  ///< "conv1.weight", without the network's name
  Shape shape;
  bool trainable = true;  ///< false: running statistics
  Init init = Init::zeros;
  double scale = 1;  ///< normal: standard deviation; uniform: half width; constant: value; others: gain
  std::int64_t fan_in = 1;
  std::int64_t fan_out = 1;
};

/// The shape of every node's output for one sample, in node order. Checks names, order, arity, kinds and sizes; errors
/// name the layer, what was wanted and what was found (ShapeError, ConfigError).
std::vector<Shape> infer_shapes(const Network& network);

/// Every tensor of the network in node order (weight, bias, running_mean, running_var within a layer).
/// `weights` sets the initialiser of dense, convolution kernels (Keras' default: Glorot uniform); embeddings are
/// U(-0.05, 0.05) as in Keras.
std::vector<Parameter> parameters(const Network& network, Init weights = Init::glorot_uniform, double scale = 1);

/// Fresh values of all parameters, f32, keyed "<network.name>.<parameter name>". Each tensor has its own Philox stream
/// "init.<network>.<parameter>", index 0: values do not depend on the other layers.
NamedTensors initialise(const Network& network, std::uint64_t seed, Init weights = Init::glorot_uniform,
                        double scale = 1);

struct Counts {
  std::int64_t total = 0;
  std::int64_t trainable = 0;
};
Counts count_parameters(const Network& network);

/// Pixels of padding before an axis: for `same`, (max((ceil(large / stride) - 1) * stride + kernel - large, 0)) / 2
/// rounded down.
int padding_before(bool same, int explicit_before, int large, int kernel, int stride);

}  // namespace ganymede::net
