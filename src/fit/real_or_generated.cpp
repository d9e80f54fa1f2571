#include "fit/real_or_generated.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "fit/networks.hpp"

namespace ganymede::fit {
namespace {

void check_count(const RealOrGeneratedProtocol& protocol, const char* what, const Tensor& samples,
                 std::int64_t wanted) {
  const std::int64_t found = samples.shape().empty() ? 0 : samples.shape()[0];
  if (wanted > 0 && found != wanted)
    fail<DataError>("{} wants {} {} samples, found {}", protocol.name, wanted, what, found);
}

/// The first `each` of both sides.
Samples first_of_both(const Samples& all, std::int64_t real_count, std::int64_t each) {
  const std::int64_t reals = std::min(each, real_count), fakes = std::min(each, all.count - real_count);
  const auto at = [=](std::int64_t i) { return i < reals ? i : real_count + i - reals; };
  Samples some{.count = reals + fakes, .shape = all.shape, .labels = {}, .copy = {}};
  for (std::int64_t i = 0; i < some.count; ++i) some.labels.push_back(all.labels[static_cast<std::size_t>(at(i))]);
  some.copy = [&all, at](std::int64_t i, std::span<float> out) { all.copy(at(i), out); };
  return some;
}

/// Stops the fit where an early point is due, judges, and goes on: the weights are those of a fit in one piece.
FitResult fit_with_early_points(const play::Backend& backend, const RealOrGeneratedProtocol& protocol,
                                const Samples& train, const Samples& validation, const Samples& early,
                                const OnProgress& on_progress, const FitState* from) {
  const FitOptions& options = protocol.fit;
  const std::int64_t batches = (train.count + options.batch - 1) / options.batch;
  const std::int64_t regular = options.validate_every > 0 ? options.validate_every : batches;
  const std::int64_t end = early.count > 0 ? std::min(regular, steps_of(options, train.count)) : 0;
  FitState state;
  double seconds = 0;
  for (std::int64_t due = 1; due < end; due *= 2) {
    if (from != nullptr && from->step >= due) continue;
    bool go_on = true;
    FitResult part = fit(
        backend, protocol.network, train, validation, options,
        [&](const FitProgress& p) {
          go_on = !on_progress || on_progress(p);
          return go_on && p.step < due;
        },
        from);
    if (part.steps == due) {
      const auto model = backend.make_model(
          protocol.network,
          {.batch = static_cast<int>(std::min<std::int64_t>(options.batch, train.count)), .threads = options.threads});
      model->load(part.parameters);
      const auto seen = static_cast<double>(part.state.seen);
      part.state.curve.push_back(
          {.step = due,
           .epoch = static_cast<double>(due) / static_cast<double>(batches),
           .train_loss = part.state.loss_sum / seen,
           .train_accuracy = part.state.right_sum / seen,
           .validation = evaluate(early, [&](const play::Inputs& inputs) { return model->infer(inputs).output; })});
      part.curve = part.state.curve;
    }
    part.seconds = seconds += part.seconds;
    if (!go_on) return part;
    state = std::move(part.state);
    from = &state;
  }
  FitResult result = fit(backend, protocol.network, train, validation, options, on_progress, from);
  result.seconds += seconds;
  return result;
}

}  // namespace

RealOrGeneratedProtocol real_or_generated_protocol(const std::string& name, const Shape& sample) {
  const bool strong = name == "nk_strong_v1" || name == "nk_strong_raw_v1";
  if (!strong && name != "nk_weak_v1") {
    fail<ConfigError>(
        "there is no protocol '{}' to tell real from generated: wanted nk_strong_v1, nk_strong_raw_v1 "
        "or nk_weak_v1",
        name);
  }
  // Without BatchNorm: a batch of both sides has statistics that samples of one side would not have.
  RealOrGeneratedProtocol protocol{.name = name,
                                   .rounded = name != "nk_strong_raw_v1" && sample.size() == 3,
                                   .network = classifier_for_shape(sample, 1, strong ? 1 : 0.5, false),
                                   .fit = {}};
  if (strong) {
    protocol.train_each = 60000;
    protocol.validation_each = 10000;
    protocol.fit.epochs = 50;
  } else {
    protocol.fit.steps = 300;
    protocol.fit.validate_every = 50;
  }
  return protocol;
}

RealOrGeneratedResult real_or_generated(const play::Backend& backend, const RealOrGeneratedData& data,
                                        const RealOrGeneratedProtocol& protocol, const OnProgress& on_progress,
                                        const FitState* from) {
  check_count(protocol, "real training", data.real_train, protocol.train_each);
  check_count(protocol, "fake training", data.fake_train, protocol.train_each);
  check_count(protocol, "real validation", data.real_validation, protocol.validation_each);
  check_count(protocol, "fake validation", data.fake_validation, protocol.validation_each);
  const Samples train = real_and_fake(data.real_train, data.fake_train, protocol.rounded);
  const Samples validation = real_and_fake(data.real_validation, data.fake_validation, protocol.rounded);

  const Samples early = first_of_both(validation, data.real_validation.shape()[0], protocol.early_each);

  RealOrGeneratedResult result{
      .protocol = protocol.name,
      .real_train = data.real_train.shape()[0],
      .fake_train = data.fake_train.shape()[0],
      .fit = fit_with_early_points(backend, protocol, train, validation, early, on_progress, from)};
  if (!result.fit.finished) return result;
  const Evaluation& last = result.fit.curve.back().validation;
  result.val_loss = last.loss;
  result.fake_errors = last.class_errors[0];
  result.fake_count = last.class_counts[0];
  result.real_errors = last.class_errors[1];
  result.real_count = last.class_counts[1];
  return result;
}

}  // namespace ganymede::fit
