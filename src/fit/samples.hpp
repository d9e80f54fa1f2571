#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "data/dataset.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::fit {

/// Labelled samples that can be read in any order, one at a time, as what a network sees. A view: what it was made of
/// must outlive it.
struct Samples {
  std::int64_t count = 0;
  Shape shape;                       ///< of one sample: [C, H, W]; of ink [T, F]
  std::vector<std::int32_t> labels;  ///< [N]
  /// Writes the values of sample i in [-1, 1] (of ink: its moves).
  std::function<void(std::int64_t i, std::span<float> out)> copy;

  std::int64_t values_per_sample() const { return element_count(shape); }
};

/// Samples first .. first + n - 1 of at most `piece` after one another: `use` gets their values, [n, ...].
void for_each_piece(const Samples& samples, std::int64_t piece,
                    const std::function<void(std::int64_t first, std::int64_t n, std::span<const float> values)>& use);

/// A data set with its classes. @throws DataError if it has none.
Samples samples_of(const data::Dataset& dataset);

/// Pictures as generators and data sets hold them: u8 [N, C, H, W], or f32 [N, C, H, W] or ink [N, T, F] in [-1, 1].
/// @throws ShapeError for another type or another number of axes.
Samples samples_of(const Tensor& values, std::vector<std::int32_t> labels);

/// Reals of label 1, then fakes of label 0, told apart by nothing but their values. `rounded`: every value goes through
/// the 256 levels of an 8-bit picture first (picture::level_of), of both sides.
/// @throws ShapeError if shapes differ or one side is empty, DataError if a value is not finite.
Samples real_and_fake(const Tensor& real, const Tensor& fake, bool rounded);

/// The 8-bit levels of f32 pictures in [-1, 1] (picture::level_of), u8 of the same shape: a quarter of the memory, and
/// the same samples for real_and_fake with `rounded`.
Tensor to_levels(const Tensor& pictures);

}  // namespace ganymede::fit
