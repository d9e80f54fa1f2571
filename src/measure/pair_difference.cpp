#include "measure/pair_difference.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

constexpr std::array<const char*, 4> kNames{"range", "deviation", "mean", "quartiles"};

struct Pair {
  std::uint32_t a = 0, b = 0;  // places in the class's lists
  double msd = 0, nrmsd = 0;
};

struct Class {
  std::vector<std::int64_t> first, second;  // rows of the two draws; within one draw both are the same
  std::vector<Pair> pairs;
};
using Classes = std::map<std::int32_t, Class>;

struct Means {
  double msd = 0, nrmsd = 0;
};

void check(const Labelled& draw, const char* what) {
  measure::check(draw.samples, 1, "pair differences", what);
  if (draw.labels.size() != static_cast<std::size_t>(draw.samples.count())) {
    fail<ShapeError>("pair differences: {}: wanted a label a sample, found {} for {}", what, draw.labels.size(),
                     draw.samples.count());
  }
}

std::vector<Pair> choose(const Class& c, bool within, std::int64_t most, RandomSequence random) {
  const auto n = static_cast<std::uint32_t>(c.first.size()), m = static_cast<std::uint32_t>(c.second.size());
  const std::int64_t all = within ? std::int64_t{n} * (n - 1) / 2 : std::int64_t{n} * m;
  std::vector<Pair> pairs;
  if (all > most) {
    while (static_cast<std::int64_t>(pairs.size()) < most) {
      const std::uint32_t a = random.below(n), b = random.below(m);
      if (!within || a != b) pairs.push_back({.a = a, .b = b});
    }
    return pairs;
  }
  for (std::uint32_t a = 0; a < n; ++a) {
    for (std::uint32_t b = within ? a + 1 : 0; b < m; ++b) pairs.push_back({.a = a, .b = b});
  }
  return pairs;
}

double mean_square(std::span<const float> x, std::span<const float> y) {
  double sum = 0;
  for (std::size_t f = 0; f < x.size(); ++f) {
    const double d = static_cast<double>(x[f]) - static_cast<double>(y[f]);
    sum += d * d;
  }
  return sum / static_cast<double>(x.size());
}

double normalised(double msd, double normaliser, const PairOptions& options) {
  if (msd == 0) return 0;
  if (!(normaliser > 0)) {
    fail<DataError>("pair differences: the {} that the difference is divided by is {}; take another normaliser",
                    name_of(options.normaliser), normaliser);
  }
  return std::sqrt(msd) / normaliser;
}

double normaliser_of_pair(std::span<const float> x, std::span<const float> y, Normaliser normaliser) {
  std::vector<float> both(x.begin(), x.end());
  both.insert(both.end(), y.begin(), y.end());
  return normaliser_of(both, normaliser);
}

/// One resample of one class: samples or pairs drawn with replacement.
Means resample(const Class& c, bool within, ResampledUnit unit, RandomSequence random) {
  Means sum;
  double weights = 0;
  const auto add = [&](const Pair& pair, double weight) {
    sum.msd += weight * pair.msd;
    sum.nrmsd += weight * pair.nrmsd;
    weights += weight;
  };
  if (unit == ResampledUnit::pairs) {
    for (std::size_t i = 0; i < c.pairs.size(); ++i) {
      add(c.pairs[random.below(static_cast<std::uint32_t>(c.pairs.size()))], 1);
    }
  } else {
    const auto times = [&](std::size_t count) {
      std::vector<double> drawn(count, 0);
      for (std::size_t i = 0; i < count; ++i) ++drawn[random.below(static_cast<std::uint32_t>(count))];
      return drawn;
    };
    const std::vector<double> first = times(c.first.size()), second = within ? first : times(c.second.size());
    for (const Pair& pair : c.pairs) add(pair, first[pair.a] * second[pair.b]);
  }
  // One sample drawn every time has no pair: it differs from itself by nothing.
  return weights > 0 ? Means{sum.msd / weights, sum.nrmsd / weights} : Means{};
}

