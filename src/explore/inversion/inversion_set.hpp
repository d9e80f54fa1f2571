#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "explore/attributes/attribute_directions.hpp"
#include "explore/inversion/inversion.hpp"
#include "picture/image.hpp"

namespace ganymede::explore {

inline constexpr const char* kInversionSetSchema = "ganymede.inversion_set/1";

/// Errors |G(z) - x|^2 / P of many pictures x inverted, in three groups, and what they were made with.
struct InversionSet {
  std::string name, run, data;
  std::uint64_t epoch = 0, step = 0;  ///< of the weights
  InversionOptions options{};
  std::vector<double> training;   ///< of pictures that the run was trained on
  std::vector<double> held_out;   ///< of pictures that it was not
  std::vector<double> generated;  ///< of its own, which lie where G reaches: the floor of this search
  std::int64_t flat = 0;          ///< of all of these: found with a loss that had become flat
};

/// What the errors say.
struct InversionVerdict {
  struct Group {
    double mean = 0, median = 0;
    measure::Interval mean_interval, median_interval;  ///< bootstrap, 95 %
  };
  Group training, held_out, generated;
  /// Held-out less training, of independent samples (measure::bootstrap_difference). Above 0: what it was trained on
  /// lies nearer to what it can draw.
  Estimate mean_difference, median_difference;
  /// The 95 % quantile of the generated pictures' own error, and the share of each group's reals at or below it
  /// (Clopper and Pearson).
  double floor = 0;
  Estimate covered_training, covered_held_out;
  std::string memorising, coverage;  ///< a sentence each
};
/// Groups of 2 errors or more. @throws ConfigError for fewer
InversionVerdict judge_inversions(const InversionSet& set);

/// The text of the file (docs/inversion.md).
std::string to_json(const InversionSet& set, const InversionVerdict& verdict);
/// The three distributions over the logarithm of the error, the floor and both sentences.
picture::Image draw_inversions(const InversionSet& set, const InversionVerdict& verdict);
/// Makes the folder and writes NAME.json and NAME.png in one step each; returns the path of the first.
std::filesystem::path write_inversions(const std::filesystem::path& folder, const InversionSet& set,
                                       const InversionVerdict& verdict);

/// Pictures as rows: what was asked for, what was found, and how far they differ (white 0, dark 2), with the error of
/// each and the class that was found. Of ink and points the first two. `names`: [N], of each picture.
picture::Image draw_reconstructions(const Tensor& wanted, const Tensor& found, std::span<const Inversion> inversions,
                                    const std::vector<std::string>& names,
                                    std::span<const std::string> class_names = {});

}  // namespace ganymede::explore
