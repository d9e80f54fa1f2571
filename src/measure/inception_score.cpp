#include "measure/inception_score.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "measure/distributions.hpp"
#include "measure/numpy_order.hpp"

namespace ganymede::measure {
namespace {

void check_distributions(const Features& probabilities) {
  for (std::int64_t i = 0; i < probabilities.count(); ++i) {
    const auto row = probabilities.row(i);
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    if (*std::ranges::min_element(row) < 0 || !(std::abs(sum - 1) <= 1e-3)) {
      fail<DataError>(
          "inception_score: sample {}: wanted probabilities that add up to 1, found a sum of {}; "
          "logits go through softmax first",
          i, sum);
    }
  }
}

double score_of(const Features& probabilities, std::span<const std::int64_t> rows) {
  const auto classes = static_cast<std::size_t>(probabilities.dim);
  std::vector<double> marginal(classes, 0);
  for (const std::int64_t i : rows) {
    const auto p = probabilities.row(i);
    for (std::size_t c = 0; c < classes; ++c) marginal[c] += static_cast<double>(p[c]);
  }
  for (double& p : marginal) p /= static_cast<double>(rows.size());
  double divergence = 0;
  for (const std::int64_t i : rows) {
    const auto row = probabilities.row(i);
    for (std::size_t c = 0; c < classes; ++c) {
      const auto p = static_cast<double>(row[c]);
      if (p > 0) divergence += p * std::log(p / marginal[c]);
    }
  }
  return std::exp(divergence / static_cast<double>(rows.size()));
}

}  // namespace

FeatureMatrix softmax(const Features& logits) {
  check(logits, 1, "softmax", "logits");
  FeatureMatrix out{.values = {logits.values.begin(), logits.values.end()}, .dim = logits.dim};
  std::vector<double> terms(static_cast<std::size_t>(logits.dim));
  for (auto row = out.values.begin(); row != out.values.end(); row += logits.dim) {
    const auto most = static_cast<double>(*std::max_element(row, row + logits.dim));
    std::transform(row, row + logits.dim, terms.begin(),
                   [most](float l) { return std::exp(static_cast<double>(l) - most); });
    const double sum = std::accumulate(terms.begin(), terms.end(), 0.0);
    std::ranges::transform(terms, row, [sum](double t) { return static_cast<float>(t / sum); });
  }
  return out;
}

InceptionScore inception_score(const Features& probabilities, const InceptionScoreOptions& options) {
  if (options.splits < 1) fail<ConfigError>("inception_score: wanted 1 split or more, found {}", options.splits);
  check(probabilities, options.splits, "inception_score", "probabilities");
  check_distributions(probabilities);
  const std::int64_t n = probabilities.count();
  std::vector<std::int64_t> order;
  if (options.shuffle && options.numpy_seed) {
    order = NumPyOrder(*options.numpy_seed).permutation(n);
  } else if (options.shuffle) {
    order = permutation(n, Random(options.seed, "measure.splits"), 0);
  } else {
    order.resize(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), std::int64_t{0});
  }
  InceptionScore out;
  for (std::int64_t s = 0; s < options.splits; ++s) {
    const std::int64_t first = s * n / options.splits, end = (s + 1) * n / options.splits;
    out.splits.push_back(
        score_of(probabilities, std::span<const std::int64_t>(order).subspan(static_cast<std::size_t>(first),
                                                                             static_cast<std::size_t>(end - first))));
  }
  out.value = mean_of(out.splits);
  out.deviation = deviation_of(out.splits);
  out.interval = mean_interval(out.splits, options.level);
  return out;
}

}  // namespace ganymede::measure
