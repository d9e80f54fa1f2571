#include "explore/inversion/inversion_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "measure/distributions.hpp"
#include "measure/resample.hpp"
#include "picture/font.hpp"
#include "picture/png.hpp"
#include "picture/scatter.hpp"

namespace ganymede::explore {
namespace {

namespace fs = std::filesystem;
using SetJson = nlohmann::ordered_json;

constexpr double kFloorQuantile = 0.95, kLeastError = 1e-9;

std::vector<double> ascending(std::vector<double> values) {
  std::ranges::sort(values);
  return values;
}

double median_of(std::span<const double> sorted) {
  return measure::quantile(sorted, 0.5);
}

InversionVerdict::Group group_of(const std::vector<double>& errors) {
  const std::vector<double> sorted = ascending(errors);
  const auto median_again = [&](std::span<const std::int64_t> indices) {
    std::vector<double> drawn;
    for (const std::int64_t i : indices) drawn.push_back(sorted[static_cast<std::size_t>(i)]);
    std::ranges::sort(drawn);
    return median_of(drawn);
  };
  return {.mean = measure::mean_of(sorted),
          .median = median_of(sorted),
          .mean_interval = measure::bootstrap_mean(sorted),
          .median_interval = measure::bootstrap(std::ssize(sorted), median_again)};
}

Estimate share_below(const std::vector<double>& errors, double floor) {
  const auto below = std::ranges::count_if(errors, [&](double e) { return e <= floor; });
  return {.value = static_cast<double>(below) / static_cast<double>(errors.size()),
          .interval = measure::clopper_pearson(static_cast<double>(below), std::ssize(errors))};
}

std::string memorising_words(const InversionVerdict& v) {
  const auto& [value, interval] = v.median_difference;
  const std::string found = fmt::format("medians {:.4f} and {:.4f}, difference {:.4f} [{:.4f}, {:.4f}]",
                                        v.training.median, v.held_out.median, value, interval.low, interval.high);
  if (interval.low > 0) return "Training pictures are found better than held-out ones, a sign of memorising: " + found;
  if (interval.high < 0)
    return "Held-out pictures are found better than training ones, which memorising does not explain: " + found;
  return "No sign of memorising, so many pictures show no difference between training and held-out ones: " + found;
}

std::string coverage_words(const InversionVerdict& v) {
  return fmt::format(
      "{:.0f} % [{:.0f}, {:.0f}] of the held-out pictures are found as well as 95 % of its own (error {:.4f} or less); "
      "in the median they lie {:.1f} times as far off",
      100 * v.covered_held_out.value, 100 * v.covered_held_out.interval.low, 100 * v.covered_held_out.interval.high,
      v.floor, v.held_out.median / v.generated.median);
}

SetJson set_estimate(double value, const measure::Interval& interval) {
  return {
      {"value", number_or_null(value)}, {"low", number_or_null(interval.low)}, {"high", number_or_null(interval.high)}};
}

SetJson group_json(const std::vector<double>& errors, const InversionVerdict::Group& group) {
  return {{"count", errors.size()},
          {"mean", set_estimate(group.mean, group.mean_interval)},
          {"median", set_estimate(group.median, group.median_interval)},
          {"errors", errors}};
}

// Words that fit into a width, drawn as lines from y on; returns the next line's.
double paint_words(picture::Image& image, const std::string& text, double x, double y, int width) {
  std::string line;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin), longer = line.empty() ? word : line + " " + word;
    if (picture::text_width(longer, 9) > width && !line.empty()) {
      picture::draw_text(image, x, y, line, 9, {60, 60, 60});
      y += 16;
      line = word;
    } else {
      line = longer;
    }
    begin = end + 1;
  }
  picture::draw_text(image, x, y, line, 9, {60, 60, 60});
  return y + 16;
}

}  // namespace

