#include "evaluate/doctor/diagnosis.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

// How it works. Each failure has a rule that says of one check-up, with what is known of those before it, whether it
// shows the failure. A failure is there when so many check-ups in a row show it, and over when as many do not. Most are
// silent while G still comes nearer to the data. The thresholds were chosen on recipes that fail on purpose and on
// healthy ones (docs/doctor.md).

namespace ganymede::evaluate {
namespace {

double right(const Checkup& c) {
  return (c.real_accuracy + c.fake_accuracy) / 2;
}

struct Rule {
  Failure failure;
  bool (*shows)(const Past& past, const Checkup& last);
  std::string (*evidence)(const Past& past, const Checkup& last);
  std::vector<std::string> (*remedies)(const run::Recipe& recipe);
};

std::string groups_text(const Checkup& c) {
  return c.groups_of > 0 ? fmt::format(", {} of {} classes or modes are met", c.groups, c.groups_of) : std::string();
}

bool is_plain_game(const run::Recipe& recipe) {
  return recipe.game.penalty == play::Penalty::none && recipe.game.unroll == 0;
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {.failure = {"divergence", "the game diverges: samples move away from the data",
                   "the energy distance is above 0.3 and three times the best so far, or a loss above 20", 2, false},
       .shows =
           [](const Past& past, const Checkup& last) {
             return (last.energy > 0.3 && last.energy > 3 * past.best_energy) ||
                    std::max(std::abs(last.discriminator_loss), std::abs(last.generator_loss)) > 20;
           },
       .evidence =
           [](const Past& past, const Checkup& last) {
             return fmt::format("energy distance {:.2f}, best so far {:.2f}; losses D {:.3g}, G {:.3g}", last.energy,
                                past.best_energy, last.discriminator_loss, last.generator_loss);
           },
       .remedies =
           [](const run::Recipe& recipe) {
             std::vector<std::string> r = {
                 "smaller generator.optimizer.learning_rate and "
                 "discriminator.optimizer.learning_rate"};
             if (recipe.generator.optimizer.beta1 > 0.6) r.emplace_back("optimizer.beta1 = 0.5 of both players");
             if (is_plain_game(recipe)) r.emplace_back("game.penalty = \"r1\"");
             r.emplace_back("optimizer.clip_norm above 0");
             return r;
           }},
      {.failure = {"collapse", "G makes too few kinds of samples (mode collapse)",
                   "fakes lie within 0.35 of the reals' mean distance of one another, or with less than 0.7 of it meet "
                   "at most half of the classes or modes",
                   3, true},
       .shows =
           [](const Past&, const Checkup& last) {
             return last.diversity < 0.35 ||
                    (last.groups_of > 1 && 2 * last.groups <= last.groups_of && last.diversity < 0.7);
           },
       .evidence =
           [](const Past&, const Checkup& last) {
             return fmt::format("fakes lie {:.0f} % as far from one another as reals do{}", 100 * last.diversity,
                                groups_text(last));
           },
       .remedies =
           [](const run::Recipe& recipe) {
             std::vector<std::string> r;
             if (recipe.game.unroll == 0) r.emplace_back("game.unroll = 5 or 10");
             if (recipe.game.pack == 1) r.emplace_back("game.pack = 2");
             if (!recipe.discriminator.minibatch_std) r.emplace_back("discriminator.minibatch_std = true");
             r.emplace_back("smaller generator.optimizer.learning_rate");
             return r;
           }},
      {.failure =
           {"oscillation", "G hops from place to place and settles nowhere (oscillation, mode hopping)",
            "samples of the same noise move by 0.4 of the reals' mean distance from check-up to check-up, and fakes "
            "are told from reals (0.9)",
            4, true},
       .shows = [](const Past&, const Checkup& last) { return last.moved.value_or(0) > 0.4 && last.told_apart > 0.9; },
       .evidence =
           [](const Past&, const Checkup& last) {
             return fmt::format(
                 "samples of the same noise moved by {:.0f} % of the distance between reals since the "
                 "last check-up; a neighbour tells {:.0f} % of fakes from reals{}",
                 100 * last.moved.value_or(0), 100 * last.told_apart, groups_text(last));
           },
       .remedies =
           [](const run::Recipe& recipe) {
             std::vector<std::string> r = {"smaller learning rates of both players"};
             if (is_plain_game(recipe)) r.emplace_back("game.penalty = \"r1\" or game.unroll = 5");
             if (recipe.game.update == play::UpdateOrder::simultaneous) r.emplace_back("game.update = \"alternating\"");
             if (recipe.game.ema_decay == 0) r.emplace_back("game.ema_decay = 0.999");
             return r;
           }},
      {.failure = {"vanishing", "D has won and G's gradient vanishes",
                   "D is right on 97 % of both sides, G's gradient is below a tenth of its largest so far, and fakes "
                   "are still told from reals (0.9)",
                   3, true},
       .shows =
           [](const Past& past, const Checkup& last) {
             return std::min(last.real_accuracy, last.fake_accuracy) > 0.97 &&
                    last.gradient_norm < 0.1 * past.largest_gradient && last.told_apart > 0.9;
           },
       .evidence =
           [](const Past& past, const Checkup& last) {
             return fmt::format(
                 "D is right on {:.0f} % of reals and {:.0f} % of fakes; G's gradient {:.2g}, largest so "
                 "far {:.2g}",
                 100 * last.real_accuracy, 100 * last.fake_accuracy, last.gradient_norm, past.largest_gradient);
           },
       .remedies =
           [](const run::Recipe& recipe) {
             std::vector<std::string> r;
             if (recipe.game.loss == play::Loss::saturating) r.emplace_back("game.loss = \"non_saturating\"");
             if (recipe.game.update == play::UpdateOrder::converge || recipe.game.d_steps > 1)
               r.emplace_back("fewer steps of D (game.update = \"simultaneous\")");
             r.emplace_back("smaller discriminator.optimizer.learning_rate");
             if (is_plain_game(recipe)) r.emplace_back("game.penalty = \"r1\"");
             r.emplace_back("discriminator.dropout above 0");
             return r;
           }},
      {.failure = {"weak-discriminator", "D is too weak to teach G",
                   "D is right on at most 55 % while a nearest neighbour tells 95 % of fakes from reals", 4, true},
       .shows = [](const Past&, const Checkup& last) { return right(last) < 0.55 && last.told_apart > 0.95; },
       .evidence =
           [](const Past&, const Checkup& last) {
             return fmt::format("D is right on {:.0f} %, a nearest neighbour on {:.0f} %", 100 * right(last),
                                100 * last.told_apart);
           },
       .remedies =
           [](const run::Recipe& recipe) {
             std::vector<std::string> r = {"larger discriminator.optimizer.learning_rate"};
             r.emplace_back("more steps of D (game.update = \"alternating\", game.d_steps = 2)");
             if (recipe.discriminator.dropout > 0) r.emplace_back("less discriminator.dropout");
             r.emplace_back("a wider D");
             return r;
           }},
      {.failure = {"memorisation", "G copies training samples",
                   "the median distance of a fake to its nearest training sample is below half of that between "
                   "training samples, with fakes as diverse as reals (0.5)",
                   2, false},
       .shows = [](const Past&, const Checkup& last) { return last.nearest < 0.5 && last.diversity > 0.5; },
       .evidence =
           [](const Past&, const Checkup& last) {
             return fmt::format(
                 "fakes lie {:.0f} % as far from the nearest training sample as those lie from one "
                 "another",
                 100 * last.nearest);
           },
       .remedies =
           [](const run::Recipe& recipe) {
             std::vector<std::string> r = {"more data (data.limit)"};
             if (recipe.game.augment.empty()) r.emplace_back("game.augment = \"translation,cutout,brightness\"");
             r.emplace_back("narrower networks or fewer epochs");
             return r;
           }},
      {.failure = {"plateau", "training no longer makes samples better, and they are not good yet",
                   "the energy distance has not fallen by 5 % in ten check-ups, fakes are told from reals (0.95), and "
                   "no other failure is there",
                   10, false, true},
       .shows = [](const Past& past,
                   const Checkup& last) { return last.told_apart > 0.95 && last.energy > 0.95 * past.best_energy; },
       .evidence =
           [](const Past& past, const Checkup& last) {
             return fmt::format(
                 "energy distance {:.3f}, best so far {:.3f}; a neighbour tells {:.0f} % of fakes from "
                 "reals",
                 last.energy, past.best_energy, 100 * last.told_apart);
           },
       .remedies =
           [](const run::Recipe& recipe) {
             std::vector<std::string> r;
             if (recipe.generator.optimizer.schedule == play::Schedule::constant)
               r.emplace_back("falling rates (optimizer.schedule = \"cosine\")");
             if (recipe.game.ema_decay == 0) r.emplace_back("game.ema_decay = 0.999");
             r.emplace_back("wider networks");
             return r;
           }},
  };
  return all;
}

}  // namespace

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
  const bool learns = past_ && checkup.energy < kNearer * past_->best_energy;
  for (std::size_t r = 0; r < rules().size(); ++r) {
    const Rule& rule = rules()[r];
    Signs& signs = signs_[r];
    const bool judged = past_ && checkup.step > kWarmUp && !(learns && rule.failure.waits);
    const bool shows = judged && rule.shows(*past_, checkup);
    if (shows == signs.there) {
      signs.row = 0;
    } else if (++signs.row == 1 && shows) {
      signs.since = {checkup.epoch, checkup.step};
    }
    if (signs.row == rule.failure.for_checkups) {
      signs.there = shows;
      signs.row = 0;
    }
    if (shows) signs.evidence = rule.evidence(*past_, checkup);
  }
  if (!past_) past_ = Past{.best_energy = checkup.energy};
  past_->best_energy = std::min(past_->best_energy, checkup.energy);
  past_->largest_gradient = std::max(past_->largest_gradient, checkup.gradient_norm);
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
