#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "play/names.hpp"

namespace ganymede::play {

// What is played, as plain values: recipes hold them, engines carry them out. Each enum has one table of names in
// game.cpp, of which all parsers, lists and messages are made.

/// With s = D's logit, y = the label of the real images (1, or less with one-sided smoothing), means over the batch:
enum class Loss {
  /// D: BCE(s_real, y) + BCE(s_fake, 0); G: BCE(s_fake, 1) (Goodfellow et al. 2014)
  non_saturating,
  /// D: the same; G: -BCE(s_fake, 0)
  saturating,
  /// D: (s_real - y)^2 + s_fake^2; G: (s_fake - 1)^2 (Mao et al. 2017, without the factor 1/2)
  least_squares,
  /// D: |sigmoid(s_real) - y| + |sigmoid(s_fake)|; G: |sigmoid(s_fake) - 1| (S-LATENT L8: MAE)
  absolute,
  /// D: max(0, 1 - s_real) + max(0, 1 + s_fake); G: -s_fake (Lim, Ye 2017)
  hinge,
  /// D: s_fake - s_real; G: -s_fake (Arjovsky et al. 2017; with weight_clip)
  wasserstein,
};

/// The logit above which D holds an image for real; none where a logit means something only beside others.
std::optional<double> threshold(Loss loss);

/// Who is updated when; a step is one update of G with what goes before it.
enum class UpdateOrder {
  simultaneous,  ///< both players at once, from one forward pass of each network (S-DCGAN D3)
  alternating,   ///< k updates of D, then one of G (Goodfellow et al. 2014, algorithm 1)
  converge,      ///< D until it stops improving, then one update of G
};

/// What is added to D's loss against steep slopes, with g(x) = dD/dx, one sample's logit by that sample, and means over
/// the batch:
enum class Penalty {
  none,
  r1,       ///< weight / 2 |g(x)|^2 at the real images (Mescheder, Geiger, Nowozin 2018)
  r2,       ///< the same at the fakes
  wgan_gp,  ///< weight (|g(x)| - 1)^2 at x = e real + (1 - e) fake, e ~ U(0, 1) (Gulrajani et al. 2017)
  /// The same at x = real + e s u / 2, with s the deviation of all values of the batch and u ~ U(0, 1) for each value
  /// (Kodali et al. 2017, as in their program)
  dragan,
};

/// What the updates of an unrolled D see: all of them the step's own batch, or each a batch of its own.
enum class UnrollBatches { same, fresh };

enum class OptimizerKind { adam, nadam, rmsprop, sgd };

/// Whether a rule keeps a first and a second moment of each parameter.
bool has_first_moment(OptimizerKind kind);
bool has_second_moment(OptimizerKind kind);

/// How a learning rate moves with its player's updates, as Keras 3's schedules do: `learning_rate`.
enum class Schedule {
  constant,
  linear,  ///< to its end in a straight line (PolynomialDecay of power 1)
  cosine,  ///< to its end along half a wave (Loshchilov, Hutter 2017, without restarts; CosineDecay)
  steps,   ///< times a factor every so many updates (ExponentialDecay, staircase)
};

/// Keras 3's forms, t = 1, 2 ... the number of the update; the moments m, v start at 0:
///   adam     m += (1 - b1)(g - m); v += (1 - b2)(g^2 - v); p -= lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + epsilon)
///   nadam    the same m, v; u_t = b1 (1 - 0.96^t / 2), U_t = u_1 ... u_t (Dozat 2016 with its momentum schedule);
///            p -= lr (u_{t+1} m / (1 - U_{t+1}) + (1 - u_t) g / (1 - U_t)) / (sqrt(v / (1 - b2^t)) + epsilon)
///   rmsprop  v = rho v + (1 - rho) g^2; p -= lr g / sqrt(v + epsilon)
///   sgd      m = momentum m - lr g; p += m
struct Optimizer {
  OptimizerKind kind = OptimizerKind::adam;
  double learning_rate = 1e-4;  ///< where the schedule begins
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
  double momentum = 0;   ///< sgd
  double rho = 0.9;      ///< rmsprop
  double clip_norm = 0;  ///< > 0: gradients of the whole network are scaled so that their joint L2 norm is at most this
  Schedule schedule = Schedule::constant;
  std::int64_t schedule_updates = 10000;  ///< T: linear, cosine: until the end; steps: between two falls
  double schedule_end = 0;                ///< e: linear, cosine: share of the rate that is left at the end
  double schedule_factor = 0.5;           ///< f: steps
  friend bool operator==(const Optimizer&, const Optimizer&) = default;
};

/// The rate of the update that `updates` went before, a function of their number alone; with s = min(updates / T, 1):
///   constant  lr
///   linear    lr (1 - (1 - e) s)
///   cosine    lr (e + (1 - e) (1 + cos(pi s)) / 2)
///   steps     lr f^floor(updates / T)
double learning_rate(const Optimizer& rule, std::int64_t updates);

/// What is done to every picture before D sees it, real or generated, by chance (DiffAugment: Zhao, Liu, Lin, Zhu, Han
/// 2020, with their code's strengths); G learns through it.
enum class Augmentation {
  brightness,   ///< plus U(-1/2, 1/2)
  translation,  ///< moved by up to an eighth of each side, zeros come in
  cutout,       ///< a square of half the sides becomes 0
  saturation,   ///< each pixel's distances from its mean over the channels times U(0, 2): of pictures in colour
  contrast,     ///< the distances from the picture's mean times U(1/2, 3/2)
};

/// "translation,cutout" in its order; "" for none; "color" is brightness, saturation and contrast, as the authors have
/// it. @throws ConfigError for an unknown word, or one that is there twice
std::vector<Augmentation> augmentations(const std::string& policy);

/// The codes of InfoGAN (Chen, Duan, Houthooft, Schulman, Sutskever, Abbeel 2016), which are the last numbers of z, in
/// this order: n > 1 is a categorical code, of n values equally likely, n numbers of which one is 1 and the others 0;
/// kUniformCode is a number drawn from U[-1, 1).
inline constexpr int kUniformCode = 1;
/// "10,uniform,uniform" in its order; "none" for none. @throws ConfigError for anything else, with what is wanted
std::vector<int> codes_from(const std::string& text);
/// How many numbers of z they are.
int width_of(const std::vector<int>& codes);
/// Where the k-th of them begins among those numbers.
int place_of(const std::vector<int>& codes, std::size_t k);

struct Game {
  Loss loss = Loss::non_saturating;
  double label_smoothing = 0;  ///< one-sided: y = 1 - label_smoothing
  double weight_clip = 0;      ///< > 0: D's trainable parameters are clamped to [-c, c] after each of its updates
  double auxiliary_weight =
      1;  ///< factor of the class head's cross-entropy (real and fake images, both players), where D has one
  double ema_decay =
      0;  ///< > 0: ema = decay ema + (1 - decay) parameter after each update of G, running statistics copied
  /// Not empty: D's last features also tell the codes of a fake, by a head (net::code_head) whose numbers are logits of
  /// a categorical code's values and the mean of a uniform code, under a normal distribution of deviation 1. Their
  /// expected log likelihood, plus the codes' entropy, is L_I, a lower bound of the mutual information of codes and
  /// picture; both players' losses have -info_weight L_I (without its constants, Chen et al. 2016, eqs. 5, 6).
  std::vector<int> codes{};
  double info_weight = 1;
  std::vector<Augmentation> augment{};  ///< in this order
  /// m > 1: D sees m pictures at a time, joined along their channels, all real or all generated (PacGAN: Lin, Khetan,
  /// Fanti, Oh 2018). Its input has m times the channels, a batch is a whole number of packs.
  int pack = 1;
  Penalty penalty = Penalty::none;
  double penalty_weight = 10;
  int penalty_interval = 1;  ///< only in every so-manieth update of D, with so many times the weight
  /// > 0: G descends its loss against the D that would be after so many updates, through all of them (Metz et al. 2017)
  int unroll = 0;
  double unroll_rate = 0;  ///< learning rate of those; 0: D's own
  Optimizer generator;
  Optimizer discriminator;
};

/// Of which samples BatchNorm takes its statistics in training, where a batch is cut in shards: of each shard's own, or
/// of the whole batch's.
enum class ShardStatistics { shard, batch };

/// Arithmetic of an engine: mixed has products in bf16 and everything else in f32; automatic ("auto") is mixed where
/// that is faster on this machine (Backend::resolved).
enum class Precision { f32, mixed, automatic };

}  // namespace ganymede::play
