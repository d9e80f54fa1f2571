#include "play/check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ganymede::play {
namespace {

constexpr double kFloor = 1e-3;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

double element(const Tensor& tensor, std::size_t i) {
  return tensor.dtype() == DType::f64 ? tensor.values<double>()[i] : double{tensor.values<float>()[i]};
}

bool is_real(const Tensor& tensor) {
  return tensor.dtype() == DType::f32 || tensor.dtype() == DType::f64;
}

double norm(const Tensor& tensor) {
  double squares = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(tensor.count()); ++i)
    squares += element(tensor, i) * element(tensor, i);
  return std::sqrt(squares);
}

double distance(const Tensor& a, const Tensor& b) {
  double squares = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(a.count()); ++i) {
    const double d = element(a, i) - element(b, i);
    squares += d * d;
  }
  return std::sqrt(squares);
}

double ratio(double difference, double scale) {
  if (!std::isfinite(difference) || !std::isfinite(scale)) return kInfinite;
  return difference == 0 ? 0 : difference / scale;
}

/// "generator" of "generator.conv1.weight", "ema.generator" of "ema.generator.conv1.weight".
std::string kind_of(const std::string& name) {
  const std::size_t from = name.starts_with("ema.") ? 4 : 0;
  return name.substr(0, name.find('.', from));
}

void sort(std::vector<Deviation>& list) {
  std::ranges::stable_sort(list, std::greater{}, &Deviation::difference);
}

NamedTensors parameters_of(const Executor& executor) {
  NamedTensors state = executor.state();
  std::erase_if(state, [](const auto& entry) { return entry.first.starts_with("optimizer."); });
  return state;
}

}  // namespace

double StepCheck::worst() const {
  double worst = 0;
  for (const auto* list : {&losses, &gradients, &parameters}) {
    for (const Deviation& d : *list) worst = std::max(worst, d.difference);
  }
  return worst;
}

std::vector<Deviation> deviations(const NamedTensors& found, const NamedTensors& wanted,
                                  const std::map<std::string, double>& floors) {
  std::map<std::string, double> largest;
  for (const auto& [name, tensor] : wanted) {
    if (is_real(tensor)) largest[kind_of(name)] = std::max(largest[kind_of(name)], norm(tensor));
  }
  for (const auto& [name, tensor] : found) {
    if (!wanted.contains(name)) fail<DataError>("the reference has no tensor '{}'", name);
  }
  std::vector<Deviation> list;
  for (const auto& [name, tensor] : wanted) {
    const auto own = found.find(name);
    if (own == found.end() || own->second.shape() != tensor.shape()) {
      fail<DataError>("tensor '{}': wanted {} as the reference has, found {}", name, to_string(tensor.shape()),
                      own == found.end() ? "none" : to_string(own->second.shape()));
    }
    if (!is_real(tensor)) continue;
    const auto floor = floors.find(name);
    const double least = std::max(kFloor * largest[kind_of(name)], floor == floors.end() ? 0 : floor->second);
    const double scale = std::max(norm(tensor), least);
    list.push_back({name, ratio(distance(own->second, tensor), scale)});
  }
  sort(list);
  return list;
}

StepCheck check_step(Executor& executor, Reference& reference, const Batch& batch, Phase phase) {
  const StepResult found = executor.step(batch, phase);
  reference.set_noise(executor.noise());
  const StepResult wanted = reference.step(batch, phase);
  StepCheck check{.phase = phase, .tick = batch.step, .result = found, .losses = {}, .gradients = {}, .parameters = {}};
  const auto loss = [&](const char* name, double StepResult::*value) {
    check.losses.push_back(
        {name, ratio(std::abs(found.*value - wanted.*value), std::max(std::abs(wanted.*value), 1.0))});
  };
  loss("loss of generator", &StepResult::generator_loss);
  if (phase != Phase::generator) {
    loss("loss of discriminator", &StepResult::discriminator_loss);
    loss("loss of discriminator, real", &StepResult::discriminator_real_loss);
    loss("loss of discriminator, fake", &StepResult::discriminator_fake_loss);
  }
  if (found.penalty || wanted.penalty) {
    const double own = found.penalty.value_or(kInfinite), right = wanted.penalty.value_or(kInfinite);
    check.losses.push_back({"penalty of discriminator", ratio(std::abs(own - right), std::max(std::abs(right), 1.0))});
  }
  sort(check.losses);
  const NamedTensors gradients = reference.gradients();
  NamedTensors own = executor.gradients();
  // An executor keeps the other player's gradients of an earlier step.
  std::erase_if(own, [&](const auto& entry) { return !gradients.contains(entry.first); });
  // The gradient of D's last bias is the sum of the loss's slopes, which between players of equal strength cancel to a
  // thousandth and less, and so does that of the one channel of grey images. A sum of n terms t in f32 is off by up to
  // n 2^-24 sum |t|, whatever it comes to (Higham 2002, 4.2), and terms that are each right to the tolerance make it
  // off by that times sum |t|. So it is compared with sum |t|: the tolerance of f32 covers the rounding of 1,600 terms
  // even at its worst, of any batch as it comes (the root of n), and one sample left out of up to ten thousand exceeds
  // it. Found: up to 8e-7 over tiny runs of dcgan, a conditional recipe, ink and landscapes, and quick with batches to
  // 2048.
  check.gradients = deviations(own, gradients, reference.sums_of_magnitudes());
  check.parameters = deviations(parameters_of(executor), parameters_of(reference));
  return check;
}

double tolerance(Precision precision) {
  return precision == Precision::f32 ? 1e-4 : 0.1;
}

}  // namespace ganymede::play
