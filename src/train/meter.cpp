#include "train/meter.hpp"

#include <cmath>
#include <string_view>

namespace ganymede::train {
namespace {

double joint_norm(const play::StepResult& result, std::string_view prefix) {
  double squares = 0;
  for (const play::GradientNorm& gradient : result.gradient_norms) {
    if (gradient.name.starts_with(prefix)) squares += gradient.norm * gradient.norm;
  }
  return std::sqrt(squares);
}

double ratio(double sum, double weight) {
  return weight > 0 ? sum / weight : 0;
}

}  // namespace

void Meter::add(play::Phase phase, std::int64_t images, const play::StepResult& result) {
  const double weight = static_cast<double>(images);
  Means& w = sums_.weighted;
  w.information += weight * result.information.value_or(0);
  sums_.information_images += result.information ? weight : 0;
  if (phase != play::Phase::discriminator) {
    w.generator_loss += weight * result.generator_loss;
    w.generator_gradient_norm += weight * joint_norm(result, "generator.");
    sums_.generator_images += weight;
  }
  if (phase != play::Phase::generator) {
    w.discriminator_loss += weight * result.discriminator_loss;
    w.discriminator_real_loss += weight * result.discriminator_real_loss;
    w.discriminator_fake_loss += weight * result.discriminator_fake_loss;
    w.discriminator_gradient_norm += weight * joint_norm(result, "discriminator.");
    w.real_accuracy += weight * result.real_accuracy;
    w.fake_accuracy += weight * result.fake_accuracy;
    w.penalty += weight * result.penalty.value_or(0);
    sums_.penalty_images += result.penalty ? weight : 0;
    sums_.discriminator_images += weight;
  }
}

Means Meter::means() const {
  const Means& w = sums_.weighted;
  const double g = sums_.generator_images;
  const double d = sums_.discriminator_images;
  return {.generator_loss = ratio(w.generator_loss, g),
          .generator_gradient_norm = ratio(w.generator_gradient_norm, g),
          .discriminator_loss = ratio(w.discriminator_loss, d),
          .discriminator_real_loss = ratio(w.discriminator_real_loss, d),
          .discriminator_fake_loss = ratio(w.discriminator_fake_loss, d),
          .discriminator_gradient_norm = ratio(w.discriminator_gradient_norm, d),
          .real_accuracy = ratio(w.real_accuracy, d),
          .fake_accuracy = ratio(w.fake_accuracy, d),
          .penalty = ratio(w.penalty, sums_.penalty_images),
          .information = ratio(w.information, sums_.information_images)};
}

}  // namespace ganymede::train
