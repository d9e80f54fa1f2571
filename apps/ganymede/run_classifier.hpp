#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "explore/trained_generator.hpp"
#include "fit/classifier.hpp"
#include "fit/show_progress.hpp"
#include "shared.hpp"

namespace ganymede::app {

/// The classifier of a recipe's data, looked up or fitted (with progress); nothing for data without classes.
/// precision: of its work, play::Precision by name.
std::optional<fit::Classifier> run_classifier(const run::Recipe& recipe, const MachineArguments& machine,
                                              const Output& output, const std::string& precision = "f32");

/// The same where it is kept already, or else where `fit` allows it; without one, why.
struct SeenBy {
  std::optional<fit::Classifier> classifier;
  std::string why_not;  ///< "no classifier of mnist is kept yet; --classify fits one, once"
};
/// Data that are missing, or others than those that the generator learned from, are no error unless a fit is asked for.
SeenBy classifier_if_kept(const explore::TrainedGenerator& generator, const MachineArguments& machine,
                          const Output& output, bool fit);

/// --classify.
void add_classify(CLI::App& command, bool& classify);

/// Draws the progress of fits, one line each.
class FitProgress {
 public:
  explicit FitProgress(ProgressStyle style) : style_(style) {}
  fit::OnProgress begin(const std::string& label, std::int64_t steps);
  void end() { bar_.reset(); }

 private:
  ProgressStyle style_;
  std::unique_ptr<Progress> bar_;
};

/// For evaluate::ReferenceOptions::on_classifier: says on stderr, before it begins, that a classifier is fitted, and
/// shows its progress, which soon tells how long it takes; the signals that stop it are heard. `fits` must outlive it.
using ClassifierWatch = std::function<fit::OnProgress(const std::string& data, bool fitted, std::int64_t steps)>;
ClassifierWatch classifier_watch(FitProgress& fits, const Output& output);

/// "classifier_images_v1 of mnist, validation error 0.52 %".
std::string words_of(const fit::Classifier& classifier);

/// --precision.
void add_precision(CLI::App& command, std::string& precision);

}  // namespace ganymede::app
