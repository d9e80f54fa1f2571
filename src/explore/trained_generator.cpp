#include "explore/trained_generator.hpp"

#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "fit/samples.hpp"
#include "net/network.hpp"
#include "train/point_painter.hpp"
#include "train/sources.hpp"

namespace ganymede::explore {
namespace {

constexpr int kBatch = 64;

run::Snapshot without_tensors(const run::Snapshot& snapshot) {
  return {.tensors = {},
          .recipe = snapshot.recipe,
          .generator = snapshot.generator,
          .discriminator = snapshot.discriminator,
          .class_names = snapshot.class_names,
          .epoch = snapshot.epoch,
          .step = snapshot.step,
          .images = snapshot.images};
}

play::Inputs inputs_of(const train::NamedSamples& samples, bool by_itself) {
  play::Inputs inputs = samples.inputs();
  inputs.by_itself = by_itself;
  return inputs;
}

}  // namespace

Plan plan_of(play::Precision precision) {
  return precision == play::Precision::f32 ? Plan::exact : Plan::quick;
}

TrainedGenerator::TrainedGenerator(const play::Backend& backend, const run::Snapshot& snapshot,
                                   const std::filesystem::path& run_folder, int threads, Plan plan)
    : TrainedGenerator(backend, snapshot, run_folder, std::make_shared<Workers>(threads), plan) {}

TrainedGenerator::TrainedGenerator(const play::Backend& backend, const run::Snapshot& snapshot,
                                   const std::filesystem::path& run_folder, std::shared_ptr<Workers> workers, Plan plan)
    : about_(without_tensors(snapshot)),
      plan_(plan),
      partition_(train::partition_for(about_.recipe, network(), run_folder)),
      workers_(std::move(workers)),
      noise_(about_.recipe, partition_, train::kept_conditions(network(), run_folder)),
      model_(backend.make_model(network(),
                                {.batch = kBatch,
                                 .precision = plan == Plan::exact ? play::Precision::f32 : play::Precision::automatic,
                                 .pool = workers_->pool()})),
      weights_(run::generator_weights(snapshot)) {
  for (const auto& [name, tensor] : weights_) weight_bytes_ += static_cast<std::int64_t>(tensor.bytes().size());
  const auto turn = workers_->turn();
  model_->load(weights_);
  count_bytes();
}

void TrainedGenerator::count_bytes() {
  bytes_ = weight_bytes_ + model_->memory_bytes();
}

Tensor TrainedGenerator::output(const play::Inputs& inputs, const std::vector<play::Override>& overrides) {
  if (condition_length() > 0 && inputs.conditions.empty()) {
    if (!noise_.conditions().is_fixed()) {
      fail<ConfigError>("this generator takes a condition of {} numbers beside z, and none is given",
                        condition_length());
    }
    const std::vector<float> all = conditions(0, inputs.count);
    play::Inputs with = inputs;
    with.conditions = all;
    return output(with, overrides);
  }
  const auto turn = workers_->turn();
  Tensor pictures = model_->infer(inputs, {}, overrides).output;
  count_bytes();
  return pictures;
}

train::NamedSamples TrainedGenerator::samples(std::uint64_t seed, std::int64_t count, std::optional<int> only) {
  const auto turn = workers_->turn();
  return train::named_samples(noise_, network(), seed, count, only);
}

train::NamedSamples TrainedGenerator::samples(std::span<const std::uint64_t> seeds, std::optional<int> only) {
  train::NamedSamples all;
  for (const std::uint64_t seed : seeds) all.append(samples(seed, 1, only));
  return all;
}

void TrainedGenerator::give(std::vector<float> condition) {
  const auto turn = workers_->turn();
  noise_.fix_condition(std::move(condition));
}

void TrainedGenerator::truncate(double deviations) {
  const auto turn = workers_->turn();
  noise_.truncate(deviations);
}

Tensor TrainedGenerator::draw(std::uint64_t seed, std::int64_t count, std::vector<std::int32_t>* classes) {
  const train::NamedSamples drawn = samples(seed, count);
  if (classes != nullptr) *classes = drawn.classes;
  return draw(drawn);
}

Tensor TrainedGenerator::draw_named(std::uint64_t seed, std::int64_t count, std::span<const std::int32_t> classes) {
  std::vector<float> z(static_cast<std::size_t>(count * noise_.dim()));
  {
    const auto turn = workers_->turn();
    noise_.fill_samples(seed, classes, z);
  }
  return draw(z, classes, conditions(seed, count));
}

Tensor TrainedGenerator::draw(std::span<const float> z, std::span<const std::int32_t> classes,
                              std::span<const float> conditions) {
  return output({.count = static_cast<std::int64_t>(z.size()) / latent_dim(),
                 .values = z,
                 .classes = classes,
                 .conditions = conditions});
}

Tensor TrainedGenerator::draw(const train::NamedSamples& samples, const std::vector<play::Override>& overrides,
                              bool by_itself) {
  return output(inputs_of(samples, by_itself), overrides);
}

play::PulledBack TrainedGenerator::pull_back(const train::NamedSamples& samples, const play::OutputSlopes& slopes) {
  const auto turn = workers_->turn();
  play::PulledBack back = model_->pull_back(samples.inputs(), slopes);
  count_bytes();
  return back;
}

Dissection TrainedGenerator::inspect(const train::NamedSamples& samples, const std::vector<std::string>& layers,
                                     const std::vector<play::Override>& overrides, bool by_itself) {
  const auto turn = workers_->turn();
  Dissection dissection = dissect(*model_, network(), inputs_of(samples, by_itself), layers, overrides);
  count_bytes();
  return dissection;
}

std::vector<std::int32_t> TrainedGenerator::classify(fit::Classifier& classifier, const Tensor& pictures) {
  const auto turn = workers_->turn();
  return classifier.labels(as_samples(pictures));
}

TrainedGenerator::Judged TrainedGenerator::judge(fit::Classifier& classifier, const Tensor& pictures) {
  const auto turn = workers_->turn();
  fit::Classifier::Outputs found = classifier.judge(as_samples(pictures));
  return {.labels = std::move(found.labels), .probabilities = std::move(found.probabilities)};
}

MapSource TrainedGenerator::source(fit::Classifier& classifier, const std::vector<play::Override>& overrides) {
  check_has_map(network());
  MapSource source = map_source(about_.recipe, network(), classifier.record().class_names);
  source.generate = [this, overrides](std::span<const float> z, std::span<const std::int32_t> given) {
    return output({.count = static_cast<std::int64_t>(z.size()) / latent_dim(), .values = z, .classes = given},
                  overrides);
  };
  source.classify = [this, &classifier](const Tensor& pictures) { return classify(classifier, pictures); };
  return source;
}

ClassMap TrainedGenerator::map(fit::Classifier& classifier, const MapOptions& options, const OnMapPiece& on_piece) {
  return make_class_map(source(classifier), options, on_piece);
}

Walk TrainedGenerator::walk(std::span<const float> from, std::span<const float> to, const WalkOptions& options,
                            fit::Classifier* classifier) {
  const auto pictures_on = [&](const std::vector<float>& z) {
    train::NamedSamples samples{.count = std::ssize(z) / std::ssize(from), .z = z, .classes = {}};
    std::vector<std::int64_t> all(static_cast<std::size_t>(samples.count));
    std::iota(all.begin(), all.end(), 0);
    set_classes(options, all, samples.count, samples);
    set_conditions(options, all, samples.count, samples);
    return draw(samples, options.overrides);
  };
  Walk walk{.pictures = pictures_on(latent::path(from, to, options.steps, options.kind)),
            .line = latent::path(from, to, kWalkPoints, options.kind),
            .labels = {},
            .areas = {}};
  if (classifier == nullptr) return walk;
  walk.labels = classify(*classifier, walk.pictures);
  walk.areas = areas_crossed(classify(*classifier, pictures_on(walk.line)));
  return walk;
}

void check_has_map(const net::Network& generator) {
  if (train::condition_length(generator) == 0) return;
  fail<ConfigError>(
      "a class map shows what lies where in the latent space, and this generator's pictures depend on a vector besides "
      "(generator.condition = \"vector\"): it has no map");
}

MapSource map_source(const run::Recipe& recipe, const net::Network& generator, std::vector<std::string> class_names) {
  return {.prior = {.dim = recipe.latent.dim,
                    .kind = latent::prior_kind_from(recipe.latent.prior),
                    .codes = play::codes_from(recipe.latent.codes)},
          .classes = train::class_count(generator),
          .class_names = std::move(class_names),
          .generate = {},
          .classify = {}};
}

Tensor as_samples(const Tensor& generated) {
  const Shape& s = generated.shape();
  if (train::is_points({s[1], s[2], s[3]})) return generated.reshaped({s[0], s[1]});
  if (train::is_ink({s[1], s[2], s[3]})) return generated.reshaped({s[0], s[2], s[3]});
  return fit::to_levels(generated);
}

void check_draws(const net::Network& generator, const run::ImageFacts& facts, const std::string& data) {
  const int output = generator.index_of(generator.outputs.front());
  const Shape drawn = net::infer_shapes(generator).at(static_cast<std::size_t>(output));
  const Shape held{facts.channels, facts.height, facts.width};
  if (drawn != held) {
    fail<DataError>(
        "{}: holds samples {}, the run's generator draws {}: the data are others than those it learned from", data,
        to_string(held), to_string(drawn));
  }
  if (const int length = train::condition_length(generator);
      length > 0 && facts.conditions > 0 && facts.conditions != length) {
    fail<DataError>(
        "{}: holds conditions of {} numbers, the run's generator takes {}: the data are others than those it learned "
        "from",
        data, facts.conditions, length);
  }
  const int classes = train::class_count(generator);
  if (classes > 0 && facts.classes > 0 && classes != facts.classes) {
    fail<DataError>(
        "{}: holds {} classes, the run's generator draws {}: the data are others than those it learned from", data,
        facts.classes, classes);
  }
}

}  // namespace ganymede::explore
