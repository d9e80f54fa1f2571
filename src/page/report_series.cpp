#include "page/report_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "measure/resample.hpp"

namespace ganymede::page {
namespace {

constexpr std::size_t kMostPoints = 500;
constexpr picture::Colour kChance{150, 150, 150};

}  // namespace

bool is(const nlohmann::json& event, const char* kind) {
  return event.at("event") == kind;
}

double number_in(const nlohmann::json& event, const char* field) {
  const auto found = event.find(field);
  return found != event.end() && found->is_number() ? found->get<double>() : std::nan("");
}

double images_per_epoch(const Events& events) {
  const auto start = std::ranges::find_if(events, [](const auto& event) { return is(event, "start"); });
  const double images = start == events.end() ? 1 : number_in(*start, "images_per_epoch");
  return images > 0 ? images : 1;
}

picture::Series thinned(picture::Series all) {
  const std::size_t group = (all.x.size() + kMostPoints - 1) / kMostPoints;
  if (group <= 1) return all;
  picture::Series result{.name = all.name, .x = {}, .y = {}, .colour = all.colour};
  for (std::size_t first = 0; first < all.x.size(); first += group) {
    const std::size_t n = std::min(group, all.x.size() - first);
    const auto mean = [&](const std::vector<double>& v) { return measure::mean_of(std::span(v).subspan(first, n)); };
    result.x.push_back(mean(all.x));
    result.y.push_back(mean(all.y));
  }
  return result;
}

picture::Series series(const Events& events, const char* kind, const char* field, const std::string& name) {
  picture::Series result{.name = name, .x = {}, .y = {}};
  const double per_epoch = images_per_epoch(events);
  for (const auto& event : events) {
    if (!is(event, kind) || !std::isfinite(number_in(event, field))) continue;
    result.x.push_back(number_in(event, "images") / per_epoch);
    result.y.push_back(number_in(event, field));
  }
  return thinned(std::move(result));
}

picture::Series chance_line(const std::string& name, double value, const std::vector<picture::Series>& like) {
  picture::Series line{.name = name, .x = {}, .y = {}, .colour = kChance};
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const picture::Series& s : like) {
    for (const double x : s.x) low = std::min(low, x), high = std::max(high, x);
  }
  if (low <= high) line.x = {low, high}, line.y = {value, value};
  return line;
}

void add_plot(Page& page, picture::LinePlot plot, const std::string& caption) {
  std::erase_if(plot.series, [](const picture::Series& s) { return s.x.empty(); });
  if (plot.series.empty()) return;
  plot.height = 420;
  page.svg(picture::to_svg(plot), caption);
}

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : "-";
}

}  // namespace ganymede::page