InversionVerdict judge_inversions(const InversionSet& set) {
  for (const auto* errors : {&set.training, &set.held_out, &set.generated}) {
    if (errors->size() < 2)
      fail<ConfigError>("errors of inversion: wanted two pictures or more of each group, found {}", errors->size());
  }
  const std::vector<double> training = ascending(set.training), held_out = ascending(set.held_out);
  InversionVerdict verdict{
      .training = group_of(training), .held_out = group_of(held_out), .generated = group_of(set.generated)};
  verdict.floor = measure::quantile(ascending(set.generated), kFloorQuantile);
  verdict.mean_difference = {verdict.held_out.mean - verdict.training.mean,
                             measure::bootstrap_difference(held_out, training, measure::mean_of)};
  verdict.median_difference = {verdict.held_out.median - verdict.training.median,
                               measure::bootstrap_difference(held_out, training, median_of)};
  verdict.covered_training = share_below(training, verdict.floor);
  verdict.covered_held_out = share_below(held_out, verdict.floor);
  verdict.memorising = memorising_words(verdict);
  verdict.coverage = coverage_words(verdict);
  return verdict;
}

std::string to_json(const InversionSet& set, const InversionVerdict& v) {
  const InversionOptions& o = set.options;
  return json_text(SetJson{{"schema", kInversionSetSchema},
                           {"name", set.name},
                           {"run", set.run},
                           {"epoch", set.epoch},
                           {"step", set.step},
                           {"data", set.data},
                           {"starts", o.starts},
                           {"candidates", o.candidates},
                           {"steps", o.steps},
                           {"rate", o.rate},
                           {"prior", o.prior},
                           {"seed", o.seed},
                           {"flat", set.flat},
                           {"memorising", v.memorising},
                           {"coverage", v.coverage},
                           {"mean_difference", set_estimate(v.mean_difference.value, v.mean_difference.interval)},
                           {"median_difference", set_estimate(v.median_difference.value, v.median_difference.interval)},
                           {"floor", v.floor},
                           {"covered_training", set_estimate(v.covered_training.value, v.covered_training.interval)},
                           {"covered_held_out", set_estimate(v.covered_held_out.value, v.covered_held_out.interval)},
                           {"training", group_json(set.training, v.training)},
                           {"held_out", group_json(set.held_out, v.held_out)},
                           {"generated", group_json(set.generated, v.generated)}},
                   1) +
         "\n";
}

picture::Image draw_inversions(const InversionSet& set, const InversionVerdict& verdict) {
  constexpr int kBins = 36;
  const auto place = [](double error) { return std::log10(std::max(error, kLeastError)); };
  double low = INFINITY, high = -INFINITY;
  for (const auto* errors : {&set.training, &set.held_out, &set.generated}) {
    for (const double e : *errors) {
      low = std::min(low, place(e));
      high = std::max(high, place(e));
    }
  }
  const double room = std::max(0.05, 0.05 * (high - low));
  low -= room;
  high += room;
  const double width = (high - low) / kBins;
  const auto density = [&](const std::string& name, const std::vector<double>& errors, picture::Colour colour,
                           bool filled) {
    picture::DensityPlot::Density one{
        .name = fmt::format("{} ({})", name, errors.size()), .values = {}, .colour = colour, .filled = filled};
    one.values.resize(kBins);
    for (const double e : errors) {
      const auto bin = static_cast<std::size_t>(std::clamp((place(e) - low) / width, 0.0, kBins - 1.0));
      one.values[bin] += 1 / (width * static_cast<double>(errors.size()));
    }
    return one;
  };
  const picture::Image plot = picture::draw(
      picture::DensityPlot{.title = fmt::format("{}, epoch {}: errors of inversion", set.run, set.epoch),
                           .x_label = "logarithm (base 10) of the mean squared difference",
                           .x = {low, high},
                           .densities = {density("its own pictures", set.generated, {214, 214, 214}, true),
                                         density("training", set.training, picture::series_colour(1), false),
                                         density("held out", set.held_out, picture::series_colour(2), false)},
                           .curve_name = {},
                           .curve = {},
                           .curve_colour = {},
                           .width = 760,
                           .height = 400});
  picture::Image image = plot.padded(plot.height() + 88, plot.width(), picture::kWhite);
  double y = plot.height() + 20;
  for (const std::string& sentence : {verdict.memorising, verdict.coverage})
    y = paint_words(image, sentence, 24, y, plot.width() - 48);
  return image;
}

fs::path write_inversions(const fs::path& folder, const InversionSet& set, const InversionVerdict& verdict) {
  make_own_folder(folder);
  const fs::path file = folder / (set.name + ".json");
  picture::write_png(folder / (set.name + ".png"), draw_inversions(set, verdict),
                     {{"Software", "Ganymede"}, {"Description", verdict.memorising}});
  write_file_atomically(file, to_json(set, verdict));
  return file;
}

}  // namespace ganymede::explore
