#include "measure/resample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "measure/distributions.hpp"

namespace ganymede::measure {
namespace {

void check(std::int64_t count, const BootstrapOptions& options) {
  if (count < 1 || count > std::numeric_limits<std::uint32_t>::max()) {
    fail<ConfigError>("bootstrap: wanted 1 to 2^32 - 1 things to draw from, found {}", count);
  }
  if (options.resamples < 1) fail<ConfigError>("bootstrap: wanted 1 resample or more, found {}", options.resamples);
  if (!(options.level > 0 && options.level < 1)) {
    fail<ConfigError>("bootstrap: wanted a level between 0 and 1, found {}", options.level);
  }
}

}  // namespace

std::vector<std::int64_t> permutation(std::int64_t count, const Random& random, std::uint32_t index) {
  return subset(count, count, random, index);
}

std::vector<std::int64_t> subset(std::int64_t count, std::int64_t size, const Random& random, std::uint32_t index) {
  if (size < 0 || size > count) fail<ConfigError>("subset: wanted {} of {} samples; give more samples", size, count);
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  RandomSequence sequence(random, index);
  for (std::int64_t i = 0; i < size; ++i) {
    const auto j = i + sequence.below(static_cast<std::uint32_t>(count - i));
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(j)]);
  }
  order.resize(static_cast<std::size_t>(size));
  return order;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation_of(std::span<const double> values, int ddof) {
  const double degrees = static_cast<double>(values.size()) - ddof;
  if (degrees <= 0) return std::numeric_limits<double>::quiet_NaN();
  const double mean = mean_of(values);
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / degrees);
}

double quantile(std::span<const double> ascending, double q) {
  if (ascending.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double at = q * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return ascending[below] + (at - std::floor(at)) * (ascending[above] - ascending[below]);
}

Interval percentiles(std::vector<double> values, double level) {
  std::sort(values.begin(), values.end());
  return {quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)};
}

Interval bootstrap(std::int64_t count, const std::function<double(std::span<const std::int64_t>)>& statistic,
                   const BootstrapOptions& options) {
  check(count, options);
  const Random random(options.seed, "measure.bootstrap");
  std::vector<double> values;
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  for (int r = 0; r < options.resamples; ++r) {
    RandomSequence sequence(random, static_cast<std::uint32_t>(r));
    for (auto& i : indices) i = sequence.below(static_cast<std::uint32_t>(count));
    values.push_back(statistic(indices));
  }
  return percentiles(std::move(values), options.level);
}

Interval bootstrap_mean(std::span<const double> values, const BootstrapOptions& options) {
  return bootstrap(
      static_cast<std::int64_t>(values.size()),
      [&](std::span<const std::int64_t> indices) {
        double sum = 0;
        for (const std::int64_t i : indices) sum += values[static_cast<std::size_t>(i)];
        return sum / static_cast<double>(indices.size());
      },
      options);
}

Interval bootstrap_difference(std::span<const double> first, std::span<const double> second,
                              const std::function<double(std::span<const double>)>& statistic,
                              const BootstrapOptions& options) {
  check(std::ssize(first), options);
  check(std::ssize(second), options);
  const Random random(options.seed, "measure.bootstrap");
  std::vector<double> values;
  for (int r = 0; r < options.resamples; ++r) {
    RandomSequence sequence(random, static_cast<std::uint32_t>(r));
    const auto drawn_again = [&](std::span<const double> sample) {
      std::vector<double> drawn(sample.size());
      for (double& v : drawn) v = sample[sequence.below(static_cast<std::uint32_t>(sample.size()))];
      std::sort(drawn.begin(), drawn.end());
      return statistic(drawn);
    };
    const double of_first = drawn_again(first);
    values.push_back(of_first - drawn_again(second));
  }
  return percentiles(std::move(values), options.level);
}

Interval mean_interval(std::span<const double> values, double level) {
  if (values.size() < 2) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  const auto n = static_cast<double>(values.size());
  const double mean = mean_of(values);
  const double reach = student_quantile((1 + level) / 2, n - 1) * deviation_of(values, 1) / std::sqrt(n);
  return {mean - reach, mean + reach};
}

Interval jackknife(double value, std::span<const double> without_group, double level) {
  if (without_group.size() < 2) fail<ConfigError>("jackknife: wanted 2 groups or more, found {}", without_group.size());
  const double degrees = static_cast<double>(without_group.size() - 1);
  const double error = deviation_of(without_group) * std::sqrt(degrees);
  const double reach = student_quantile((1 + level) / 2, degrees) * error;
  return {value - reach, value + reach};
}

}  // namespace ganymede::measure
