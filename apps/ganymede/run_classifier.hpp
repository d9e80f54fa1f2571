#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fit/classifier.hpp"
#include "shared.hpp"

namespace ganymede::app {

/// The classifier of a recipe's data, looked up or fitted (with progress); nothing for data without classes.
/// precision: of its work, play::Precision by name.
std::optional<fit::Classifier> run_classifier(const run::Recipe& recipe, const MachineArguments& machine,
                                              const Output& output, const std::string& precision = "f32");

/// Says on stderr, before it begins, that a classifier is fitted; how long it takes fit::show_progress tells soon.
void announce_classifier(const std::string& data, std::int64_t steps);

/// "classifier_images_v1 of mnist, validation error 0.52 %".
std::string words_of(const fit::Classifier& classifier);

/// --precision.
void add_precision(CLI::App& command, std::string& precision);

}  // namespace ganymede::app
