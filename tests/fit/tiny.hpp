#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/philox.hpp"
#include "data/dataset.hpp"
#include "engine/executor.hpp"
#include "fit/fit.hpp"
#include "fit/networks.hpp"

namespace ganymede::fit {

/// Who computes in these tests.
inline const play::Backend& backend() {
  return engine::cpu_backend();
}

/// Images [N, channels, 12, 12] of `classes` classes, image i of class i mod classes: noise with a bright row whose
/// place is the class.
inline data::Dataset bars(std::int64_t count, int classes, std::uint64_t seed, int channels = 1) {
  data::Dataset d;
  d.images = Tensor(DType::u8, {count, channels, 12, 12});
  const auto pixels = d.images.values<std::uint8_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    RandomSequence random(Random(seed, "bars"), static_cast<std::uint32_t>(i));
    const auto label = static_cast<std::int32_t>(i % classes);
    for (int c = 0; c < channels; ++c) {
      for (int y = 0; y < 12; ++y) {
        for (int x = 0; x < 12; ++x) {
          const std::uint32_t level = random.below(120) + (y == 2 + 2 * label ? 120 : 0);
          pixels[static_cast<std::size_t>(((i * channels + c) * 12 + y) * 12 + x)] = static_cast<std::uint8_t>(level);
        }
      }
    }
    d.labels.push_back(label);
  }
  d.provenance.name = "bars";
  return data::checked(std::move(d));
}

/// Symbols of ink [N, 10, 3], symbol i of class i mod classes: noisy moves in a direction that is the class.
inline data::Dataset strokes(std::int64_t count, int classes, std::uint64_t seed) {
  data::Dataset d;
  d.images = Tensor(DType::f32, {count, 10, 3});
  const auto values = d.images.values<float>();
  for (std::int64_t i = 0; i < count; ++i) {
    RandomSequence random(Random(seed, "strokes"), static_cast<std::uint32_t>(i));
    const auto label = static_cast<std::int32_t>(i % classes);
    for (std::size_t t = 0; t < 10; ++t) {
      const auto at = static_cast<std::size_t>(i) * 30 + 3 * t;
      values[at] = static_cast<float>(0.1 * (label - 1) + 0.05 * random.normal());
      values[at + 1] = static_cast<float>(0.05 * random.normal());
      values[at + 2] = 1;
    }
    d.labels.push_back(label);
  }
  d.provenance.name = "strokes";
  return data::checked(std::move(d));
}

inline net::Network tiny_network(int outputs, int channels = 1) {
  return image_classifier({.channels = channels,
                           .height = 12,
                           .width = 12,
                           .outputs = outputs,
                           .filters = 8,
                           .features = 16,
                           .dropout = 0.2F});
}

/// The message of the E that `call` throws; a failure if it throws none.
template <class E, class F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "threw another kind of exception: " << error.what();
    return {};
  }
  ADD_FAILURE() << "threw nothing";
  return {};
}

}  // namespace ganymede::fit
