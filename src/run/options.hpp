#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "run/recipe.hpp"

namespace ganymede::run {

/// Where an option's value lives in a recipe.
using Field =
    std::variant<bool*, int*, std::int64_t*, std::uint64_t*, double*, std::string*, std::vector<std::int64_t>*,
                 play::Loss*, play::UpdateOrder*, play::Penalty*, play::UnrollBatches*, play::ShardStatistics*,
                 play::OptimizerKind*, play::Schedule*, play::Precision*>;
/// Whether the value is written in quotes: a text, or the name of a choice.
bool is_text(const Field& field);

/// The legal values of an option.
struct Legal {
  double least = -std::numeric_limits<double>::infinity();  ///< numbers (each one of a list)
  double most = std::numeric_limits<double>::infinity();
  bool above_least = false;            ///< `least` itself is not legal
  bool below_most = false;             ///< `most` itself is not legal
  std::vector<std::string> choices{};  ///< text; empty: any
};

/// Another key and the values of it with which a key has a meaning.
struct Condition {
  std::string key;
  std::vector<std::string> values;  ///< as plain text: "ink", "0", "true"
  bool other = false;               ///< any value but these
};

/// Where a key has a meaning: everywhere, or where all conditions hold. Each option must say so.
class Use {
 public:
  static Use everywhere() { return Use({}); }
  static Use where(std::vector<Condition> conditions) { return Use(std::move(conditions)); }
  const std::vector<Condition>& conditions() const { return conditions_; }

 private:
  explicit Use(std::vector<Condition> conditions) : conditions_(std::move(conditions)) {}
  std::vector<Condition> conditions_;
};

/// One key of a recipe, declared once: reader, --set, writer, listing and reference page all come from the table of
/// these. Its type is the field's, its default the value in Recipe{}.
struct Option {
  std::string key;   ///< "train.batch": section and name, as in TOML
  std::string help;  ///< one sentence, without a full stop
  Field (*field)(Recipe&);
  Legal legal;
  Use use;
};

/// All options in the order of the reference page (section by section).
const std::vector<Option>& options();
/// nullptr if there is no such key.
const Option* find_option(std::string_view key);
/// The known key nearest to `key` ("" if none is near).
std::string nearest_option(std::string_view key);

/// The value in `recipe` as TOML text: 256, 0.0001, "adam", true, [10, 50].
std::string value_text(const Option& option, const Recipe& recipe);
/// The same as a JSON value.
nlohmann::ordered_json value_json(const Option& option, const Recipe& recipe);
/// The first condition of the option that the recipe does not fulfil; nullptr where the key has a meaning.
const Condition* unfulfilled(const Option& option, const Recipe& recipe);
/// `generator.norm = "batch" needs generator.family = "digits" or "photo" (got "ink")`.
std::string useless_text(const Option& option, const Condition& condition, const Recipe& recipe);

/// "an integer from 1 to 65536", "a number above 0", "true or false", "one of adam, nadam, rmsprop, sgd".
std::string wanted_text(const Option& option);

/// The listing of `ganymede options`: key, default, legal values and help, aligned; only keys holding `filter` ("" for
/// all).
std::string options_table(std::string_view filter = {});
/// The same as JSON text: {"schema": "ganymede.options/1", "options": [{"key", "type", "default", "help", "min", "max",
/// "choices"}]}.
std::string options_json(std::string_view filter = {});
/// The reference page docs/options.md.
std::string options_markdown();

}  // namespace ganymede::run
