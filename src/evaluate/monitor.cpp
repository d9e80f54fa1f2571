#include "evaluate/monitor.hpp"

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "evaluate/classified.hpp"
#include "fit/real_or_generated.hpp"
#include "measure/resample.hpp"
#include "measure/two_sample.hpp"
#include "train/sources.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kTrain = 5000;
constexpr std::int64_t kJudged = 2000;
constexpr const char* kProtocol = "nk_weak_v1";

/// A fair sample of a split, the same at every epoch: those from `first` on in a random order.
Tensor sample_of(const data::Dataset& dataset, std::int64_t most, std::int64_t first = 0) {
  const auto order = measure::permutation(dataset.size(), Random(1, "evaluate.monitor"), 0);
  return rows_of(dataset.images,
                 std::span(order).subspan(static_cast<std::size_t>(first),
                                          static_cast<std::size_t>(std::min(most, dataset.size() - first))));
}

class Monitor : public train::Observer {
 public:
  Monitor(const train::ObserverContext& context, const play::Backend& backend,
          const std::vector<data::SearchPlace>& places, int threads)
      : setup_(context.setup),
        events_(context.events),
        backend_(backend),
        noise_(setup_.recipe, setup_.partition, setup_.conditions) {
    if (setup_.dataset.is_points())
      fail<ConfigError>("evaluate.every: the weak classifier judges pictures and ink, not points; set it to 0");
    const data::Dataset test =
        data::open_dataset(setup_.recipe.data.source, data::Split::test, places, train::open_options(setup_.recipe));
    const bool one_split = test.images == setup_.dataset.images;  // then no picture is on both sides
    real_judged_ = sample_of(test, one_split ? std::min(kJudged, test.size() / 2) : kJudged);
    real_train_ = sample_of(setup_.dataset, kTrain, one_split ? real_judged_.shape()[0] : 0);
    if (real_train_.shape()[0] == 0 || real_judged_.shape()[0] == 0)
      fail<ConfigError>("evaluate.every: wanted two real samples or more, found {}", test.size());
    const Shape sample(real_train_.shape().begin() + 1, real_train_.shape().end());
    protocol_ = fit::real_or_generated_protocol(kProtocol, sample);
    protocol_.fit.threads = threads;
    protocol_.fit.validate_every = protocol_.fit.steps;  // the last point alone is told
    protocol_.early_each = 0;
  }

  void on_epoch(const train::Moment& moment) override {
    const train::Position& position = moment.position;
    if (position.epoch % setup_.recipe.evaluate.every != 0) return;
    const auto begin = std::chrono::steady_clock::now();
    const Tensor fake_train = fakes(kJudgeTrainSeed, real_train_.shape()[0]);
    const Tensor fake_judged = fakes(kJudgeValidationSeed, real_judged_.shape()[0]);
    const auto found =
        fit::real_or_generated(backend_, {real_train_, fake_train, real_judged_, fake_judged}, protocol_);
    const auto test = measure::classifier_two_sample_test(found.count() - found.errors(), found.count());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    run::Event event("weak");
    event.set("step", position.step)
        .set("epoch", position.epoch)
        .set("images", position.images)
        .set("protocol", kProtocol)
        .set("trained_each", found.real_train)
        .set("val_loss", found.val_loss)
        .set("error_rate", found.error_rate())
        .set("real_errors", found.real_errors)
        .set("fake_errors", found.fake_errors)
        .set("count", found.count())
        .set("p_value", test.p_value)
        .set("time_seconds", seconds.count());
    events_.write(event);
  }

 private:
  Tensor fakes(std::uint64_t seed, std::int64_t count) { return collect(generated(setup_, noise_, seed), count); }

  train::Setup& setup_;
  run::EventWriter& events_;
  const play::Backend& backend_;
  train::Noise noise_;
  Tensor real_train_, real_judged_;
  fit::RealOrGeneratedProtocol protocol_;
};

}  // namespace

std::unique_ptr<train::Observer> make_monitor(const train::ObserverContext& context, const play::Backend& backend,
                                              const std::vector<data::SearchPlace>& places, int threads) {
  if (context.setup.recipe.evaluate.every <= 0) return nullptr;
  return std::make_unique<Monitor>(context, backend, places, threads);
}

}  // namespace ganymede::evaluate
