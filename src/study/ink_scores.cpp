#include "study/ink_scores.hpp"

#include <algorithm>
#include <cmath>

#include "measure/frechet.hpp"
#include "train/sources.hpp"

namespace ganymede::study {

ClassValues accuracy_of(std::span<const std::int32_t> found, std::span<const std::int32_t> wanted, int classes) {
  std::vector<double> right(static_cast<std::size_t>(classes)), total(right.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto c = static_cast<std::size_t>(wanted[i]);
    total[c] += 1;
    if (found[i] == wanted[i]) right[c] += 1;
  }
  for (std::size_t c = 0; c < right.size(); ++c) right[c] = total[c] > 0 ? right[c] / total[c] : std::nan("");
  return mean_by_class(std::move(right));
}

ClassValues values_by_class(const measure::PairDifferences& pairs, double measure::PairDifference::*what, int classes) {
  std::vector<double> values(static_cast<std::size_t>(classes), std::nan(""));
  for (const measure::PairDifference& one : pairs.classes) values[static_cast<std::size_t>(one.label)] = one.*what;
  return mean_by_class(std::move(values));
}

Tensor as_moves(const Tensor& images) {
  const Shape& s = images.shape();
  return Tensor::of<float>({s[0], s[2], s[3]}, images.values<float>());
}

double frechet_of(const Tensor& features, const Tensor& real_features, ThreadPool& pool) {
  return measure::frechet_distance(
      {.real = measure::features_of(real_features), .fake = measure::features_of(features)}, pool);
}

std::int64_t learnt_of(const ClassValues& accuracy, const InkProtocol& protocol) {
  return std::ranges::count_if(accuracy.by_class, [&](double v) { return v >= protocol.learnt; });
}

std::int64_t collapsed_of(const ClassValues& msd, const InkReference& reference, const InkProtocol& protocol) {
  return std::ranges::count_if(reference.pairs.classes, [&](const measure::PairDifference& real) {
    return msd.by_class[static_cast<std::size_t>(real.label)] < protocol.collapsed * real.msd;
  });
}

data::Dataset open_symbols(const run::Recipe& recipe, data::Split split, const std::vector<data::SearchPlace>& places,
                           std::int64_t builtin_symbols) {
  data::OpenOptions options = train::open_options(recipe);
  options.ink.copies = 0;
  options.ink.per_class = 0;
  options.builtin_count = builtin_symbols;
  return data::open_dataset(recipe.data.source, split, places, options);
}

data::Dataset balanced(const data::Dataset& all, std::int64_t per_class) {
  std::vector<std::int64_t> taken(static_cast<std::size_t>(all.class_count()));
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < all.size(); ++i) {
    if (taken[static_cast<std::size_t>(all.labels[static_cast<std::size_t>(i)])]++ < per_class) chosen.push_back(i);
  }
  return data::chosen_images(all, chosen);
}

}  // namespace ganymede::study
