#include "evaluate/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/checksum.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "data/sources.hpp"
#include "data/summary.hpp"
#include "measure/resample.hpp"
#include "train/sources.hpp"

namespace ganymede::evaluate {
namespace {

/// Whether the recipe's samples are prepared as the named set's are.
bool prepared_plainly(const run::Recipe& recipe, const data::Source& source) {
  const run::Recipe::Data plain;
  const run::Recipe::Data& d = recipe.data;
  if (source.kind == data::SampleKind::point) return train::open_options(recipe).points == data::PointOptions{};
  if (source.kind == data::SampleKind::image)
    return d.digits == plain.digits && (!source.any_side || d.image_size == 0 || d.image_size == source.height);
  return d.range == plain.range && d.simplification == plain.simplification && d.padding == plain.padding &&
         d.tolerance == plain.tolerance && d.most_tolerance == plain.most_tolerance;
}

std::string name_of_data(const run::Recipe& recipe, const data::Dataset& train) {
  const data::Source* named = data::find_source(recipe.data.source);
  if (named != nullptr && prepared_plainly(recipe, *named)) return named->name;
  return slug(recipe.data.source) + "-" + hex(data::content_hash(train));
}

FeatureSet features_of(const run::Recipe& recipe, const std::vector<data::SearchPlace>& places) {
  const run::Recipe fitted_on = classified_recipe(recipe);
  FeatureSet set{.train = open_whole(fitted_on, data::Split::train, places),
                 .test = open_whole(fitted_on, data::Split::test, places),
                 .name = {},
                 .stacked = parts_of(recipe)};
  set.name = set.stacked > 1 ? recipe.data.source : name_of_data(recipe, set.train);
  return set;
}

fit::Classifier fitted(const data::Dataset& train, const data::Dataset& test, const ReferenceOptions& options) {
  fit::ClassifierOptions wanted = classifier_options(options);
  wanted.on_warning = [](const std::string& text) { tell("warning: {}", text); };
  std::error_code ignored;
  const bool fits = !std::filesystem::exists(fit::classifier_file(options.backend, train, test, wanted), ignored);
  if (options.on_classifier) {
    const std::int64_t steps = fit::steps_of(fit::classifier_protocol(train).fit, train.size());
    wanted.on_progress = options.on_classifier(train.provenance.name, fits, steps);
  }
  return fit::classifier_for(options.backend, train, test, wanted);
}

}  // namespace

std::string slug(const std::string& source) {
  std::string name = std::filesystem::path(source).stem().string();
  if (name.empty()) name = std::filesystem::path(source).parent_path().filename().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '.') c = '-';
  }
  return name.empty() ? "data" : name;
}

data::Dataset open_whole(const run::Recipe& recipe, data::Split split, const std::vector<data::SearchPlace>& places,
                         std::int64_t builtin_count) {
  data::OpenOptions options = train::open_options(recipe);
  options.limit = 0;
  const std::int64_t usual = split == data::Split::train ? 20000 : 10000;
  options.builtin_count = builtin_count > 0 ? builtin_count : usual;
  options.ink.copies = 0;
  options.ink.per_class = 0;
  options.seed = 0;
  return data::open_dataset(recipe.data.source, split, places, options);
}

run::Recipe classified_recipe(const run::Recipe& recipe) {
  if (recipe.data.source != data::kStackedMnist) return recipe;
  run::Recipe single;
  single.data.source = recipe.data.digits;
  return single;
}

int parts_of(const run::Recipe& recipe) {
  return recipe.data.source == data::kStackedMnist ? data::kStackedDigits : 1;
}

FeatureSet open_features(const std::string& source, const std::vector<data::SearchPlace>& places, int image_size) {
  run::Recipe recipe;
  recipe.data.source = source;
  if (image_size > 0) recipe.data.image_size = image_size;
  return features_of(recipe, places);
}

fit::ClassifierOptions classifier_options(const ReferenceOptions& options) {
  return {.cache = options.cache, .threads = options.threads, .on_progress = {}};
}

