#include "engine/augment.hpp"

#include <algorithm>
#include <ranges>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::engine {
namespace {

// Row y and column x become those `down` and `right` of them; what comes in is 0.
template <class T>
void move_by(int down, int right, const Shape& image, std::span<T> values) {
  const auto h = static_cast<int>(image[1]), w = static_cast<int>(image[2]);
  std::vector<T> moved(values.size(), T(0));
  for (std::int64_t c = 0; c < image[0]; ++c) {
    for (int y = std::max(0, down); y < std::min(h, h + down); ++y) {
      for (int x = std::max(0, right); x < std::min(w, w + right); ++x) {
        moved[static_cast<std::size_t>((c * h + y) * w + x)] =
            values[static_cast<std::size_t>((c * h + y - down) * w + x - right)];
      }
    }
  }
  std::ranges::copy(moved, values.begin());
}

int half_of(std::int64_t side) {
  return static_cast<int>((side + 1) / 2);
}

template <class T>
void cut(const AugmentDraw& draw, const Shape& image, std::span<T> values) {
  const auto h = static_cast<int>(image[1]), w = static_cast<int>(image[2]);
  const int tall = half_of(h), wide = half_of(w);
  const int first_row = draw.top - tall / 2, first_column = draw.left - wide / 2;
  for (std::int64_t c = 0; c < image[0]; ++c) {
    for (int y = std::max(0, first_row); y < std::min(h, first_row + tall); ++y) {
      for (int x = std::max(0, first_column); x < std::min(w, first_column + wide); ++x)
        values[static_cast<std::size_t>((c * h + y) * w + x)] = T(0);
    }
  }
}

// Distances from the mean of each group of values times a factor: a linear map that is its own adjoint. Of colours a
// group is a pixel's channels, `stride` apart; else the whole picture.
template <class T>
void spread(double factor, std::size_t groups, std::size_t size, std::size_t stride, std::span<T> values) {
  for (std::size_t g = 0; g < groups; ++g) {
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += static_cast<double>(values[g + i * stride]);
    const double mean = sum / static_cast<double>(size);
    for (std::size_t i = 0; i < size; ++i) {
      T& value = values[g + i * stride];
      value = static_cast<T>(mean + factor * (static_cast<double>(value) - mean));
    }
  }
}

template <class T>
void saturate(const AugmentDraw& draw, const Shape& image, std::span<T> values) {
  const auto plane = static_cast<std::size_t>(image[1] * image[2]);
  spread(static_cast<double>(draw.saturation), plane, static_cast<std::size_t>(image[0]), plane, values);
}

template <class T>
void sharpen(const AugmentDraw& draw, std::span<T> values) {
  spread(static_cast<double>(draw.contrast), 1, values.size(), 1, values);
}

}  // namespace

std::vector<AugmentDraw> draw_augmentations(std::uint64_t seed, std::uint32_t step, Side side, std::int64_t count,
                                            const Shape& image) {
  const Random random(seed, side == Side::fake ? "augment.fake" : "augment.real", step);
  // As the authors' code: up to an eighth, rounded; the middle of the square lies anywhere from edge to edge.
  const auto shift = [&](RandomSequence& from, std::int64_t extent) {
    const auto most = static_cast<std::uint32_t>((extent + 4) / 8);
    return static_cast<int>(from.below(2 * most + 1)) - static_cast<int>(most);
  };
  const auto middle = [&](RandomSequence& from, std::int64_t extent) {
    return static_cast<int>(from.below(static_cast<std::uint32_t>(extent + 1 - half_of(extent) % 2)));
  };
  std::vector<AugmentDraw> draws;
  for (std::int64_t i = 0; i < count; ++i) {
    RandomSequence from(random, static_cast<std::uint32_t>(i));
    AugmentDraw draw;
    draw.brightness = static_cast<float>(from.uniform(-0.5, 0.5));
    draw.down = shift(from, image[1]);
    draw.right = shift(from, image[2]);
    draw.top = middle(from, image[1]);
    draw.left = middle(from, image[2]);
    draw.saturation = static_cast<float>(from.uniform(0, 2));
    draw.contrast = static_cast<float>(from.uniform(0.5, 1.5));
    draws.push_back(draw);
  }
  return draws;
}

template <class T>
void augment(std::span<const play::Augmentation> policy, const AugmentDraw& draw, const Shape& image,
             std::span<T> values) {
  for (const play::Augmentation kind : policy) {
    switch (kind) {
      case play::Augmentation::brightness:
        for (T& value : values) value += static_cast<T>(draw.brightness);
        break;
      case play::Augmentation::translation:
        move_by(draw.down, draw.right, image, values);
        break;
      case play::Augmentation::cutout:
        cut(draw, image, values);
        break;
      case play::Augmentation::saturation:
        saturate(draw, image, values);
        break;
      case play::Augmentation::contrast:
        sharpen(draw, values);
        break;
    }
  }
}

template <class T>
void augment_backward(std::span<const play::Augmentation> policy, const AugmentDraw& draw, const Shape& image,
                      std::span<T> gradient) {
  for (const play::Augmentation kind : std::views::reverse(policy)) {
    switch (kind) {
      case play::Augmentation::brightness:
        break;
      case play::Augmentation::translation:
        move_by(-draw.down, -draw.right, image, gradient);
        break;
      case play::Augmentation::cutout:
        cut(draw, image, gradient);
        break;
      case play::Augmentation::saturation:
        saturate(draw, image, gradient);
        break;
      case play::Augmentation::contrast:
        sharpen(draw, gradient);
        break;
    }
  }
}

template void augment(std::span<const play::Augmentation>, const AugmentDraw&, const Shape&, std::span<float>);
template void augment(std::span<const play::Augmentation>, const AugmentDraw&, const Shape&, std::span<double>);
template void augment_backward(std::span<const play::Augmentation>, const AugmentDraw&, const Shape&, std::span<float>);
template void augment_backward(std::span<const play::Augmentation>, const AugmentDraw&, const Shape&,
                               std::span<double>);

Tensor to_tensor(const std::vector<AugmentDraw>& draws) {
  std::vector<float> numbers;
  for (const AugmentDraw& d : draws) {
    numbers.push_back(d.brightness);
    for (const int n : {d.down, d.right, d.top, d.left}) numbers.push_back(static_cast<float>(n));
    for (const float factor : {d.saturation, d.contrast}) numbers.push_back(factor);
  }
  return Tensor::of<float>({std::ssize(draws), AugmentDraw::kNumbers}, numbers);
}

std::vector<AugmentDraw> augmentations_from(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  if (tensor.dtype() != DType::f32 || shape.size() != 2 || shape[1] != AugmentDraw::kNumbers) {
    fail<DataError>("augmentations: wanted f32 [N, {}], found {} {}", AugmentDraw::kNumbers, name_of(tensor.dtype()),
                    to_string(shape));
  }
  std::vector<AugmentDraw> draws;
  for (const float* n = tensor.values<float>().data(); std::ssize(draws) < shape[0]; n += AugmentDraw::kNumbers) {
    draws.push_back({.brightness = n[0],
                     .down = static_cast<int>(n[1]),
                     .right = static_cast<int>(n[2]),
                     .top = static_cast<int>(n[3]),
                     .left = static_cast<int>(n[4]),
                     .saturation = n[5],
                     .contrast = n[6]});
  }
  return draws;
}

}  // namespace ganymede::engine
