#include "study/image_effort.hpp"

#include "fit/real_or_generated.hpp"
#include "train/sources.hpp"

namespace ganymede::study {
namespace {

constexpr std::int64_t kSteps = 12;
constexpr double kOtherSeconds = 4;  // features, distances and D's accuracy of 5,000 pictures of 28 x 28

Tensor grey(std::int64_t count, const Shape& sample) {
  Shape shape{count};
  shape.insert(shape.end(), sample.begin(), sample.end());
  Tensor tensor(DType::u8, shape);
  std::uint8_t level = 0;
  for (std::uint8_t& pixel : tensor.values<std::uint8_t>()) pixel = level++;
  return tensor;
}

Shape sample_of(const run::Recipe& recipe, const train::SessionOptions& session) {
  const data::Dataset dataset = train::open_training_data(recipe, session.places);
  return {dataset.images.shape().begin() + 1, dataset.images.shape().end()};
}

}  // namespace

std::int64_t missing_points(const ImagePlan& plan, const std::filesystem::path& root) {
  std::int64_t count = 0;
  for (const ImageArm& arm : plan.arms) {
    for (const train::PlannedRun& planned : arm.runs) {
      for (const std::int64_t epoch : arm.epochs)
        count += std::filesystem::exists(point_path(plan, root / planned.name, epoch)) ? 0 : 1;
    }
  }
  return count;
}

double expected_measuring_seconds(const ImagePlan& plan, const std::filesystem::path& root,
                                  const train::SessionOptions& session) {
  const std::int64_t missing = missing_points(plan, root);
  if (missing == 0) return 0;
  run::Recipe recipe = plan.arms.front().runs.front().recipe;
  recipe.data.limit = recipe.data.builtin_count = 128;
  const Shape sample = sample_of(recipe, session);
  fit::RealOrGeneratedProtocol protocol = fit::real_or_generated_protocol(plan.judge, sample);
  const bool strong = protocol.train_each > 0;
  const std::int64_t steps = fit::steps_of(protocol.fit, 2 * protocol.train_each);
  const std::int64_t fits = missing + (strong ? 0 : 1);  // the weak one's floor, once
  protocol.train_each = protocol.validation_each = 0;
  protocol.fit.epochs = 0;
  protocol.fit.steps = protocol.fit.validate_every = kSteps;
  protocol.fit.threads = session.threads;
  const Tensor pictures = grey(512, sample), few = grey(64, sample);
  fit::real_or_generated(*session.backend, {pictures, pictures, few, few}, protocol);  // warms up
  const double seconds = fit::real_or_generated(*session.backend, {pictures, pictures, few, few}, protocol).fit.seconds;
  const double size = static_cast<double>(element_count(sample)) / (28 * 28);
  return static_cast<double>(fits * steps) * seconds / kSteps +
         static_cast<double>(missing * plan.count) / 5000 * kOtherSeconds * size;
}

}  // namespace ganymede::study
