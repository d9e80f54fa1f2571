#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "fit/classifier.hpp"
#include "measure/pair_difference.hpp"
#include "run/run_directory.hpp"

namespace ganymede::study {

/// What S-INK is measured with: the samples drawn of a model and what they are held against. Part of the protocol
/// "ink_v1", whose numbers are these defaults.
struct InkProtocol {
  std::int64_t per_class = 50;        ///< symbols of each class in each of two draws
  std::int64_t curve_per_class = 10;  ///< of each class at every snapshot, for steps until a quality
  double quality = 0.7;               ///< the accuracy that counts as learnt, over all classes ...
  double learnt = 0.5;                ///< ... and of one class
  double collapsed = 0.25;            ///< a class whose MSD is below this share of the real one's has collapsed
  std::uint64_t seed = 1000;          ///< of the first symbol of the first draw; the second draw follows
};

/// Real symbols that models are held against, one per row.
struct InkReference {
  const data::Dataset& real;       ///< prepared symbols without copies
  fit::Classifier& classifier;     ///< of real symbols
  measure::PairDifferences pairs;  ///< MSD and NRMSD of the real ones
  double accuracy = 0;             ///< of the classifier on held-out writers
};

/// One number a class, [K], and their mean.
struct ClassValues {
  std::vector<double> by_class;
  double mean = 0;
};

/// What a run's last model gives, and how it came there.
struct InkMeasures {
  ClassValues accuracy;    ///< share of the generated symbols that the classifier takes for their class
  ClassValues msd, nrmsd;  ///< pairs within one draw
  measure::Interval msd_interval, nrmsd_interval;  ///< of the means over classes: symbols of a draw resampled, 95 %
  double msd_between = 0;                          ///< pairs between the two draws
  double nrmsd_between = 0;
  double nrmsd_deviation = 0;  ///< other normalisers: standard deviation of the real values ...
  double nrmsd_quartiles = 0;  ///< ... and their quartile range
  double frechet = 0;          ///< of the classifier's features, equal counts
  std::int64_t learnt = 0;     ///< classes with accuracy >= learnt
  std::int64_t collapsed = 0;  ///< classes with MSD < collapsed times the real one's
  // Stability, from the events of the second half of the run.
  double discriminator_loss_deviation = 0, generator_loss_deviation = 0;
  double discriminator_gradient_norm = 0, generator_gradient_norm = 0;            ///< means
  double discriminator_gradient_deviation = 0, generator_gradient_deviation = 0;  ///< over their means
  std::int64_t steps_until_quality = -1;  ///< of the first snapshot that reached it; -1: none did
  double draws_per_sample = 1;
  std::vector<std::pair<std::int64_t, double>> accuracy_curve;  ///< steps, accuracy
};

/// Measures a run, or reads what an earlier call left in measures/ink_v1.json for the same weights.
InkMeasures measure_ink(const run::RunDirectory& run, const InkReference& reference, const InkProtocol& protocol,
                        int threads);

std::string to_json(const InkMeasures& measures, std::int64_t step);

}  // namespace ganymede::study
