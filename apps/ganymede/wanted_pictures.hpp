#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/places.hpp"
#include "explore/inversion/inversion.hpp"
#include "explore/trained_generator.hpp"
#include "run/recipe.hpp"

namespace ganymede::app {

// The pictures that `ganymede invert` looks for: files from outside, and samples of a run's own data.

/// Both splits of a run's data, opened when they are first asked for.
class RunData {
 public:
  RunData(const run::Recipe& recipe, const std::string& data) : recipe_(recipe), places_(data::search_places(data)) {}
  const data::Dataset& training();
  /// @throws DataError where both splits hold the same samples
  const data::Dataset& held_out();

 private:
  run::Recipe recipe_;
  std::vector<data::SearchPlace> places_;
  std::optional<data::Dataset> training_, held_out_;
};

/// What is to be found, and what each is called. Filled one by one, then finished.
class WantedPictures {
 public:
  explicit WantedPictures(const explore::TrainedGenerator& generator);
  /// The square in the middle of a picture file, as large as what the generator draws.
  /// @throws UserError where it draws no pictures
  void add_file(const std::string& file);
  void add_sample(const data::Dataset& dataset, std::int64_t index, const std::string& name);
  /// The same of an index that an option gave as text: called "NAME INDEX". @throws UserError beyond the data
  void add_sample(const data::Dataset& dataset, const std::string& option, std::string index, const std::string& name);
  const std::vector<std::string>& names() const { return names_; }
  /// From now on the best class of all is looked for, unless one is given.
  void forget_classes() { targets_.classes.clear(); }
  /// Shapes, classes and conditions as the generator takes them. `condition`: given by the user for all, or empty.
  explore::InversionTargets finish(const std::string& condition, std::optional<int> only);

 private:
  const explore::TrainedGenerator& generator_;
  Shape chw_;
  explore::InversionTargets targets_{};
  std::vector<std::string> names_;
  std::vector<float> values_;
};

}  // namespace ganymede::app
