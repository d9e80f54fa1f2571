#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/catalogue.hpp"
#include "data/stacked_digits.hpp"
#include "evaluate/classified.hpp"
#include "fit/classifier_cache.hpp"
#include "run/recipe.hpp"

namespace ganymede::evaluate {

struct ReferenceOptions {
  const play::Backend& backend;  ///< who computes the classifier
  std::vector<data::SearchPlace> places;
  int threads = 0;
  std::filesystem::path cache{};  ///< of classifiers; empty: the user's
  /// Called before a classifier is looked up or fitted, with its data set and whether it must be fitted; returns the
  /// fit's callback (empty: none).
  std::function<fit::OnProgress(const std::string& data, bool fitted, std::int64_t steps)> on_classifier{};
  std::function<void(const std::string& line)> say{};  ///< told what is to be known of the test split; may be empty
};

/// What a real-or-generated classifier makes of two halves of the reals.
struct JudgeFloor {
  double val_loss = 0, error_rate = 0;
  std::int64_t count = 0;  ///< judged of a half
};

/// The set whose classifier gives features, as a recipe's data would be read.
struct FeatureSet {
  data::Dataset train, test;  ///< of stacked digits: of single ones
  std::string name;           ///< within scores, without version, as Reference::data_name
  int stacked = 1;            ///< so many of those samples are one, and each is judged by itself
};
/// `image_size` of a folder of pictures (0: the recipes' default). @throws as data::open_dataset.
FeatureSet open_features(const std::string& source, const std::vector<data::SearchPlace>& places, int image_size = 0);

/// The real side of scores: both splits of a data set and a classifier of it. The set is the whole one whatever share a
/// run was trained on (built-in sets: 20,000 + 10,000 samples; ink without copies), so that scores of all runs on it
/// compare.
class Reference {
 public:
  /// The data of a recipe. `features`: the set whose classifier gives the features, empty: the same. @throws as
  /// data::open_dataset; DataError if that classifier takes samples of another shape, long before it is fitted.
  Reference(const run::Recipe& recipe, const ReferenceOptions& options, const std::string& features = {});

  /// Name of features and reals within scores: "mnist_v1"; "<data>_by_<features>_v1" where these differ. Sets that are
  /// no named ones, and ink prepared in another way, carry the hash of their content: "letters-1a2b3c4d_v1". So does
  /// the set of the features: "photos-5e6f7a8b_by_letters-1a2b3c4d_v1".
  const std::string& name() const { return name_; }
  /// Name of the data alone, without version: "mnist".
  const std::string& data_name() const { return data_name_; }
  /// Who computes; other classifiers of the same data ask the same one.
  const play::Backend& backend() const { return options_.backend; }
  const data::Dataset& train() const { return train_; }
  const data::Dataset& test() const { return test_; }
  /// Both splits hold the same samples: nothing is held out.
  bool one_split() const { return one_split_; }
  /// What protocols call the reals: "held-out reals" only where they are.
  const char* reals() const { return one_split_ ? "reals" : "held-out reals"; }
  /// The test split in a random order (seed 1, stream "evaluate.reals"): any number from the front is a fair sample.
  const std::vector<std::int64_t>& order() const { return order_; }
  /// Test samples first ... of that order.
  Tensor held_out(std::int64_t first, std::int64_t count) const;
  /// Their classes; empty for a set without.
  std::vector<std::int32_t> held_out_classes(std::int64_t count) const;
  /// Their conditions, [count, K]; empty for a set without.
  std::vector<float> held_out_conditions(std::int64_t count) const;

  /// Digits that one picture shows, 1 but of stacked ones whose classifier is their own, fitted on single digits.
  int stacked() const { return features_of_digits_ ? data::kStackedDigits : 1; }
  /// The classes that this classifier sees among `count` stacked digits of the test split (it holds fewer), [count],
  /// made once. @throws ConfigError where stacked() is 1.
  const std::vector<std::int32_t>& stacked_labels(std::int64_t count);

  /// Whether there is a classifier: the set has classes, or another set was named for its features.
  bool has_classifier() const { return classifier_ != nullptr || features_ || train_.class_count() > 1; }
  /// Looked up or fitted when it is first asked for. @throws as fit::classifier_for.
  fit::Classifier& classifier();
  /// What the classifier says of the first `count` of them, computed once.
  const Classified& classified(std::int64_t count);
  /// The floor of a protocol, which is the same for every generator: `fit` makes it when it is first asked for.
  const JudgeFloor& judge_floor(const std::string& protocol, const std::function<JudgeFloor()>& fit);

 private:
  run::Recipe recipe_;
  ReferenceOptions options_;
  data::Dataset train_, test_;
  std::optional<FeatureSet> features_;  ///< none: its own, or no longer needed
  std::string name_, data_name_;
  bool one_split_ = false, features_of_digits_ = false;
  std::vector<std::int32_t> stacked_labels_;
  std::vector<std::int64_t> order_;
  std::unique_ptr<fit::Classifier> classifier_;
  Classified classified_;
  std::map<std::string, JudgeFloor> floors_;
};

/// A split of a recipe's data as Reference takes it, of `builtin_count` samples where it is made (0: 20,000, of the
/// test split 10,000).
data::Dataset open_whole(const run::Recipe& recipe, data::Split split, const std::vector<data::SearchPlace>& places,
                         std::int64_t builtin_count = 0);

/// The recipe whose data the classifier of a recipe's data is fitted on: its own, or single digits where its are
/// stacked.
run::Recipe classified_recipe(const run::Recipe& recipe);
/// Pictures of those that make one of the recipe's.
int parts_of(const run::Recipe& recipe);

/// What every classifier of reals is looked up and fitted with.
fit::ClassifierOptions classifier_options(const ReferenceOptions& options);
/// Looked up, or fitted.
fit::Classifier classifier_of(const FeatureSet& features, const ReferenceOptions& options);

/// Letters, digits, '-' and '.' of a name or path's stem, others as '-': "out/My digits.npz" -> "My-digits".
std::string slug(const std::string& source);

}  // namespace ganymede::evaluate
