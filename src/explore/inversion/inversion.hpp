#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "explore/trained_generator.hpp"

namespace ganymede::explore {

/// How z is looked for. What is descended, with P values of a picture x and Z of z:
///   L(z) = |G(z) - x|^2 / P + prior |z|^2 / Z
/// by Adam in Keras' form (play::Optimizer; betas 0.9, 0.999), its rate falling along half a wave to a hundredth. |z|^2
/// / 2 is minus the log density of a normal prior; of uniform latents there is no such term, and z stays within [-1,
/// 1]. Codes (play::codes_from): a categorical one stays what the start has, a uniform one stays within [-1, 1].
struct InversionOptions {
  int starts = 8;        ///< of each class that is tried
  int candidates = 256;  ///< samples that seeds name; the starts are those nearest to the picture
  int steps = 400;
  double rate = 0.1;
  double prior = 1e-3;
  std::uint64_t seed = 0;  ///< of the first candidate; the others count up
};

/// Pictures that a generator is to give.
struct InversionTargets {
  Tensor pictures;                      ///< f32 [N, C, H, W] as a generator puts them out
  std::vector<std::int32_t> classes{};  ///< [N]; none: of a generator that takes a class the best of all
  std::vector<float> conditions{};      ///< [N, K] of a generator that takes a vector
};

/// One start and where it came to: the best L on its way.
struct Descent {
  std::vector<float> z;            ///< [Z]
  std::optional<int> label{};      ///< the class, of a generator that takes one
  double loss = 0;                 ///< L
  double error = 0;                ///< |G(z) - x|^2 / P
  double start_error = 0;          ///< of the sample that it began with
  std::vector<double> curve = {};  ///< the lowest L until then, [steps + 1]; of the best descent alone
};

/// What was found of one picture.
struct Inversion {
  std::vector<Descent> descents;  ///< by rising L
  int agree = 0;         ///< starts of the best's class whose error is within 5 % of the best's, itself included
  int same_z = 0;        ///< of those: closer to its z than 0.1 a coordinate (root of the mean square)
  double last_fall = 0;  ///< share of L that the best start lost in the last quarter of the steps
  bool flat() const { return last_fall < 0.01; }
  const Descent& best() const { return descents.front(); }
};

/// Called after every step of Adam with how many of all have been taken; false: stop.
using OnInversion = std::function<bool(std::int64_t done, std::int64_t all)>;

/// z for every picture. The result of one depends on no other, nor on the number of threads. @throws ShapeError for
/// pictures of another shape than the generator's; ConfigError for classes or conditions that it does not take, or
/// lacks; UserError when it was stopped.
std::vector<Inversion> invert(TrainedGenerator& generator, const InversionTargets& targets,
                              const InversionOptions& options, const OnInversion& on_step = {});

/// The best of each as samples, to be drawn or edited.
train::NamedSamples samples_at(const TrainedGenerator& generator, std::span<const Inversion> found,
                               std::span<const float> conditions = {});

}  // namespace ganymede::explore
