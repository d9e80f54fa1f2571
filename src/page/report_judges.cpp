#include "page/report_judges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "base/error.hpp"
#include "base/text.hpp"
#include "page/kept_scores.hpp"
#include "picture/player_colours.hpp"

namespace ganymede::page {
namespace {

constexpr double kEnough = 0.9;

/// Classifiers are no players: their curves take colours behind those two.
picture::Colour judge_colour(std::size_t i) {
  return picture::series_colour(2 + static_cast<int>(i));
}

picture::Series over(const measure::JudgeCurve& curve, const std::string& name, picture::Colour colour, auto x,
                     auto y) {
  picture::Series series{.name = name, .x = {}, .y = {}, .colour = colour};
  for (const measure::JudgePoint& point : curve.points) {
    series.x.push_back(x(point));
    series.y.push_back(y(point));
  }
  return series;
}

void add_curves_of(Page& page, const measure::JudgeCurve& curve) {
  const auto epoch = [](const measure::JudgePoint& p) { return p.epoch; };
  std::vector<picture::Series> losses{
      over(curve, "training", judge_colour(1), epoch, [](const measure::JudgePoint& p) { return p.train_loss; }),
      over(curve, "validation", judge_colour(0), epoch, [](const measure::JudgePoint& p) { return p.val_loss; })};
  losses.push_back(chance_line("chance, log 2", std::numbers::ln2, losses));
  const std::string title = "Real or generated: " + curve.protocol;
  add_plot(page,
           {.title = title + ", loss",
            .x_label = "epoch of the classifier",
            .y_label = "cross-entropy, nats",
            .log_y = true,
            .series = std::move(losses)},
           "Higher is better for the generator; at chance the classifier sees no difference. Training far below "
           "validation: it has learnt its samples by heart.");
  std::vector<picture::Series> errors{
      over(curve, "validation", judge_colour(0), epoch, [](const measure::JudgePoint& p) { return p.error_rate; })};
  errors.push_back(chance_line("chance, 0.5", 0.5, errors));
  add_plot(page,
           {.title = title + ", errors",
            .x_label = "epoch of the classifier",
            .y_label = "share judged wrongly",
            .series = std::move(errors)},
           fmt::format("Share of held-out reals and fresh fakes judged wrongly: {} samples at the last point.",
                       with_thousands(curve.points.back().judged)));
}

const measure::Score* find(const std::vector<KeptScore>& kept, const std::string& beginning) {
  const auto found =
      std::ranges::find_if(kept, [&](const KeptScore& k) { return k.score.name.starts_with(beginning); });
  return found == kept.end() ? nullptr : &found->score;
}

/// Share told rightly at the end: 1 - x of an error rate.
std::string end_of(const measure::Score* score, bool is_error) {
  if (score == nullptr) return "-";
  const auto share = [&](double v) { return number(is_error ? 1 - v : v); };
  const auto [low, high] = is_error ? std::pair(score->high, score->low) : std::pair(score->low, score->high);
  return fmt::format("{} [{}, {}] of {}", share(score->value), share(low), share(high),
                     with_thousands(score->count_real + score->count_fake));
}

std::vector<std::string> row_of(const picture::Series& told, const std::string& at_end, const std::string& at_best) {
  const Speed speed = speed_of(told);
  const std::string samples = with_thousands(static_cast<std::int64_t>(speed.samples));
  return {told.name, speed.reached ? samples : fmt::format("never; {} at {}", number(speed.share), samples),
          with_thousands(static_cast<std::int64_t>(told.x.back())), at_end, at_best};
}

}  // namespace

Speed speed_of(const picture::Series& told) {
  if (told.x.empty()) fail<Error>("internal: no samples to tell");
  const auto enough = std::ranges::find_if(told.y, [](double share) { return share >= kEnough; });
  const auto at = enough != told.y.end() ? enough : std::ranges::max_element(told.y);
  return {.samples = told.x[static_cast<std::size_t>(at - told.y.begin())],
          .share = *at,
          .reached = enough != told.y.end()};
}

picture::Series told_in_training(const Events& events) {
  picture::Series told{.name = "own D, in training", .x = {}, .y = {}, .colour = picture::kDiscriminatorColour};
  for (const auto& event : events) {
    if (!is(event, "step")) continue;
    const double share = (number_in(event, "real_accuracy") + number_in(event, "fake_accuracy")) / 2;
    const double samples = 2 * number_in(event, "images");  // as many fakes
    if (!std::isfinite(share) || !(samples > 0)) continue;
    told.x.push_back(samples);
    told.y.push_back(share);
  }
  return told;
}

void add_judges(Page& page, const run::RunDirectory& run, const Events& events) {
  const KeptCurves kept = kept_curves(run);
  if (kept.curves.empty() && kept.damaged.empty()) return;
  page.heading("Real or generated");
  for (const std::string& fault : kept.damaged) page.paragraph("Left out: " + fault);
  if (kept.curves.empty()) return;
  for (const measure::JudgeCurve& curve : kept.curves) add_curves_of(page, curve);

  const std::vector<KeptScore> scores = kept_scores(run);
  std::vector<picture::Series> lines;
  Table table{.head = {"judge", "samples until 90 %", "in all", "right on held-out samples", "at its best threshold"},
              .rows = {},
              .caption =
                  "Samples of both sides that a judge had learnt from when it first told 90 % rightly (never: its "
                  "best), and in all; then what each tells of the same held-out samples and fakes of the newest "
                  "weights."};
  for (const measure::JudgeCurve& curve : kept.curves) {
    picture::Series told = over(
        curve, curve.protocol, judge_colour(lines.size()),
        [](const measure::JudgePoint& p) { return static_cast<double>(p.images); },
        [](const measure::JudgePoint& p) { return p.accuracy(); });
    const std::string ending = curve.name.substr(std::min(curve.name.size(), std::string("val_loss").size()));
    table.rows.push_back(row_of(told, end_of(find(scores, "error_rate" + ending), true), "-"));
    lines.push_back(std::move(told));
  }
  if (picture::Series told = told_in_training(events); !told.x.empty()) {
    table.rows.push_back(
        row_of(told, end_of(find(scores, "d_accuracy"), false), end_of(find(scores, "d_best_accuracy"), false)));
    lines.push_back(thinned(std::move(told)));
  }
  lines.push_back(chance_line("chance, 0.5", 0.5, lines));
  page.subheading("The classifiers against the GAN's own discriminator");
  add_plot(
      page,
      {.title = "Share told rightly",
       .x_label = "samples seen, reals and fakes",
       .y_label = "share",
       .log_x = true,  // curves begin within the first steps: on a straight axis they would be one line upwards
       .series = std::move(lines)},
      "How fast: the further left a line rises, the fewer samples its judge needs. How well: its height at the right "
      "end. D learns against a generator that learns too, so its line may fall while it gets better; a classifier "
      "starts anew against the finished generator and is judged on samples held out.");
  page.table(table);
  page.paragraph(
      "A classifier that tells far more than D at its end: what is wrong with the fakes can be seen, but D does not "
      "see it and so cannot teach it to the generator. D at its best threshold far above its own: it sees the "
      "difference and has only lost its zero.");
}

}  // namespace ganymede::page
