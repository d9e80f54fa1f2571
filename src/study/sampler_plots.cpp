#include "study/sampler_plots.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ganymede::study {
namespace {

constexpr int kBins = 50;

// The density of the values over [low, high].
picture::Series density(const std::string& name, const std::vector<double>& values, double low, double high) {
  picture::Series series{.name = name, .x = {}, .y = {}};
  std::vector<double> counts(kBins, 0);
  const double width = (high - low) / kBins;
  for (const double v : values) {
    if (v >= low && v < high) ++counts[static_cast<std::size_t>((v - low) / width)];
  }
  for (int b = 0; b < kBins; ++b) {
    series.x.push_back(low + width * (b + 0.5));
    series.y.push_back(counts[static_cast<std::size_t>(b)] / (static_cast<double>(values.size()) * width));
  }
  return series;
}

picture::LinePlot plot_of(const std::vector<SurveyedSampler>& all, std::vector<double> latent::Survey::*what,
                          const std::string& title, const std::string& label) {
  double low = 1e300, high = -1e300;
  for (const SurveyedSampler& s : all) {
    const auto [least, most] = std::minmax_element((s.survey.*what).begin(), (s.survey.*what).end());
    low = std::min(low, *least), high = std::max(high, *most);
  }
  picture::LinePlot plot{
      .title = title, .x_label = label, .y_label = "density", .series = {}, .width = 900, .height = 380};
  for (const SurveyedSampler& s : all) plot.series.push_back(density(s.name, s.survey.*what, low, high + 1e-9));
  return plot;
}

}  // namespace

std::vector<SurveyedSampler> survey_samplers(const latent::Partition& partition, std::int64_t samples, double sigma,
                                             std::string* fault) {
  std::vector<SurveyedSampler> all;
  for (const auto kind : {latent::SamplerKind::gaussian, latent::SamplerKind::centroid, latent::SamplerKind::rejection,
                          latent::SamplerKind::partition}) {
    latent::ClassSampler sampler({.dim = partition.dim()}, {.kind = kind, .sigma = sigma}, partition);
    try {
      all.push_back({name_of(kind), latent::survey(sampler, partition, samples, 1)});
    } catch (const ConfigError& error) {
      if (fault != nullptr) *fault = error.what();
    }
  }
  return all;
}

std::vector<picture::LinePlot> sampler_plots(const std::vector<SurveyedSampler>& all) {
  return {plot_of(all, &latent::Survey::norms, "Length of z", "|z|"),
          plot_of(all, &latent::Survey::along, "How far z lies towards its centroid", "z zc / |zc|"),
          plot_of(all, &latent::Survey::components, "Coordinates of z", "z_i")};
}

}  // namespace ganymede::study
