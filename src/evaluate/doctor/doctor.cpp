#include "evaluate/doctor/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "evaluate/doctor/diagnosis.hpp"

namespace ganymede::evaluate {
namespace {

constexpr const char* kWatchedName = "doctor.watched";

// Small epochs wait for one another, so that check-ups take 1 % of the training at most: to generate the fakes takes as
// long as to train on some fifty images, and distances take a time that grows with the size of a sample.
std::int64_t images_between(const data::Dataset& dataset) {
  constexpr std::int64_t kForEachValue = 20, kLeast = 10'000, kMost = 16'000;
  return std::clamp(kForEachValue * (element_count(dataset.images.shape()) / dataset.size()), kLeast, kMost);
}

class Doctor : public train::Observer {
 public:
  Doctor(const train::ObserverContext& context, int threads, std::function<void(const std::string&)> say)
      : recipe_(context.setup.recipe),
        events_(context.events),
        say_(std::move(say)),
        taker_(context.setup, threads),
        patient_(recipe_),
        images_between_(images_between(context.setup.dataset)) {
    for (const Checkup& checkup : checkups_in(run::read_events(context.directory.events_path()))) {
      patient_.add(checkup);
      last_images_ = checkup.images;
    }
    for (const Diagnosis& diagnosis : patient_.diagnoses()) told_.insert(diagnosis.failure->name);
    if (context.from == nullptr) return;
    const auto watched = context.from->monitors.find(kWatchedName);
    if (watched != context.from->monitors.end()) taker_.restore(watched->second);
  }

  void on_epoch(const train::Moment& moment) override {
    if (moment.position.epoch % recipe_.evaluate.doctor_every != 0) return;
    if (moment.position.images - last_images_ < images_between_) return;
    last_images_ = moment.position.images;
    const auto begin = std::chrono::steady_clock::now();
    const Checkup last = taker_.take(moment);
    patient_.add(last);
    events_.write(event_of(last).set("time_seconds",
                                     std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()));
    std::set<std::string> found;
    for (const Diagnosis& diagnosis : patient_.diagnoses()) {
      found.insert(diagnosis.failure->name);
      if (!told_.contains(diagnosis.failure->name)) warn(diagnosis, last);
    }
    for (const std::string& name : told_) {
      if (found.contains(name)) continue;
      events_.write(run::Event("recovered")
                        .set("step", last.step)
                        .set("epoch", last.epoch)
                        .set("images", last.images)
                        .set("reason", name));
    }
    told_ = std::move(found);
  }

  void store(NamedTensors& tensors) const override {
    if (taker_.watched()) tensors[kWatchedName] = *taker_.watched();
  }

 private:
  void warn(const Diagnosis& diagnosis, const Checkup& at) {
    events_.write(event_of(diagnosis, at));
    if (!say_) return;
    say_(fmt::format("warning: {}, since epoch {}: {}. Try {}", diagnosis.failure->sentence, diagnosis.since_epoch,
                     diagnosis.evidence, diagnosis.remedy));
  }

  const run::Recipe& recipe_;
  run::EventWriter& events_;
  std::function<void(const std::string&)> say_;
  CheckupTaker taker_;
  Patient patient_;
  std::int64_t images_between_;
  std::int64_t last_images_ = 0;  ///< those before the last check-up
  std::set<std::string> told_;    ///< failures that the run has by its last check-up
};

}  // namespace

std::unique_ptr<train::Observer> make_doctor(const train::ObserverContext& context, int threads,
                                             std::function<void(const std::string& line)> say) {
  if (context.setup.recipe.evaluate.doctor_every <= 0 || context.setup.dataset.size() < kFewestForAll) return nullptr;
  return std::make_unique<Doctor>(context, threads, std::move(say));
}

}  // namespace ganymede::evaluate
