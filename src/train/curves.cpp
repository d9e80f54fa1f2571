#include "train/curves.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "picture/player_colours.hpp"
#include "picture/plot.hpp"
#include "run/events.hpp"

namespace ganymede::train {
namespace {

constexpr std::size_t kMostPoints = 800;  // about one a pixel
constexpr std::size_t kRadius = 2;

Curves::Point mean(const std::vector<Curves::Point>& points, std::size_t begin, std::size_t end) {
  Curves::Point sum;
  for (std::size_t i = begin; i < end; ++i) {
    sum.epoch += points[i].epoch;
    sum.generator_loss += points[i].generator_loss;
    sum.discriminator_loss += points[i].discriminator_loss;
  }
  const double n = static_cast<double>(end - begin);
  return {sum.epoch / n, sum.generator_loss / n, sum.discriminator_loss / n};
}

/// Both players' losses; `paleness` 0 is their own colour, 1 white.
void add_series(picture::LinePlot& plot, const std::string& suffix, double paleness,
                const std::vector<Curves::Point>& points) {
  const auto colour = [&](picture::Colour own) { return picture::mix(own, picture::kWhite, paleness); };
  picture::Series d{.name = "D" + suffix, .x = {}, .y = {}, .colour = colour(picture::kDiscriminatorColour)};
  picture::Series g{.name = "G" + suffix, .x = {}, .y = {}, .colour = colour(picture::kGeneratorColour)};
  for (const Curves::Point& point : points) {
    d.x.push_back(point.epoch);
    d.y.push_back(point.discriminator_loss);
    g.x.push_back(point.epoch);
    g.y.push_back(point.generator_loss);
  }
  plot.series.push_back(std::move(d));
  plot.series.push_back(std::move(g));
}

}  // namespace

std::vector<Curves::Point> thinned(const std::vector<Curves::Point>& points, std::size_t most) {
  const std::size_t group = (points.size() + most - 1) / most;
  if (group <= 1) return points;
  std::vector<Curves::Point> result;
  for (std::size_t i = 0; i < points.size(); i += group) {
    result.push_back(mean(points, i, std::min(i + group, points.size())));
  }
  return result;
}

std::vector<Curves::Point> smoothed(const std::vector<Curves::Point>& points, std::size_t radius) {
  std::vector<Curves::Point> result = points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t reach = std::min({radius, i, points.size() - 1 - i});  // even at the ends, so no shift
    result[i] = mean(points, i - reach, i + reach + 1);
    result[i].epoch = points[i].epoch;
  }
  return result;
}

Curves Curves::from_events(const std::filesystem::path& path) {
  Curves curves;
  double images_per_epoch = 1;
  for (const nlohmann::json& event : run::read_events(path)) {
    try {
      const std::string kind = event.at("event");
      if (kind == "start") images_per_epoch = event.at("images_per_epoch");
      if (kind != "step" && kind != "epoch") continue;
      Means means;
      means.generator_loss = event.at("generator_loss");
      means.discriminator_loss = event.at("discriminator_loss");
      if (kind == "step") {
        curves.add_step(event.at("images").get<double>() / images_per_epoch, means);
      } else {
        curves.add_epoch(event.at("epoch"), means);
      }
    } catch (const nlohmann::json::exception& error) {
      fail<DataError>("{}: not an event of training: {} ({})", path.string(), json_text(event), error.what());
    }
  }
  return curves;
}

void Curves::add_step(double epoch, const Means& means) {
  steps_.push_back({epoch, means.generator_loss, means.discriminator_loss});
}

void Curves::add_epoch(std::int64_t epoch, const Means& means) {
  epochs_.push_back({static_cast<double>(epoch) - 0.5, means.generator_loss, means.discriminator_loss});
}

picture::Image Curves::draw() const {
  picture::LinePlot plot;
  plot.title = "Losses";
  plot.x_label = "epoch";
  plot.y_label = "loss";
  add_series(plot, " (steps)", 0.65, smoothed(thinned(steps_, kMostPoints), kRadius));
  if (!epochs_.empty()) add_series(plot, "", 0, thinned(epochs_, kMostPoints));  // a legend names lines that are there
  return picture::draw(plot);
}

}  // namespace ganymede::train
