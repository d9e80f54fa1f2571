#pragma once

#include <cstdint>
#include <filesystem>
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
};

/// Opens both splits of the data, as Reference does, and names the file of their classifier. Sets that the program
/// draws take seconds to minutes: what was found of them is noted beside the classifiers, and the note is believed by
/// the same `build` of the program ("": no notes). @throws as data::open_dataset.
KnownClassifier known_classifier(const run::Recipe& recipe, const ReferenceOptions& options, const std::string& build);

}  // namespace ganymede::evaluate
