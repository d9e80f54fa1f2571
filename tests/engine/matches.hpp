#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/philox.hpp"
#include "engine/executor.hpp"
#include "net/families.hpp"

namespace ganymede::engine {

// Pairs of networks, data and comparisons for the tests of executors.

using net::Node;

struct Match {
  net::Network generator, discriminator;
  int latent = 4;
  int classes = 0;
  Game game = {};
};

inline Match family(const net::GeneratorConfig& g, const net::DiscriminatorConfig& d) {
  return {net::digits_generator(g), net::digits_discriminator(d), g.latent_dim, std::max(g.classes, d.classes)};
}

inline net::GeneratorConfig small_generator() {
  return {.latent_dim = 4, .width = 8, .image_size = 12};
}
inline net::DiscriminatorConfig small_discriminator() {
  return {.width = 8, .image_size = 12, .dropout = 0};
}

inline NamedTensors start(const Match& m) {
  NamedTensors state = net::initialise(m.generator, 1);
  for (auto& [name, tensor] : net::initialise(m.discriminator, 2)) state[name] = tensor;
  // Nothing at its trivial initial value.
  std::uint32_t index = 0;
  for (auto& [name, tensor] : state) {
    const auto values = tensor.values<float>();
    std::vector<float> noise(values.size());
    Random(3, "start").uniform(index++, noise);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.2F * (noise[i] - 0.3F);
  }
  return state;
}

struct Data {
  std::vector<float> real, z;
  std::vector<std::int32_t> classes;
  std::vector<float> conditions;  // of the reals, then of the fakes
  Batch batch(std::int64_t count, std::uint32_t step) const {
    const std::span<const float> all = conditions;
    return {.count = count,
            .real = real,
            .z = z,
            .real_classes = classes,
            .fake_classes = classes,
            .real_conditions = all.first(all.size() / 2),
            .fake_conditions = all.subspan(all.size() / 2),
            .step = step};
  }
};

inline Data make_data(const Match& m, std::int64_t count, std::uint32_t step) {
  Data d;
  for (const Node& node : m.discriminator.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input != nullptr && input->role == net::Role::condition) {
      d.conditions.resize(static_cast<std::size_t>(2 * count * element_count(input->shape)));
    } else if (input != nullptr && input->role != net::Role::class_index) {
      d.real.resize(static_cast<std::size_t>(count * element_count(input->shape)));
    }
  }
  d.z.resize(static_cast<std::size_t>(count * m.latent));
  Random(4, "real").uniform(step, d.real);
  for (float& v : d.real) v = 2 * v - 1;
  Random(5, "z").normal(step, d.z);
  Random(6, "conditions").normal(step, d.conditions);
  for (std::int64_t i = 0; i < count && m.classes > 0; ++i)
    d.classes.push_back(static_cast<std::int32_t>((i * 7 + step) % m.classes));
  return d;
}

inline std::unique_ptr<Executor> make_fast(const Match& m, int batch, int threads,
                                           Precision precision = Precision::f32) {
  auto executor =
      make_cpu_executor(m.generator, m.discriminator,
                        {.game = m.game, .batch = batch, .threads = threads, .precision = precision, .seed = 9});
  executor->set_state(start(m));
  return executor;
}

inline double norm_of(const Tensor& t) {
  double sum = 0;
  for (const float v : t.values<float>()) sum += double{v} * v;
  return std::sqrt(sum);
}

inline Tensor as_float(const Tensor& t) {
  if (t.dtype() != DType::f64) return t;
  Tensor f(DType::f32, t.shape());
  for (std::int64_t i = 0; i < t.count(); ++i) f.values<float>()[i] = static_cast<float>(t.values<double>()[i]);
  return f;
}

// The rule of docs/contract.md (2): relative to the tensor's norm, or to a thousandth of the largest norm in its
// network. What is found beside what is wanted does not count.
inline void expect_close(const NamedTensors& found, const NamedTensors& wanted, double bound, const std::string& what) {
  std::map<std::string, double> largest;
  const auto network_of = [](const std::string& name) {
    return name.find("generator") != std::string::npos ? "generator" : "discriminator";
  };
  for (const auto& [name, tensor] : wanted) {
    if (tensor.dtype() != DType::i64)
      largest[network_of(name)] = std::max(largest[network_of(name)], norm_of(as_float(tensor)));
  }
  for (const auto& [name, tensor] : wanted) {
    ASSERT_TRUE(found.contains(name)) << name;
    if (tensor.dtype() == DType::i64) {
      EXPECT_EQ(found.at(name), tensor) << name;
      continue;
    }
    const Tensor w = as_float(tensor);
    double squares = 0;
    for (std::int64_t i = 0; i < w.count(); ++i) {
      const double d = found.at(name).values<float>()[i] - double{w.values<float>()[i]};
      squares += d * d;
    }
    EXPECT_LE(std::sqrt(squares), bound * std::max(norm_of(w), 1e-3 * largest[network_of(name)]))
        << what << " " << name;
  }
}

inline NamedTensors train_a_little(const Match& m, int threads, Precision precision = Precision::f32) {
  auto executor = make_fast(m, 40, threads, precision);
  for (std::uint32_t i = 0; i < 3; ++i) {
    const std::int64_t count = i == 2 ? 33 : 40;
    const Data data = make_data(m, count, i);
    executor->step(data.batch(count, i), Phase::both);
  }
  NamedTensors state = executor->state();
  const Data data = make_data(m, 40, 50);
  state["picture"] = executor->infer("generator", {.count = 40, .values = data.z, .classes = data.classes}).output;
  return state;
}

inline Match noisy_match(int width = 8) {
  auto g = small_generator();
  auto d = small_discriminator();
  g.width = d.width = width;
  g.activation = {.kind = net::ActivationKind::rrelu};
  d.dropout = 0.3F;
  g.classes = d.classes = 3;
  g.condition = d.condition = net::Condition::embedding;
  return family(g, d);
}

}  // namespace ganymede::engine
