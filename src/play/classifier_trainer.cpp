#include "play/classifier_trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/portable_math.hpp"

namespace ganymede::play {
namespace {

double softmax_cross_entropy(std::span<const float> logits, std::size_t label) {
  const double top = *std::ranges::max_element(logits);
  double total = 0;
  for (const float s : logits) total += portable_exp(s - top);
  return portable_log(total) + top - logits[label];
}

// Written so that neither tail loses digits.
double binary_cross_entropy(double s, double y) {
  return y * portable_softplus(-s) + (1 - y) * portable_softplus(s);
}

}  // namespace

double mean_cross_entropy(std::span<const float> logits, std::span<const std::int32_t> labels) {
  if (labels.empty() || logits.empty() || logits.size() % labels.size() != 0) {
    fail<ShapeError>("cross-entropy: wanted [N, K] logits for N labels, found {} logits and {} labels", logits.size(),
                     labels.size());
  }
  const std::size_t k = logits.size() / labels.size(), known = std::max<std::size_t>(k, 2);
  const double share = 1 / static_cast<double>(labels.size());
  double loss = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    if (labels[n] < 0 || static_cast<std::size_t>(labels[n]) >= known) {
      fail<DataError>("cross-entropy: sample {} is labelled {}; the classifier knows 0 to {}", n, labels[n], known - 1);
    }
    const auto row = logits.subspan(n * k, k);
    if (!std::ranges::all_of(row, [](float s) { return std::isfinite(s); })) {
      loss = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    loss += k == 1 ? binary_cross_entropy(row[0], labels[n]) / static_cast<double>(labels.size())
                   : share * softmax_cross_entropy(row, static_cast<std::size_t>(labels[n]));
  }
  return loss;
}

}  // namespace ganymede::play
