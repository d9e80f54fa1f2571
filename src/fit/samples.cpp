#include "fit/samples.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "picture/image.hpp"

namespace ganymede::fit {
namespace {

void check_values(const Tensor& values, const char* what) {
  const std::size_t axes = values.shape().size();
  const bool picture = axes == 4 && (values.dtype() == DType::u8 || values.dtype() == DType::f32);
  const bool ink = axes == 3 && values.dtype() == DType::f32;
  const bool points = axes == 2 && values.dtype() == DType::f32;
  if (!picture && !ink && !points) {
    fail<ShapeError>("{}: wanted u8 or f32 [N, C, H, W], f32 [N, T, F] or f32 [N, D], found {} {}", what,
                     name_of(values.dtype()), to_string(values.shape()));
  }
}

Shape shape_of_one(const Tensor& values) {
  return {values.shape().begin() + 1, values.shape().end()};
}

void copy_sample(const Tensor& values, std::int64_t i, std::span<float> out) {
  const auto size = out.size();
  const auto first = static_cast<std::size_t>(i) * size;
  if (values.dtype() == DType::u8) {
    data::to_unit_range(values.values<std::uint8_t>().subspan(first, size), out);
  } else {
    const auto row = values.values<float>().subspan(first, size);
    std::copy(row.begin(), row.end(), out.begin());
  }
}

void round_to_levels(std::span<float> values) {
  for (float& v : values) {
    const std::uint8_t level = picture::level_of(v);
    data::to_unit_range({&level, 1}, {&v, 1});
  }
}

void check_finite(const Tensor& values, const char* what) {
  if (values.dtype() != DType::f32) return;
  const auto all = values.values<float>();
  const auto bad = std::find_if(all.begin(), all.end(), [](float v) { return !std::isfinite(v); });
  if (bad != all.end()) fail<DataError>("{} samples: value {} is not finite", what, bad - all.begin());
}

}  // namespace

void for_each_piece(const Samples& samples, std::int64_t piece,
                    const std::function<void(std::int64_t, std::int64_t, std::span<const float>)>& use) {
  const auto size = static_cast<std::size_t>(samples.values_per_sample());
  std::vector<float> values;
  for (std::int64_t first = 0; first < samples.count; first += piece) {
    const std::int64_t n = std::min(piece, samples.count - first);
    values.resize(static_cast<std::size_t>(n) * size);
    for (std::int64_t k = 0; k < n; ++k)
      samples.copy(first + k, std::span(values).subspan(static_cast<std::size_t>(k) * size, size));
    use(first, n, values);
  }
}

Samples samples_of(const data::Dataset& dataset) {
  if (!dataset.has_labels())
    fail<DataError>("{}: a classifier learns from classes, and this set has none", dataset.provenance.name);
  Samples samples = samples_of(dataset.images, dataset.labels);
  samples.copy = [&dataset](std::int64_t i, std::span<float> out) { data::copy_values(dataset, i, out); };
  return samples;
}

Samples samples_of(const Tensor& values, std::vector<std::int32_t> labels) {
  check_values(values, "samples");
  if (static_cast<std::int64_t>(labels.size()) != values.shape()[0])
    fail<ShapeError>("samples: {} of them with {} labels", values.shape()[0], labels.size());
  return {.count = values.shape()[0],
          .shape = shape_of_one(values),
          .labels = std::move(labels),
          .copy = [&values](std::int64_t i, std::span<float> out) { copy_sample(values, i, out); }};
}

Samples real_and_fake(const Tensor& real, const Tensor& fake, bool rounded) {
  check_values(real, "real samples");
  check_values(fake, "fake samples");
  if (shape_of_one(real) != shape_of_one(fake)) {
    fail<ShapeError>("real samples are {} and fake ones {}", to_string(shape_of_one(real)),
                     to_string(shape_of_one(fake)));
  }
  const std::int64_t reals = real.shape()[0];
  const std::int64_t fakes = fake.shape()[0];
  if (reals == 0 || fakes == 0) fail<ShapeError>("wanted real and fake samples, found {} and {}", reals, fakes);
  check_finite(real, "real");
  check_finite(fake, "fake");
  Samples samples{.count = reals + fakes, .shape = shape_of_one(real), .labels = {}, .copy = {}};
  samples.labels.assign(static_cast<std::size_t>(reals), 1);
  samples.labels.resize(static_cast<std::size_t>(samples.count), 0);
  samples.copy = [&real, &fake, reals, rounded](std::int64_t i, std::span<float> out) {
    const Tensor& side = i < reals ? real : fake;
    copy_sample(side, i < reals ? i : i - reals, out);
    if (rounded && side.dtype() == DType::f32) round_to_levels(out);
  };
  return samples;
}

Tensor to_levels(const Tensor& pictures) {
  Tensor levels(DType::u8, pictures.shape());
  const auto values = pictures.values<float>();
  std::transform(values.begin(), values.end(), levels.values<std::uint8_t>().begin(), picture::level_of);
  return levels;
}

}  // namespace ganymede::fit
