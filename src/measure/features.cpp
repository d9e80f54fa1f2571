#include "measure/features.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {
namespace {

constexpr float kLargest = 1e15F;  // squares must stay within float32

}  // namespace

Features features_of(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  if (tensor.dtype() != DType::f32 || shape.empty() || tensor.count() == 0) {
    fail<ShapeError>("features: wanted f32 [N, ...], found {} {}", name_of(tensor.dtype()), to_string(shape));
  }
  return {tensor.values<float>(), tensor.count() / shape[0]};
}

FeatureMatrix gather(const Features& features, std::span<const std::int64_t> indices) {
  FeatureMatrix out{.dim = features.dim};
  out.values.reserve(indices.size() * static_cast<std::size_t>(features.dim));
  for (const std::int64_t i : indices) {
    const auto row = features.row(i);
    out.values.insert(out.values.end(), row.begin(), row.end());
  }
  return out;
}

FeatureMatrix concatenate(const Features& first, const Features& second) {
  FeatureMatrix out{.values = {first.values.begin(), first.values.end()}, .dim = first.dim};
  out.values.insert(out.values.end(), second.values.begin(), second.values.end());
  return out;
}

Halves split_halves(const Features& features, std::uint64_t seed) {
  const auto order = permutation(features.count(), Random(seed, "measure.halves"), 0);
  const std::size_t half = order.size() / 2;
  const auto indices = std::span<const std::int64_t>(order);
  return {gather(features, indices.first(half)), gather(features, indices.subspan(half, half))};
}

void check(const Features& features, std::int64_t least, const char* where, const char* what) {
  if (features.dim < 1 || features.values.size() % static_cast<std::size_t>(features.dim) != 0) {
    fail<ShapeError>("{}: {}: wanted whole rows of one or more values, found {} values in rows of {}", where, what,
                     features.values.size(), features.dim);
  }
  if (features.count() < least) {
    fail<DataError>("{}: {}: wanted at least {} samples, found {}; give more samples", where, what, least,
                    features.count());
  }
  const auto bad = std::ranges::find_if(features.values, [](float v) { return !(std::abs(v) <= kLargest); });
  if (bad != features.values.end()) {
    const auto at = bad - features.values.begin();
    fail<DataError>("{}: {}: value {} of sample {} is {}; wanted finite numbers up to {:g} in size", where, what,
                    at % features.dim, at / features.dim, *bad, kLargest);
  }
}

void check(const RealAndFake& sets, std::int64_t least, const char* where) {
  check(sets.real, least, where, "real");
  check(sets.fake, least, where, "fake");
  if (sets.real.dim != sets.fake.dim) {
    fail<ShapeError>("{}: wanted features of one length, found {} for real and {} for fake", where, sets.real.dim,
                     sets.fake.dim);
  }
}

}  // namespace ganymede::measure
