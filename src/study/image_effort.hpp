#pragma once

#include <filesystem>

#include "study/image_study.hpp"

namespace ganymede::study {

/// Points of a plan that no earlier call has measured.
std::int64_t missing_points(const ImagePlan& plan, const std::filesystem::path& root);

/// What measuring them is expected to take here, in seconds, from some steps of the classifier that tells real from
/// generated, which takes most of it.
double expected_measuring_seconds(const ImagePlan& plan, const std::filesystem::path& root,
                                  const train::SessionOptions& session);

}  // namespace ganymede::study
