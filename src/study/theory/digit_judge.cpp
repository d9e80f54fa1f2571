#include "study/theory/digit_judge.hpp"

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "evaluate/reference.hpp"
#include "fit/networks.hpp"
#include "fit/samples.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::study {
namespace {

constexpr std::int64_t kHeldOut = 1000;

std::string protocol_of(const TheoryPlan& plan) {
  return plan.quick ? "classifier_theory_quick_v1" : "classifier_theory_v1";
}

}  // namespace

DigitSets digit_sets(const TheoryPlan& plan, const train::SessionOptions& session) {
  run::Recipe recipe = run::find_recipe("quick");
  const std::int64_t wanted = plan.quick ? 6000 : 20000;
  run::apply_sets(recipe, {"data.source=" + plan.source});
  const auto first = [&](data::Split split, std::int64_t count) {
    return data::first_images(evaluate::open_whole(recipe, split, session.places, count), count);
  };
  DigitSets sets{first(data::Split::train, wanted), first(data::Split::test, kHeldOut)};
  if (sets.train.class_count() < 2 || sets.test.class_count() < 2 || sets.train.is_ink() || sets.train.is_points()) {
    fail<DataError>("{}: the study leads a classifier astray, which wants pictures of two classes or more",
                    plan.source);
  }
  return sets;
}

fit::ClassifierRecord digit_classifier(const TheoryContext& context, const DigitSets& sets) {
  const std::filesystem::path file = context.folder / "classifier.safetensors";
  const std::string hash = hex(data::content_hash(sets.train)), protocol = protocol_of(context.plan);
  if (std::filesystem::exists(file)) {
    fit::ClassifierRecord kept = fit::load_classifier(file);
    if (kept.data_hash == hash && kept.protocol == protocol) return kept;
  }
  const Shape shape(sets.train.images.shape().begin() + 1, sets.train.images.shape().end());
  fit::ClassifierRecord record{.network = fit::classifier_for_shape(shape, sets.train.class_count(), 0.5, false),
                               .parameters = {},
                               .protocol = protocol,
                               .data = sets.train.provenance.name,
                               .data_hash = hash,
                               .validation_hash = hex(data::content_hash(sets.test)),
                               .class_names = sets.train.class_names,
                               .seed = 1,
                               .plan = {},
                               .curve = {}};
  fit::FitOptions options{.steps = context.plan.quick ? 500 : 2000};
  options.shift = 1;
  options.threads = context.session.threads;
  fit::FitResult result = fit::fit(*context.session.backend, record.network, fit::samples_of(sets.train),
                                   fit::samples_of(sets.test), options);
  record.parameters = std::move(result.parameters);
  record.plan = result.plan;
  record.steps = result.steps;
  record.seconds = result.seconds;
  record.curve = std::move(result.curve);
  fit::save_classifier(file, record);
  return record;
}

}  // namespace ganymede::study