fit::Classifier classifier_of(const FeatureSet& features, const ReferenceOptions& options) {
  fit::Classifier single = fitted(features.train, features.test, options);
  if (features.stacked == 1) return single;
  return {options.backend, fit::stacked(single.record(), features.stacked), options.threads};
}

Reference::Reference(const run::Recipe& recipe, const ReferenceOptions& options, const std::string& features)
    : recipe_(recipe),
      options_(options),
      train_(open_whole(recipe, data::Split::train, options.places)),
      test_(open_whole(recipe, data::Split::test, options.places)),
      data_name_(name_of_data(recipe, train_)),
      one_split_(train_.images == test_.images) {
  if (options_.say) std::ranges::for_each(data::warnings(test_), options_.say);
  order_ = measure::permutation(test_.size(), Random(1, "evaluate.reals"), 0);
  name_ = data_name_ + "_v1";
  if (features.empty() || features == recipe.data.source) {
    features_of_digits_ = parts_of(recipe) > 1;
    return;
  }
  if (train_.is_points())
    fail<DataError>("--features {}: a classifier of pictures or ink says nothing of points ({})", features, data_name_);
  const Shape& ours = train_.images.shape();
  features_ = open_features(features, options.places, train_.is_ink() ? 0 : static_cast<int>(ours[2]));
  const Shape& theirs = features_->train.images.shape();
  Shape wanted(theirs.begin() + 1, theirs.end());
  const Shape found(ours.begin() + 1, ours.end());
  wanted[0] *= features_->stacked;
  if (wanted != found) {
    fail<DataError>("--features {}: its classifier takes samples {}, those of {} are {}; name a set of that shape",
                    features, to_string(wanted), data_name_, to_string(found));
  }
  if (features_->train.class_count() < 2) {
    fail<DataError>("--features {}: wanted data of two classes or more, found {}", features,
                    features_->train.class_count());
  }
  name_ = fmt::format("{}_by_{}_v1", data_name_, features_->name);
}

fit::Classifier& Reference::classifier() {
  if (!classifier_) {
    if (features_of_digits_) features_ = features_of(recipe_, options_.places);
    classifier_ = std::make_unique<fit::Classifier>(features_ ? classifier_of(*features_, options_)
                                                              : fitted(train_, test_, options_));
    features_.reset();  // its memory
  }
  return *classifier_;
}

Tensor Reference::held_out(std::int64_t first, std::int64_t count) const {
  return rows_of(test_.images,
                 std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)));
}

std::vector<std::int32_t> Reference::held_out_classes(std::int64_t count) const {
  std::vector<std::int32_t> classes;
  if (!test_.has_labels()) return classes;
  for (std::int64_t i = 0; i < count; ++i)
    classes.push_back(test_.labels[static_cast<std::size_t>(order_[static_cast<std::size_t>(i)])]);
  return classes;
}

const JudgeFloor& Reference::judge_floor(const std::string& protocol, const std::function<JudgeFloor()>& fit) {
  if (const auto found = floors_.find(protocol); found != floors_.end()) return found->second;
  return floors_[protocol] = fit();
}

std::vector<float> Reference::held_out_conditions(std::int64_t count) const {
  std::vector<float> all;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto one = test_.condition(order_[static_cast<std::size_t>(i)]);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

const std::vector<std::int32_t>& Reference::stacked_labels(std::int64_t count) {
  if (stacked() == 1) fail<ConfigError>("{}: its pictures are no stacked digits", data_name_);
  if (static_cast<std::int64_t>(stacked_labels_.size()) != count) {
    const data::Dataset more = open_whole(recipe_, data::Split::test, options_.places, count);
    stacked_labels_ = classifier().labels(more.images);
  }
  return stacked_labels_;
}

const Classified& Reference::classified(std::int64_t count) {
  if (classified_.count() < count) {
    classified_ = classify(
        classifier(), [&](std::int64_t first, std::int64_t n) { return held_out(first, n); }, count,
        held_out_classes(count));
  }
  return classified_;
}

}  // namespace ganymede::evaluate
