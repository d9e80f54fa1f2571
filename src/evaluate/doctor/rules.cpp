#include "evaluate/doctor/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

// How it works. A rule says of one check-up, with what is known of those before it, whether it shows a failure, by
// thresholds that were chosen on recipes that fail on purpose and on healthy ones (docs/doctor.md).

namespace ganymede::evaluate {
namespace {

double right(const Checkup& c) {
  return (c.real_accuracy + c.fake_accuracy) / 2;
}

bool is_collapsed(const Checkup& c) {
  return c.diversity < 0.35 || (c.groups_of > 1 && 2 * c.groups <= c.groups_of && c.diversity < 0.7);
}

bool explodes(const Checkup& c) {
  return std::max(std::abs(c.discriminator_loss), std::abs(c.generator_loss)) > 20;
}

// Mean of a number over a check-up and the three before it.
double lately(const Past& past, const Checkup& last, double (*number)(const Checkup&)) {
  constexpr std::size_t kBefore = 3;
  const auto before = past.checkups.last(std::min(kBefore, past.checkups.size()));
  double sum = number(last);
  for (const Checkup& c : before) sum += number(c);
  return sum / static_cast<double>(before.size() + 1);
}

double moved_lately(const Past& past, const Checkup& last) {
  return lately(past, last, [](const Checkup& c) { return c.moved.value_or(0); });
}

double diversity_lately(const Past& past, const Checkup& last) {
  return lately(past, last, [](const Checkup& c) { return c.diversity; });
}

double told_lately(const Past& past, const Checkup& last) {
  return lately(past, last, [](const Checkup& c) { return c.told_apart; });
}

// Samples that change places within one law move as far as they lie from one another; what moves farther is the law.
bool hops(const Past& past, const Checkup& last) {
  const double moved = moved_lately(past, last);
  return moved > 0.4 && moved > 1.5 * diversity_lately(past, last) && told_lately(past, last) > 0.9;
}

std::string groups_text(const Checkup& c) {
  return c.groups_of > 0 ? fmt::format("; {} of {} classes or modes are met", c.groups, c.groups_of) : std::string();
}

bool is_plain_game(const run::Recipe& recipe) {
  return recipe.game.penalty == play::Penalty::none && recipe.game.unroll == 0;
}

// Whether its D is one that knows the key.
bool has_dropout(const run::Recipe& recipe) {
  return recipe.discriminator.family != "mlp" && recipe.discriminator.family != "layers";
}

}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {.failure = {"divergence", "the game diverges: samples move away from the data",
                   "the energy distance is above 0.3 and three times the best that was held for three check-ups, and "
                   "above 1 where fakes are collapsed; or a loss is above 20",
                   2, false},
       .shows =
           [](const Past& past, const Checkup& last) {
             return explodes(last) ||
                    (last.energy > (is_collapsed(last) ? 1 : 0.3) && last.energy > 3 * held_energy(past.checkups));
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
       .shows = [](const Past&, const Checkup& last) { return is_collapsed(last); },
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
             if (recipe.discriminator.family != "ink" && !recipe.discriminator.minibatch_std)
               r.emplace_back("discriminator.minibatch_std = true");
             r.emplace_back("smaller generator.optimizer.learning_rate");
             return r;
           }},
      {.failure = {"oscillation", "G hops from place to place and settles nowhere (oscillation, mode hopping)",
                   "over four check-ups samples of the same noise move by 0.4 of the reals' mean distance from one to "
                   "the next, by 1.5 times what fakes lie from one another, and fakes are told from reals (0.9); or "
                   "within 16 the energy distance turns four times, by a factor of two and by 0.2 at least",
                   3, true},
       .shows = [](const Past& past,
                   const Checkup& last) { return hops(past, last) || turns_of_energy(past.checkups, last) >= 4; },
       .evidence =
           [](const Past& past, const Checkup& last) {
             const int turns = turns_of_energy(past.checkups, last);
             return fmt::format(
                 "samples of the same noise moved by {:.0f} % of the distance between reals from check-up to check-up"
                 "{}{}",
                 100 * moved_lately(past, last),
                 turns >= 4
                     ? fmt::format(", and the energy distance turned {} times", turns)
                     : fmt::format("; a neighbour tells {:.0f} % of fakes from reals", 100 * told_lately(past, last)),
                 groups_text(last));
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
             if (has_dropout(recipe) && recipe.discriminator.dropout == 0)
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
             if (has_dropout(recipe) && recipe.discriminator.dropout > 0) r.emplace_back("less discriminator.dropout");
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
             if (has_dropout(recipe) && recipe.discriminator.family != "ink" && recipe.game.augment.empty())
               r.emplace_back("game.augment = \"translation,cutout,brightness\"");
             r.emplace_back("narrower networks or fewer epochs");
             return r;
           }},
      {.failure = {"entanglement", "no axis of z is an attribute of the data: each moves them all (entanglement)",
                   "evaluate.axes: of the coordinates' variance the best axis of z explains less than 0.6 in the mean, "
                   "with points near the data (energy distance below 0.1)",
                   3, true},
       .shows = [](const Past&,
                   const Checkup& last) { return last.best_axis && *last.best_axis < 0.6 && last.energy < 0.1; },
       .evidence =
           [](const Past&, const Checkup& last) {
             return fmt::format(
                 "of a coordinate's variance the best axis of z explains {:.0f} %, energy distance {:.3f}",
                 100 * last.best_axis.value_or(0), last.energy);
           },
       .remedies =
           [](const run::Recipe& recipe) {
             std::vector<std::string> r;
             if (recipe.latent.prior == "normal") r.emplace_back("latent.prior = \"uniform\"");
             r.emplace_back("smaller latent.dim");
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

double held_energy(std::span<const Checkup> checkups) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = kHeld; i <= checkups.size(); ++i) {
    const auto row = checkups.subspan(i - kHeld, kHeld);
    least = std::min(least, std::ranges::max_element(row, {}, &Checkup::energy)->energy);
  }
  return least;
}

int turns_of_energy(std::span<const Checkup> before, const Checkup& last) {
  constexpr double kFactor = 2, kLeast = 0.2;
  const auto window = before.last(std::min(kSwingWindow - 1, before.size()));
  const double first = window.empty() ? last.energy : window.front().energy;
  double high = first, low = first;  // since the last turn
  int way = 0, turns = -1;           // the first way is no turn
  const auto see = [&](double energy) {
    high = std::max(high, energy);
    low = std::min(low, energy);
    const bool rose = way <= 0 && energy > kFactor * low && energy > low + kLeast,
               fell = way >= 0 && kFactor * energy < high && energy < high - kLeast;
    if (!rose && !fell) return;
    ++turns;
    way = rose ? 1 : -1;
    high = low = energy;
  };
  for (const Checkup& c : window) see(c.energy);
  see(last.energy);
  return std::max(turns, 0);
}

}  // namespace ganymede::evaluate
