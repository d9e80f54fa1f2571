#include "fit/real_or_generated.hpp"

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

RealOrGeneratedResult real_or_generated(const RealOrGeneratedData& data, const RealOrGeneratedProtocol& protocol,
                                        const OnProgress& on_progress, const FitState* from) {
  check_count(protocol, "real training", data.real_train, protocol.train_each);
  check_count(protocol, "fake training", data.fake_train, protocol.train_each);
  check_count(protocol, "real validation", data.real_validation, protocol.validation_each);
  check_count(protocol, "fake validation", data.fake_validation, protocol.validation_each);
  const Samples train = real_and_fake(data.real_train, data.fake_train, protocol.rounded);
  const Samples validation = real_and_fake(data.real_validation, data.fake_validation, protocol.rounded);

  RealOrGeneratedResult result{.protocol = protocol.name,
                               .real_train = data.real_train.shape()[0],
                               .fake_train = data.fake_train.shape()[0],
                               .fit = fit(protocol.network, train, validation, protocol.fit, on_progress, from)};
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
