#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/philox.hpp"
#include "engine/plan/program.hpp"
#include "engine/player.hpp"
#include "engine/reference/dual.hpp"
#include "engine/reference/interpreter.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

/// What moves while tangents are taken.
struct Direction {
  bool parameters = false, input = false;
};

/// A network with weights, samples, gradients of its outputs and directions for all of them, by the engine and by the
/// interpreter on dual numbers.
class TangentTrial {
 public:
  TangentTrial(net::Network network, std::int64_t count, Direction direction)
      : network_(std::move(network)), count_(count), direction_(direction), weights_(net::initialise(network_, 1)) {
    std::uint32_t index = 0;
    for (auto& [name, tensor] : weights_) {  // nothing at its trivial initial value
      const auto values = tensor.values<float>();
      const std::vector<float> noise = drawn("weights", index, values.size());
      for (std::size_t i = 0; i < noise.size(); ++i) values[i] += 0.1F * noise[i];
      directions_[name] = Tensor::of<float>(tensor.shape(), drawn("direction", index++, values.size()));
    }
    const Shape in = std::get<net::Input>(net::value_input(network_).layer).shape;
    x_ = drawn("x", 0, static_cast<std::size_t>(count * element_count(in)));
    x_tangent_ = drawn("x", 1, x_.size());
    for (std::int64_t i = 0; i < count && net::class_count(network_) > 0; ++i)
      classes_.push_back(static_cast<std::int32_t>(i % net::class_count(network_)));
    const std::vector<Shape> shapes = net::infer_shapes(network_);
    for (const std::string& out : network_.outputs) {
      const auto size = static_cast<std::size_t>(count * element_count(shapes[network_.index_of(out)]));
      output_gradients_[out] = {drawn("g", index, size), drawn("g'", index, size)};
      ++index;
    }
  }

  /// Tangents by name: "value <output>", "gradient <parameter>", "gradient <input>".
  std::map<std::string, std::vector<double>> by_engine(
      int threads, Program::Options::Blocks blocks = Program::Options::Blocks::none) {
    const Layout layout = make_layout(network_);
    ParameterSet parameters(network_, layout);
    parameters.load(weights_, network_.name + ".");
    parameters.reserve_tangents(direction_.parameters);
    for (Parameter& p : parameters.all()) {
      if (!p.trainable) continue;
      p.gradient = Buffer(p.size);
      if (direction_.parameters) p.load(directions_.at(network_.name + "." + p.name), p.direction);
    }
    Program program(
        network_, layout, parameters,
        {.max_samples = count_, .training = true, .input_gradients = true, .tangents_for = "test", .blocks = blocks});
    program.parameters_changed();
    ThreadPool pool(threads);
    Step step{.pool = pool, .samples = count_, .training = true, .seed = 5, .number = 3, .classes = classes_};
    const Field& in = program.field(net::value_input(network_).name);
    scatter_samples(in, in.value, count_, 0, count_, x_.data());
    program.forward(step);
    for (const auto& [out, g] : output_gradients_) write_gradient(program.field(out), count_, 0, g.first);
    step.backward_samples = step.input_samples = count_;
    step.weight_gradients = false;
    program.backward(step);

    step.parameter_direction = direction_.parameters;
    step.input_direction = direction_.input;
    if (direction_.input) scatter_samples(in, in.value_tangent, count_, 0, count_, x_tangent_.data());
    program.forward_tangent(step);
    std::map<std::string, std::vector<double>> found;
    const auto read = [&](const Field& field, const float* base) {
      std::vector<float> values(static_cast<std::size_t>(count_ * field.features()));
      gather_samples(field, base, count_, 0, count_, values.data());
      return std::vector<double>(values.begin(), values.end());
    };
    for (const auto& [out, g] : output_gradients_) {
      const Field& field = program.field(out);
      found["value " + out] = read(field, field.value_tangent);
      scatter_samples(field, field.gradient_tangent, count_, 0, count_, g.second.data());
    }
    program.backward_tangent(step);
    found["gradient " + net::value_input(network_).name] = read(in, in.gradient_tangent);
    for (const Parameter& p : parameters.all()) {
      if (!p.trainable) continue;
      const Tensor tensor = p.store(p.gradient_tangent);
      found["gradient " + p.name] = {tensor.values<float>().begin(), tensor.values<float>().end()};
    }
    noise_.clear();
    program.noise(step, noise_);
    return found;
  }

