#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/tensor.hpp"

namespace ganymede::measure {

/// Feature vectors lent to a measure: [N, F], row-major, one row a sample. Two numbers a point, a picture's pixels or
/// the activations of a classifier's last layer but one: a measure does not ask where they come from.
struct Features {
  std::span<const float> values;
  std::int64_t dim = 0;

  std::int64_t count() const { return dim > 0 ? static_cast<std::int64_t>(values.size()) / dim : 0; }
  std::span<const float> row(std::int64_t i) const { return slice(i, 1).values; }
  /// Rows first ... first + count - 1.
  Features slice(std::int64_t first, std::int64_t count) const {
    return {values.subspan(static_cast<std::size_t>(first * dim), static_cast<std::size_t>(count * dim)), dim};
  }
};

/// Feature vectors with their memory.
struct FeatureMatrix {
  std::vector<float> values;
  std::int64_t dim = 0;

  std::int64_t count() const { return view().count(); }
  Features view() const { return {values, dim}; }
  operator Features() const { return view(); }  // NOLINT(google-explicit-constructor)
};

/// The two sets that a score compares, always by name: `frechet_distance({.real = a, .fake = b})`.
struct RealAndFake {
  Features real;
  Features fake;
};

/// A tensor f32 [N, ...] as [N, F], F all other axes flattened. @throws ShapeError without axis N or of another type.
Features features_of(const Tensor& tensor);

/// Rows `indices` of `features`, in that order.
FeatureMatrix gather(const Features& features, std::span<const std::int64_t> indices);
/// `first`, then `second`.
FeatureMatrix concatenate(const Features& first, const Features& second);

/// Two disjoint halves of the rows, drawn without replacement (seed, stream "measure.halves"); of an odd count the last
/// one is left out. The score between them is the noise floor of a score.
struct Halves {
  FeatureMatrix first;
  FeatureMatrix second;
};
Halves split_halves(const Features& features, std::uint64_t seed);

/// @throws ShapeError unless there are whole rows of one or more values, DataError for fewer than `least` rows or for a
/// value that is not finite or above 1e15; `where` and `what` name the measure and the set: "kernel_distance", "fake".
void check(const Features& features, std::int64_t least, const char* where, const char* what);
/// Both sets, and that they have the same F.
void check(const RealAndFake& sets, std::int64_t least, const char* where);

}  // namespace ganymede::measure
