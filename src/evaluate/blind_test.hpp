#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/places.hpp"
#include "explore/trained_generator.hpp"
#include "measure/user_study.hpp"
#include "run/recipe.hpp"

namespace ganymede::evaluate {

// A blind test: a real sample beside a generated one, pick the fake (S-THEORY T7). What a trial shows is a function of
// the run's data, its weights, the test's seed and the trial's number alone, so that a test of 20 trials is the
// beginning of one of 40 with the same seed, on every machine.

/// The real samples of a test, in the order of its trials: different ones, no two with the same content.
struct TestReals {
  data::Dataset chosen;
  std::string sentence;  ///< "held-out samples of mnist", or "samples of photos, of which none is held out"
};
/// Of the test split of a recipe's data, of built-in data 2,000: a random order (seed, stream "judge.reals"), what
/// equals an earlier one passed over. @throws as data::open_dataset; DataError for points, and where there are fewer
/// different samples than trials.
TestReals choose_reals(const run::Recipe& recipe, const std::vector<data::SearchPlace>& places, std::uint64_t seed,
                       int trials);

/// The seed that names the fake of the first trial; those of the others count up. Far from the seeds that other
/// commands begin with.
std::uint64_t first_fake_seed(std::uint64_t seed);

/// Both pictures of every trial as they are shown: u8 [N, H, W, C], symbols of ink drawn, all of one size.
struct TestPictures {
  Tensor reals, fakes;
  std::vector<std::int32_t> labels;      ///< [N] of the reals; empty: without classes
  std::vector<std::string> class_names;  ///< [K]
  bool same_class = false;               ///< the fakes were asked for the same classes
  std::string fingerprint;               ///< CRC-32 of all of it in order, eight digits
  std::int64_t bytes() const { return reals.count() + fakes.count(); }
  /// One picture, [1, H, W, C].
  Tensor of_trial(const Tensor& pictures, int trial) const;
  /// What stands on a side of a trial.
  Tensor shown(std::uint64_t seed, int trial, measure::PairSide side) const;
};
/// The fakes of a generator that takes a class have the class of the real sample beside them (the class of the same
/// name), of one that takes a vector its condition; of others nobody knows a class, and they are those of the seeds.
/// @throws DataError where generator and data do not fit, or where the pictures would take more than 128 MB.
TestPictures test_pictures(explore::TrainedGenerator& generator, const TestReals& reals, std::uint64_t seed);

/// The test that these pictures belong to.
measure::BlindTest blind_test_of(const std::string& run, const run::Snapshot& about, const TestReals& reals,
                                 const TestPictures& pictures, std::uint64_t seed, double seconds);
/// Somebody's answers to it, none yet. @throws as measure::check_person.
measure::Judgement judgement_of(const measure::BlindTest& test, const TestPictures& pictures, const std::string& person,
                                const std::string& by);

}  // namespace ganymede::evaluate