  /// After by_engine, whose draws it repeats.
  std::map<std::string, std::vector<double>> by_dual_numbers() const {
    Interpreter<Dual> interpreter(network_);
    interpreter.set_parameters(weights_);
    for (Variable<Dual>& v : interpreter.variables()) {
      const auto direction = directions_.at(network_.name + "." + v.name).values<float>();
      for (std::size_t i = 0; direction_.parameters && v.trainable && i < v.value.size(); ++i)
        v.value[i].tangent = direction[i];
    }
    const auto along = [](const std::vector<float>& values, const std::vector<float>& tangents, bool moves) {
      std::vector<Dual> both(values.begin(), values.end());
      for (std::size_t i = 0; moves && i < both.size(); ++i) both[i].tangent = tangents[i];
      return both;
    };
    Mode<Dual> mode{.training = true};
    for (const auto& [node, tensor] : noise_) mode.noise[node] = to_vector<Dual>(tensor, node);
    interpreter.forward(
        named_inputs<Dual>(network_, count_, std::span<const Dual>(along(x_, x_tangent_, direction_.input)), classes_),
        mode);
    std::map<std::string, std::vector<Dual>> seeds;
    for (const auto& [out, g] : output_gradients_) seeds[out] = along(g.first, g.second, true);
    interpreter.backward(seeds);
    std::map<std::string, std::vector<double>> wanted;
    const auto tangents = [](const std::vector<Dual>& values) {
      std::vector<double> of(values.size());
      std::ranges::transform(values, of.begin(), &Dual::tangent);
      return of;
    };
    for (const auto& [out, g] : output_gradients_) wanted["value " + out] = tangents(interpreter.value(out));
    const std::string input = net::value_input(network_).name;
    wanted["gradient " + input] = tangents(interpreter.gradient(input));
    for (const Variable<Dual>& v : interpreter.variables()) {
      if (v.trainable) wanted["gradient " + v.name] = tangents(v.gradient);
    }
    return wanted;
  }

 private:
  static std::vector<float> drawn(const char* stream, std::uint32_t index, std::size_t count) {
    std::vector<float> values(count);
    Random(7, stream).normal(index, values);
    return values;
  }

  net::Network network_;
  std::int64_t count_;
  Direction direction_;
  NamedTensors weights_, directions_, noise_;
  std::vector<float> x_, x_tangent_;
  std::vector<std::int32_t> classes_;
  std::map<std::string, std::pair<std::vector<float>, std::vector<float>>> output_gradients_;
};

/// L2 norms: |a - b| <= bound max(|b|, 1e-3 of the largest).
inline void expect_tangents(const std::map<std::string, std::vector<double>>& found,
                            const std::map<std::string, std::vector<double>>& wanted, double bound = 1e-5) {
  const auto norm = [](const std::vector<double>& v) {
    double squares = 0;
    for (const double x : v) squares += x * x;
    return std::sqrt(squares);
  };
  double largest = 0;
  for (const auto& [name, values] : wanted) largest = std::max(largest, norm(values));
  EXPECT_GT(largest, 0);
  for (const auto& [name, values] : wanted) {
    ASSERT_TRUE(found.contains(name)) << name;
    std::vector<double> difference = found.at(name);
    ASSERT_EQ(difference.size(), values.size()) << name;
    for (std::size_t i = 0; i < values.size(); ++i) difference[i] -= values[i];
    EXPECT_LE(norm(difference), bound * std::max(norm(values), 1e-3 * largest)) << name;
  }
}

/// Engine and dual numbers, in every direction, and the same bits from several threads.
inline void expect_right_tangents(const net::Network& network, std::int64_t count,
                                  Program::Options::Blocks blocks = Program::Options::Blocks::none) {
  for (const Direction direction : {Direction{true, false}, Direction{false, true}, Direction{true, true}}) {
    SCOPED_TRACE(std::string(direction.parameters ? "parameters " : "") + (direction.input ? "input" : ""));
    TangentTrial trial(network, count, direction);
    const auto found = trial.by_engine(1, blocks);
    expect_tangents(found, trial.by_dual_numbers());
    EXPECT_EQ(trial.by_engine(3, blocks), found);
  }
}

}  // namespace ganymede::engine
