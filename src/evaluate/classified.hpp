#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "explore/trained_generator.hpp"
#include "fit/classifier.hpp"
#include "measure/features.hpp"
#include "train/noise.hpp"
#include "train/setup.hpp"

namespace ganymede::evaluate {

// Names of the samples that scores are measured on, apart from those that pictures show (seeds from 0).
inline constexpr std::uint64_t kScoreSeed = 1'000'000;
inline constexpr std::uint64_t kJudgeTrainSeed = 10'000'000;       ///< real-or-generated: training
inline constexpr std::uint64_t kJudgeValidationSeed = 20'000'000;  ///< real-or-generated and the GAN's own D: judging

/// What a classifier says of a set of samples.
struct Classified {
  measure::FeatureMatrix features;       ///< [N, F], the penultimate layer
  measure::FeatureMatrix probabilities;  ///< [N, K]
  std::vector<std::int32_t> labels;      ///< [N], the most probable class
  std::vector<std::int32_t> wanted;      ///< [N], the class that it was to be; empty: none
  std::int64_t count() const { return features.count(); }
};

/// Samples first, first + 1 ... (count of them), u8 or f32 [count, C, H, W] or f32 [count, T, F].
using SampleSource = std::function<Tensor(std::int64_t first, std::int64_t count)>;

/// Classifies `count` samples, 1,024 of them in memory at a time; features and probabilities of all stay.
Classified classify(fit::Classifier& classifier, const SampleSource& source, std::int64_t count,
                    std::vector<std::int32_t> wanted = {});

/// Samples named seed, seed + 1 ...; `classes` [count or more] of a generator that takes one, else empty.
SampleSource generated(explore::TrainedGenerator& generator, std::uint64_t seed, std::span<const std::int32_t> classes);

/// The same of a run in training, of the moving average where there is one; classes and conditions are those that the
/// seeds name. Both must outlive it.
SampleSource generated(train::Setup& setup, train::Noise& noise, std::uint64_t seed);

/// Those of a trained generator as it gave them: f32, not at 8-bit levels.
SampleSource generated_raw(explore::TrainedGenerator& generator, std::uint64_t seed,
                           std::span<const std::int32_t> classes);

/// All samples of a source in one tensor, drawn in pieces.
Tensor collect(const SampleSource& source, std::int64_t count);

/// Samples `indices` of u8 [N, C, H, W] or f32 [N, T, F], in that order.
Tensor rows_of(const Tensor& samples, std::span<const std::int64_t> indices);

}  // namespace ganymede::evaluate
