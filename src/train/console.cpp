#include "train/console.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/wording.hpp"

namespace ganymede::train {
namespace {

constexpr double kMemory = 0.95;  // the losses shown are a mean over about 20 updates

void mix(double& mean, bool& has_one, double value) {
  mean = has_one ? kMemory * mean + (1 - kMemory) * value : value;
  has_one = true;
}

}  // namespace

Console::Console(ProgressStyle style, std::int64_t total_images, std::int64_t epochs)
    : style_(style), total_images_(total_images), epochs_(epochs) {}

std::string Console::label(std::int64_t epoch) const {
  return epochs_ > 0 ? fmt::format("epoch {}/{}", epoch, epochs_) : fmt::format("epoch {}", epoch);
}

void Console::on_start(const Moment& moment) {
  epoch_images_ = moment.position.images;
  ProgressOptions options;
  options.style = style_;
  options.start = static_cast<double>(moment.position.images);
  const std::int64_t next = moment.position.epoch + 1;  // a run that has nothing left stays at its last epoch
  progress_ = std::make_unique<Progress>(label(epochs_ > 0 ? std::min(next, epochs_) : next),
                                         static_cast<double>(total_images_), options);
}

void Console::on_step(const Moment& moment) {
  if (g_rate_ == 0) {
    g_rate_ = moment.result.generator_rate;
    d_rate_ = moment.result.discriminator_rate;
  }
  if (moment.phase != play::Phase::generator) mix(d_loss_, has_d_, moment.result.discriminator_loss);
  if (moment.phase != play::Phase::discriminator) mix(g_loss_, has_g_, moment.result.generator_loss);
  progress_->update(static_cast<double>(moment.position.images),
                    fmt::format("d {}  g {}", figure(d_loss_), figure(g_loss_)));
}

void Console::on_epoch(const Moment& moment) {
  const Means means = moment.epoch_meter.means();
  const double seconds = moment.seconds - epoch_seconds_;
  const play::StepResult& last = moment.result;
  const bool moved = g_rate_ > 0 && (last.generator_rate != g_rate_ || last.discriminator_rate != d_rate_);
  g_rate_ = last.generator_rate;
  d_rate_ = last.discriminator_rate;
  progress_->message(
      fmt::format("{}: d {}, g {}, D right on {:.0f} % of real and {:.0f} % of fake, {:.0f} images/s{}{}",
                  label(moment.position.epoch), figure(means.discriminator_loss), figure(means.generator_loss),
                  100 * means.real_accuracy, 100 * means.fake_accuracy,
                  static_cast<double>(moment.position.images - epoch_images_) / seconds,
                  moved ? fmt::format(", rates d {:.3g}, g {:.3g}", d_rate_, g_rate_) : "", notes_));
  notes_.clear();
  if (epochs_ == 0 || moment.position.epoch < epochs_) progress_->set_label(label(moment.position.epoch + 1));
  epoch_seconds_ = moment.seconds;
  epoch_images_ = moment.position.images;
}

void Console::on_end(const Moment&, Ending) {
  progress_->finish();
}

}  // namespace ganymede::train
