#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measure/score.hpp"

namespace ganymede::measure {

/// What is known of a score beside its number, by the beginning of its name: "density" of "density10k_mnist_v1".
struct ScoreKind {
  const char* stem;
  const char* label;             ///< for a screen: "Fréchet distance"
  const char* direction;         ///< "lower is better"
  std::optional<double> best{};  ///< what equal laws give, where values beyond it are chance and not better
  bool between_runs = true;      ///< false: every run is judged by another judge, so its values do not compare
};
std::span<const ScoreKind> list_score_kinds();
/// The one that a score's name begins with; null for another name.
const ScoreKind* kind_of(std::string_view name);

/// "Fréchet distance (lower is better)"; of a name without a kind itself with the word of `better`.
std::string words_of(const Score& score);

/// What stands for each score on a screen: words_of, and the name behind it where two would be the same.
std::vector<std::string> screen_names(std::span<const Score> scores);

/// A value as scores of runs are compared: never better than `best`. 1.2 of density is 1.
double compared_value(const ScoreKind* kind, Better better, double value);

}  // namespace ganymede::measure
