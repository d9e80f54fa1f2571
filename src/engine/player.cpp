#include "engine/player.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "kernels/level.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {
namespace {

bool load_if_there(const NamedTensors& state, const std::string& name, const Parameter& p, Buffer& into) {
  const auto found = state.find(name);
  if (found == state.end()) return false;
  if (found->second.shape() != p.shape || found->second.dtype() != DType::f32) {
    fail<DataError>("tensor '{}': wanted f32 {}, found {} {}", name, to_string(p.shape), name_of(found->second.dtype()),
                    to_string(found->second.shape()));
  }
  p.load(found->second, into);
  return true;
}

}  // namespace

Player::Player(const net::Network& n, const Optimizer& rule_config, const Program::Options& options)
    : network(n),
      layout(make_layout(network)),
      parameters(network, layout),
      rule(rule_config, parameters),
      program(network, layout, parameters, options) {}

void Player::forward(const Step& step) {
  if (parameters.is_normalised()) {
    parameters.normalise(step.pool, step.training);
    changed();
  }
  program.forward(step);
}

void Player::backward(const Step& step) {
  program.backward(step);
  if (step.parameter_gradients) parameters.pull_back(step.pool);
}

std::vector<double> Player::gradient_norms(ThreadPool& pool, std::vector<GradientNorm>& named) const {
  std::vector<double> norms = rule.gradient_norms(pool);
  std::size_t i = 0;
  for (const Parameter& p : parameters.all()) {
    if (!p.trainable) continue;
    const std::string name = network.name + "." + p.name;
    if (!std::isfinite(norms[i])) throw NonFiniteError("gradient of " + name, norms[i]);
    named.push_back({name, norms[i]});
    ++i;
  }
  return norms;
}

void Player::store_gradients(NamedTensors& into) const {
  for (const Parameter& p : parameters.all()) {
    if (p.trainable) into[network.name + "." + p.name] = p.store(p.gradient);
  }
}

void Player::store_state(NamedTensors& into) const {
  const std::string prefix = network.name + ".";
  for (const Parameter& p : parameters.all()) {
    into[prefix + p.name] = p.store(p.value);
    if (p.average.size() > 0) into["ema." + prefix + p.name] = p.store(p.average);
    if (p.first.size() > 0) into["optimizer." + prefix + p.name + ".m"] = p.store(p.first);
    if (p.second.size() > 0) into["optimizer." + prefix + p.name + ".v"] = p.store(p.second);
  }
  const std::int64_t updates = rule.updates();
  into["optimizer." + prefix + "step"] = Tensor::of<std::int64_t>({1}, std::span(&updates, 1));
}

std::size_t Player::load_state(const NamedTensors& state) {
  const std::string prefix = network.name + ".";
  parameters.load(state, prefix);
  std::size_t used = parameters.all().size();
  std::int64_t updates = 0;
  if (const auto found = state.find("optimizer." + prefix + "step"); found != state.end()) {
    if (found->second.shape() != Shape{1}) {
      fail<DataError>("tensor 'optimizer.{}step': wanted i64 [1], found {}", prefix, to_string(found->second.shape()));
    }
    updates = found->second.values<std::int64_t>()[0];
    ++used;
  }
  rule.set_updates(updates);
  for (Parameter& p : parameters.all()) {
    for (const auto& [suffix, buffer] : {std::pair{".m", &p.first}, std::pair{".v", &p.second}}) {
      if (buffer->size() == 0) continue;
      const std::string name = "optimizer." + prefix + p.name + suffix;
      if (load_if_there(state, name, p, *buffer)) {
        ++used;
      } else {
        if (updates > 0) fail<DataError>("the state holds no tensor '{}'", name);
        std::memset(buffer->data(), 0, static_cast<std::size_t>(buffer->size()) * sizeof(float));
      }
    }
    if (p.average.size() == 0) continue;
    if (load_if_there(state, "ema." + prefix + p.name, p, p.average)) {
      ++used;
    } else {
      std::memcpy(p.average.data(), p.value.data(), static_cast<std::size_t>(p.value.size()) * sizeof(float));
    }
  }
  changed();
  return used;
}

std::vector<std::vector<float>> Player::statistics() const {
  std::vector<std::vector<float>> kept;
  for (const Parameter& p : parameters.all()) {
    if (!p.trainable) kept.emplace_back(p.value.data(), p.value.data() + p.value.size());
  }
  return kept;
}

void Player::restore_statistics(const std::vector<std::vector<float>>& kept) {
  auto values = kept.begin();
  for (Parameter& p : parameters.all()) {
    if (p.trainable) continue;
    std::copy(values->begin(), values->end(), p.value.data());
    ++values;
  }
}

void check_known(const NamedTensors& state, const NamedTensors& known, const std::string& owner) {
  for (const auto& [name, tensor] : state) {
    if (!known.contains(name)) {
      fail<DataError>("the state holds a tensor '{}' of shape {} that this {} has not", name, to_string(tensor.shape()),
                      owner);
    }
  }
}

std::vector<float> read_samples(const Field& field, std::int64_t total, std::int64_t first, std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(count * field.features()));
  gather_samples(field, field.value, total, first, count, values.data());
  return values;
}

void write_gradient(const Field& field, std::int64_t total, std::int64_t first, const std::vector<float>& values) {
  scatter_samples(field, field.gradient, total, first, static_cast<std::int64_t>(values.size()) / field.features(),
                  values.data());
}

std::string plan_name_of(const std::vector<PassInfo>& passes, bool mixed) {
  const bool transforms =
      std::any_of(passes.begin(), passes.end(), [](const PassInfo& p) { return p.kernel.starts_with("transform"); });
  const bool blocks =
      std::any_of(passes.begin(), passes.end(), [](const PassInfo& p) { return p.kernel.starts_with("blocks"); });
  const std::string arithmetic = mixed ? std::string("mixed ") + kernels::name_of(kernels::unit()) + " " : "f32 ";
  return arithmetic + kernels::level() + (transforms ? " transform/1" : blocks ? " blocks/2" : " direct/1");
}

}  // namespace ganymede::engine
