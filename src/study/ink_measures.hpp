#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "fit/classifier.hpp"
#include "measure/pair_difference.hpp"
#include "measure/two_sample.hpp"
#include "run/run_directory.hpp"
#include "train/session.hpp"

namespace ganymede::study {

/// What S-INK is measured with: the samples drawn of a model and what they are held against. Part of the protocol
/// "ink_v2", whose numbers are these defaults.
struct InkProtocol {
  std::int64_t per_class = 50;           ///< symbols of each class in each of two draws
  std::int64_t curve_per_class = 10;     ///< of each class at every snapshot, for steps until a quality
  double quality = 0.7;                  ///< the accuracy that counts as learnt, over all classes ...
  double learnt = 0.5;                   ///< ... and of one class
  double collapsed = 0.25;               ///< a class whose MSD is below this share of the real one's has collapsed
  std::uint64_t seed = 1000;             ///< of the first symbol of the first draw; the others follow
  std::int64_t train_per_class = 100;    ///< of each class and side, for the classifier two-sample test
  std::int64_t builtin_symbols = 20000;  ///< of each split, where symbols are made up
};

/// Real symbols that models are held against, one per row.
struct InkReference {
  const data::Dataset& real;       ///< prepared symbols of held-out writers, without copies
  const data::Dataset& train;      ///< such ones of other writers: the two-sample test learns with them
  fit::Classifier& classifier;     ///< of real symbols
  measure::PairDifferences pairs;  ///< MSD and NRMSD of `real`
};

/// One number a class, [K], and their mean.
struct ClassValues {
  std::vector<double> by_class;
  double mean = 0;
};

/// The mean of those that are not NaN (a class without samples); 0 where all are.
ClassValues mean_by_class(std::vector<double> values);

/// What a run's last model gives, and how it came there.
struct InkMeasures {
  ClassValues accuracy;    ///< share of the generated symbols that the classifier takes for their class
  ClassValues msd, nrmsd;  ///< pairs within one draw
  measure::Interval msd_interval, nrmsd_interval;  ///< of the means over classes: symbols of a draw resampled, 95 %
  double msd_between = 0;                          ///< pairs between the two draws
  double nrmsd_between = 0;
  double nrmsd_deviation = 0;  ///< other normalisers: standard deviation of the real values ...
  double nrmsd_quartiles = 0;  ///< ... and their quartile range
  double frechet = 0;          ///< of the classifier's features; as many fakes as reals of each class
  ClassValues distance;        ///< class_distances to the real symbols
  /// Classifier two-sample test: accuracy on symbols that it never saw, fresh ones and those of held-out writers.
  measure::TwoSampleTest two_sample;
  // The generator's weights as training left them, where those above are their moving average.
  bool averaged = false;  ///< above are those of the moving average
  double plain_accuracy = 0, plain_msd = 0, plain_nrmsd = 0, plain_frechet = 0;
  std::int64_t plain_learnt = 0, plain_collapsed = 0;
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

/// Measures a run, or reads what an earlier call left in measures/ink_v2.json for the same weights.
InkMeasures measure_ink(const run::RunDirectory& run, const InkReference& reference, const InkProtocol& protocol,
                        const train::SessionOptions& session);

inline constexpr const char* kInkMeasuresSchema = "ganymede.ink_measures/2";
std::string to_json(const InkMeasures& measures, std::int64_t step);
/// @throws DataError with `where` for anything else.
InkMeasures ink_measures_from_json(const std::string& text, const std::string& where);

}  // namespace ganymede::study
