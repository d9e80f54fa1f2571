#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/reference.hpp"

namespace ganymede::evaluate {

/// What is known of the classifier of a recipe's data without fitting it.
struct KnownClassifier {
  std::filesystem::path file;  ///< where it lies, or would; empty: there can be none, and `why`
  std::string why;
  std::string data;  ///< name of the set
  std::vector<std::string> class_names;
  std::int64_t steps = 0;  ///< of a fit
  int stacked = 1;         ///< > 1: the file's is of single pictures, class_names of so many (fit::stacked)
};

/// Opens both splits of the data, as Reference does, and names the file of their classifier. Sets that the program
/// draws take seconds to minutes: what was found of them is noted beside the classifiers, and the note is believed by
/// the same `build` of the program ("": no notes). @throws as data::open_dataset.
KnownClassifier known_classifier(const run::Recipe& recipe, const ReferenceOptions& options, const std::string& build);

/// What its file holds. @throws DataError if it is missing, damaged or of other data: then it is fitted anew.
fit::ClassifierRecord load_known(const KnownClassifier& known);

/// The classifier of a recipe's data as Reference::classifier gives it, where it is kept already: nothing is fitted.
struct KeptClassifier {
  std::optional<fit::Classifier> classifier;
  bool fittable = false;  ///< without one: it can be fitted
  std::string why_not;    ///< likewise: "no classifier of mnist is kept yet", or what the data lack
};
/// `build`: as known_classifier. Data that cannot be read are no error: there is no classifier then.
KeptClassifier kept_classifier(const run::Recipe& recipe, const ReferenceOptions& options, const std::string& build);

}  // namespace ganymede::evaluate
