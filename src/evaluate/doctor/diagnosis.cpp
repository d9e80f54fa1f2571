#include "evaluate/doctor/diagnosis.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "evaluate/doctor/rules.hpp"

// How it works. Each failure has a rule (rules.hpp) that says of one check-up whether it shows the failure. A failure
// is there when so many check-ups in a row show it, and over when as many do not. Most are silent while G still comes
// nearer to the data.

namespace ganymede::evaluate {

const std::vector<Failure>& failures() {
  static const std::vector<Failure> all = [] {
    std::vector<Failure> list;
    for (const Rule& rule : rules()) list.push_back(rule.failure);
    return list;
  }();
  return all;
}

Patient::Patient(const run::Recipe& recipe) : recipe_(recipe), signs_(rules().size()) {}

void Patient::add(const Checkup& checkup) {
  const Past past{.checkups = before_, .best_energy = best_energy_, .largest_gradient = largest_gradient_};
  const bool learns = checkup.energy < kNearer * best_energy_;
  for (std::size_t r = 0; r < rules().size(); ++r) {
    const Rule& rule = rules()[r];
    Signs& signs = signs_[r];
    const bool judged = !before_.empty() && checkup.step > kWarmUp && !(learns && rule.failure.waits);
    const bool shows = judged && rule.shows(past, checkup);
    if (shows == signs.there) {
      signs.row = 0;
    } else if (++signs.row == 1 && shows) {
      signs.since = {checkup.epoch, checkup.step};
    }
    if (signs.row == rule.failure.for_checkups) {
      signs.there = shows;
      signs.row = 0;
    }
    if (shows) signs.evidence = rule.evidence(past, checkup);
  }
  best_energy_ = before_.empty() ? checkup.energy : std::min(best_energy_, checkup.energy);
  largest_gradient_ = std::max(largest_gradient_, checkup.gradient_norm);
  before_.push_back(checkup);
}

std::vector<Diagnosis> Patient::diagnoses() const {
  std::vector<Diagnosis> found;
  for (std::size_t r = 0; r < rules().size(); ++r) {
    const Signs& signs = signs_[r];
    if (!signs.there || (rules()[r].failure.alone && !found.empty())) continue;
    found.push_back({.failure = &failures()[r],
                     .since_epoch = signs.since.epoch,
                     .since_step = signs.since.step,
                     .evidence = signs.evidence,
                     .remedy = fmt::format("{}", fmt::join(rules()[r].remedies(recipe_), "; or "))});
  }
  return found;
}

run::Event event_of(const Diagnosis& diagnosis, const Checkup& at) {
  run::Event event("warning");
  event.set("step", at.step)
      .set("epoch", at.epoch)
      .set("images", at.images)
      .set("reason", diagnosis.failure->name)
      .set("since_epoch", diagnosis.since_epoch)
      .set("since_step", diagnosis.since_step)
      .set("sentence", diagnosis.failure->sentence)
      .set("evidence", diagnosis.evidence)
      .set("remedy", diagnosis.remedy);
  return event;
}

}  // namespace ganymede::evaluate
