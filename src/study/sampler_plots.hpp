#pragma once

#include <string>
#include <vector>

#include "latent/survey.hpp"
#include "picture/plot.hpp"

namespace ganymede::study {

/// What one sampler makes of z.
struct SurveyedSampler {
  std::string name;
  latent::Survey survey;
};

/// All four samplers on one partition, `samples` each; those that cannot reach a class are left out, and `fault` says
/// why.
std::vector<SurveyedSampler> survey_samplers(const latent::Partition& partition, std::int64_t samples, double sigma,
                                             std::string* fault = nullptr);

/// Three plots of densities, one line a sampler: the length of z, how far z lies towards its centroid, its coordinates.
std::vector<picture::LinePlot> sampler_plots(const std::vector<SurveyedSampler>& all);

}  // namespace ganymede::study
