#include "measure/path_length.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

FeatureMatrix points(const Features& from, const Features& to, std::span<const double> t, double step,
                     latent::PathKind kind) {
  FeatureMatrix out{.values = std::vector<float>(from.values.size()), .dim = from.dim};
  for (std::int64_t i = 0; i < from.count(); ++i) {
    const auto row = std::span<float>(out.values)
                         .subspan(static_cast<std::size_t>(i * from.dim), static_cast<std::size_t>(from.dim));
    const double at = t[static_cast<std::size_t>(i)] + step;
    if (kind == latent::PathKind::lerp) {
      latent::lerp(from.row(i), to.row(i), at, row);
    } else {
      latent::slerp(from.row(i), to.row(i), at, row);
    }
  }
  return out;
}

FeatureMatrix features_of_points(const FeatureGenerator& generator, const FeatureMatrix& z, std::int64_t first) {
  FeatureMatrix out = generator(z.values, first);
  if (out.count() != z.count()) {
    fail<ShapeError>("path length: wanted features of {} pictures, found {}", z.count(), out.count());
  }
  check(out, 1, "path length", "features");
  return out;
}

FeatureMatrix draw(const PathLengthOptions& options, const char* stream, std::int64_t first, std::int64_t count) {
  const Random random(options.seed, stream);
  const std::int64_t dim = options.prior.dim;
  FeatureMatrix out{.values = std::vector<float>(static_cast<std::size_t>(count * dim)), .dim = dim};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto row =
        std::span<float>(out.values).subspan(static_cast<std::size_t>(i * dim), static_cast<std::size_t>(dim));
    const auto index = static_cast<std::uint32_t>(first + i);
    if (options.prior.kind == latent::PriorKind::normal) {
      random.normal(index, row);
    } else {
      random.uniform(index, row);
      for (float& v : row) v = 2 * v - 1;
    }
  }
  return out;
}

void check_options(const PathLengthOptions& o) {
  if (o.count < 1 || o.batch < 1 || o.prior.dim < 1 || !(o.epsilon > 0) || !(o.trim >= 0 && o.trim < 0.5)) {
    fail<ConfigError>(
        "path length: wanted count, batch and latent length of 1 or more, epsilon above 0, trim in [0, 0.5); "
        "found {}, {}, {}, {}, {}",
        o.count, o.batch, o.prior.dim, o.epsilon, o.trim);
  }
}

}  // namespace

std::vector<double> path_lengths(const FeatureGenerator& generator, const Features& from, const Features& to,
                                 std::span<const double> t, double epsilon, latent::PathKind kind, std::int64_t first) {
  if (from.count() != to.count() || from.dim != to.dim || t.size() != static_cast<std::size_t>(from.count())) {
    fail<ShapeError>("path length: wanted as many beginnings as ends and t, found [{}, {}], [{}, {}] and {}",
                     from.count(), from.dim, to.count(), to.dim, t.size());
  }
  const FeatureMatrix here = features_of_points(generator, points(from, to, t, 0, kind), first),
                      there = features_of_points(generator, points(from, to, t, epsilon, kind), first);
  std::vector<double> lengths;
  for (std::int64_t i = 0; i < from.count(); ++i) {
    const auto a = here.view().row(i), b = there.view().row(i);
    double sum = 0;
    for (std::size_t f = 0; f < a.size(); ++f) {
      const double d = static_cast<double>(b[f]) - static_cast<double>(a[f]);
      sum += d * d;
    }
    lengths.push_back(sum / (epsilon * epsilon));
  }
  return lengths;
}

std::vector<double> trimmed(std::vector<double> values, double trim) {
  if (values.empty()) return values;
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const double last = static_cast<double>(sorted.size() - 1);
  const double low = sorted[static_cast<std::size_t>(std::floor(trim * last))],
               high = sorted[static_cast<std::size_t>(std::ceil((1 - trim) * last))];
  std::erase_if(values, [&](double v) { return v < low || v > high; });
  return values;
}

PathLength perceptual_path_length(const FeatureGenerator& generator, const PathLengthOptions& options) {
  check_options(options);
  PathLength out;
  const Random times(options.seed, "measure.path.t");
  for (std::int64_t first = 0; first < options.count; first += options.batch) {
    const std::int64_t count = std::min(options.batch, options.count - first);
    std::vector<double> t(static_cast<std::size_t>(count), 0.0);
    for (std::int64_t i = 0; i < count && !options.at_start; ++i) {
      t[static_cast<std::size_t>(i)] = RandomSequence(times, static_cast<std::uint32_t>(first + i)).uniform();
    }
    const auto lengths =
        path_lengths(generator, draw(options, "measure.path.from", first, count),
                     draw(options, "measure.path.to", first, count), t, options.epsilon, options.kind, first);
    out.lengths.insert(out.lengths.end(), lengths.begin(), lengths.end());
  }
  const std::vector<double> kept = trimmed(out.lengths, options.trim);
  out.value = mean_of(kept);
  out.interval = bootstrap_mean(kept, options.bootstrap);
  return out;
}

}  // namespace ganymede::measure
