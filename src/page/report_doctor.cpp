#include "page/report_doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "picture/player_colours.hpp"
#include "run/warnings.hpp"

namespace ganymede::page {
namespace {

std::string text_in(const nlohmann::json& event, const char* field) {
  const auto found = event.find(field);
  return found != event.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// "since epoch 7", or until when, where it is over.
std::string time_of(const nlohmann::json& warning, const std::optional<std::int64_t>& until) {
  const double since = number_in(warning, warning.contains("since_epoch") ? "since_epoch" : "epoch");
  return until ? fmt::format("epochs {:.0f} to {}", since, *until) : fmt::format("since epoch {:.0f}", since);
}

void add_warnings(Page& page, const Events& events) {
  const std::vector<run::Warning> warnings = run::warnings_in(events);
  for (const run::Warning& told : warnings) {
    const nlohmann::json warning = run::json_of(told);
    const std::string sentence = text_in(warning, "sentence"), time = time_of(warning, told.until_epoch);
    if (sentence.empty()) {  // of a loss that explodes
      page.verdict("warning", fmt::format("the {}'s loss rose to {}, {}", text_in(warning, "player"),
                                          number(number_in(warning, "loss")), time));
      continue;
    }
    page.verdict("warning", fmt::format("{}, {}. What shows it: {}. What may help: {}.", sentence, time,
                                        text_in(warning, "evidence"), text_in(warning, "remedy")));
  }
  if (warnings.empty()) page.paragraph("No failure was found in training.");
}

}  // namespace

void add_doctor(Page& page, const Events& events) {
  const auto any = [&](const char* kind) {
    return std::ranges::any_of(events, [&](const nlohmann::json& event) { return is(event, kind); });
  };
  if (!any("checkup") && !any("warning")) return;
  page.heading("What the doctor found");
  add_warnings(page, events);
  const auto of = [&](const char* field, const char* name, int colour) {
    picture::Series curve = series(events, "checkup", field, name);
    curve.colour = picture::series_colour(colour);
    return curve;
  };
  add_plot(page,
           {.title = "Check-ups: fakes and reals",
            .x_label = "epoch",
            .y_label = "share",
            .series = {of("diversity", "diversity (reals 1)", 2),
                       of("told_apart", "told apart by neighbours (chance 0.5)", 3),
                       of("best_axis", "explained by the best axis of z", 4)}},
           "Of 256 fakes and as many reals, as vectors of pixels, moves or coordinates: mean distance of fakes to one "
           "another over that of reals; accuracy of the nearest neighbour; where it was asked for, the share of a "
           "coordinate's variance that the best axis of z explains.");
  add_plot(page,
           {.title = "Check-ups: how far, and how restless",
            .x_label = "epoch",
            .y_label = "mean distances of reals",
            .series = {of("energy", "energy distance", 2), of("moved", "samples of one noise moved", 3)}},
           "Energy distance between fakes and reals, and how far samples of the same noise moved since the check-up "
           "before.");
  add_plot(page,
           {.title = "Check-ups: distance to training samples",
            .x_label = "epoch",
            .y_label = "usual distances",
            .log_y = true,
            .series = {of("nearest", "distance to training samples (usual 1)", 4)}},
           "Median distance of a fake to its nearest training sample over that of training samples to each other: well "
           "below 1 for copies.");
}

}  // namespace ganymede::page