/// Intervals of every class and of their average, from the same resamples.
void add_intervals(const Classes& classes, bool within, const PairOptions& options, PairDifferences& out) {
  const auto resamples = static_cast<std::size_t>(options.bootstrap.resamples);
  std::vector<double> average_msd(resamples, 0), average_nrmsd(resamples, 0);
  auto result = out.classes.begin();
  for (const auto& [label, c] : classes) {
    const Random random(options.bootstrap.seed, "measure.pairs.bootstrap", static_cast<std::uint32_t>(label));
    std::vector<double> msd, nrmsd;
    for (std::size_t r = 0; r < resamples; ++r) {
      const Means means = resample(c, within, options.unit, RandomSequence(random, static_cast<std::uint32_t>(r)));
      msd.push_back(means.msd);
      nrmsd.push_back(means.nrmsd);
      average_msd[r] += means.msd / static_cast<double>(classes.size());
      average_nrmsd[r] += means.nrmsd / static_cast<double>(classes.size());
    }
    result->msd_interval = percentiles(std::move(msd), options.bootstrap.level);
    result->nrmsd_interval = percentiles(std::move(nrmsd), options.bootstrap.level);
    ++result;
  }
  out.average.msd_interval = percentiles(std::move(average_msd), options.bootstrap.level);
  out.average.nrmsd_interval = percentiles(std::move(average_nrmsd), options.bootstrap.level);
}

PairDifferences differences(const Labelled& first, const Labelled& second, bool within, const PairOptions& options) {
  if (options.most_pairs < 1 || options.bootstrap.resamples < 1) {
    fail<ConfigError>("pair differences: wanted 1 pair and 1 resample or more, found {} and {}", options.most_pairs,
                      options.bootstrap.resamples);
  }
  Classes classes;
  for (std::size_t i = 0; i < first.labels.size(); ++i) {
    classes[first.labels[i]].first.push_back(static_cast<std::int64_t>(i));
  }
  for (std::size_t i = 0; i < second.labels.size(); ++i) {
    classes[second.labels[i]].second.push_back(static_cast<std::int64_t>(i));
  }
  std::erase_if(classes, [&](const auto& entry) {
    return entry.second.first.empty() || entry.second.second.empty() || (within && entry.second.first.size() < 2);
  });
  if (classes.empty()) fail<DataError>("pair differences: no class has a pair; give more samples of each class");

  PairDifferences out;
  if (options.scope == NormaliserScope::reference) {
    const FeatureMatrix own = options.reference ? FeatureMatrix{} : concatenate(first.samples, second.samples);
    out.normaliser = normaliser_of(options.reference ? options.reference->values : own.values, options.normaliser);
  }
  out.average.label = -1;
  const Random random(options.seed, "measure.pairs");
  for (auto& [label, c] : classes) {
    c.pairs = choose(c, within, options.most_pairs, RandomSequence(random, static_cast<std::uint32_t>(label)));
    PairDifference sum{.label = label, .pairs = static_cast<std::int64_t>(c.pairs.size())};
    for (Pair& pair : c.pairs) {
      const auto x = first.samples.row(c.first[pair.a]), y = second.samples.row(c.second[pair.b]);
      const bool own = options.scope == NormaliserScope::pair;
      pair.msd = mean_square(x, y);
      pair.nrmsd = normalised(pair.msd, own ? normaliser_of_pair(x, y, options.normaliser) : out.normaliser, options);
      sum.msd += pair.msd / static_cast<double>(sum.pairs);
      sum.nrmsd += pair.nrmsd / static_cast<double>(sum.pairs);
    }
    out.average.pairs += sum.pairs;
    out.average.msd += sum.msd / static_cast<double>(classes.size());
    out.average.nrmsd += sum.nrmsd / static_cast<double>(classes.size());
    out.classes.push_back(sum);
  }
  add_intervals(classes, within, options, out);
  return out;
}

}  // namespace

Normaliser normaliser_from(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) {
    fail<ConfigError>("normaliser: wanted range, deviation, mean or quartiles, found \"{}\"", name);
  }
  return static_cast<Normaliser>(found - kNames.begin());
}

const char* name_of(Normaliser normaliser) {
  return kNames[static_cast<std::size_t>(normaliser)];
}

double normaliser_of(std::span<const float> values, Normaliser normaliser) {
  std::vector<double> v(values.begin(), values.end());
  switch (normaliser) {
    case Normaliser::range: {
      const auto [least, most] = std::ranges::minmax(v);
      return most - least;
    }
    case Normaliser::deviation:
      return deviation_of(v);
    case Normaliser::mean:
      return std::abs(mean_of(v));
    case Normaliser::quartiles:
      break;
  }
  std::ranges::sort(v);
  return quantile(v, 0.75) - quantile(v, 0.25);
}

PairDifferences differences_within(const Labelled& draw, const PairOptions& options) {
  check(draw, "samples");
  return differences(draw, draw, true, options);
}

PairDifferences differences_between(const Labelled& first, const Labelled& second, const PairOptions& options) {
  check(first, "first draw");
  check(second, "second draw");
  if (first.samples.dim != second.samples.dim) {
    fail<ShapeError>("pair differences: wanted samples of one length, found {} and {}", first.samples.dim,
                     second.samples.dim);
  }
  return differences(first, second, false, options);
}

}  // namespace ganymede::measure
