#include "run/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "run/toml_text.hpp"

namespace ganymede::run {
namespace {

template <class T>
bool is(const Field& field) {
  return std::holds_alternative<T*>(field);
}

}  // namespace

bool is_text(const Field& field) {
  return is<std::string>(field) ||
         std::visit([](const auto* value) { return std::is_enum_v<std::decay_t<decltype(*value)>>; }, field);
}

const Option* find_option(std::string_view key) {
  const auto found = std::ranges::find(options(), key, &Option::key);
  return found == options().end() ? nullptr : &*found;
}

std::string nearest_option(std::string_view key) {
  std::vector<std::string> keys;
  for (const Option& option : options()) {
    keys.push_back(option.key);
  }
  if (const auto nearest = nearest_name(key, keys)) {
    return *nearest;
  }
  // The right name in the wrong section.
  const auto last = [](std::string_view k) { return k.substr(k.rfind('.') + 1); };  // npos + 1 = 0
  for (const std::string& candidate : keys) {
    if (last(candidate) == last(key)) {
      return candidate;
    }
  }
  return "";
}

namespace {

// f of the option's value: a number, a text, a list, or the name of an enumerator.
template <class F>
auto with_value(const Option& option, const Recipe& recipe, const F& f) {
  return std::visit(
      [&](const auto* value) {
        if constexpr (std::is_enum_v<std::decay_t<decltype(*value)>>) {
          return f(std::string(play::name_of(*value)));
        } else {
          return f(*value);
        }
      },
      option.field(const_cast<Recipe&>(recipe)));  // read only here
}

}  // namespace

std::string value_text(const Option& option, const Recipe& recipe) {
  return with_value(option, recipe, [](const auto& value) { return toml_text(value); });
}

nlohmann::ordered_json value_json(const Option& option, const Recipe& recipe) {
  return with_value(option, recipe, [](const auto& value) { return nlohmann::ordered_json(value); });
}

const Condition* unfulfilled(const Option& option, const Recipe& recipe) {
  const auto fails = [&](const Condition& condition) {
    const Option& other = *find_option(condition.key);
    // What has no meaning itself decides nothing: layers may end in a class head whatever `auxiliary` says.
    if (&other != &option && unfulfilled(other, recipe) != nullptr) return false;
    std::string value = value_text(other, recipe);
    if (value.starts_with('"')) value = value.substr(1, value.size() - 2);
    const bool listed = std::ranges::find(condition.values, value) != condition.values.end();
    return listed == condition.other;
  };
  const auto found = std::ranges::find_if(option.use.conditions(), fails);
  return found == option.use.conditions().end() ? nullptr : &*found;
}

std::string useless_text(const Option& option, const Condition& condition, const Recipe& recipe) {
  const Option& other = *find_option(condition.key);
  const std::string quote = is_text(other.field(const_cast<Recipe&>(recipe))) ? "\"" : "";
  std::string values;
  for (std::size_t i = 0; i < condition.values.size(); ++i) {
    const char* const comma = i == 0 ? "" : i + 1 < condition.values.size() ? ", " : " or ";
    values += fmt::format("{}{}{}{}", comma, quote, condition.values[i], quote);
  }
  return fmt::format("{} = {} needs {} {} {} (got {})", option.key, value_text(option, recipe), condition.key,
                     condition.other ? "other than" : "=", values, value_text(other, recipe));
}

std::string wanted_text(const Option& option) {
  const auto& [least, most, above_least, below_most, choices] = option.legal;
  Recipe defaults;
  const Field field = option.field(defaults);
  if (is<bool>(field)) {
    return "true or false";
  }
  if (is_text(field)) {
    return choices.empty() ? "a text"
                           : fmt::format("{}{}", choices.size() > 1 ? "one of " : "", fmt::join(choices, ", "));
  }
  const std::string kind = is<double>(field)                      ? "a number"
                           : is<std::vector<std::int64_t>>(field) ? "a list of integers"
                                                                  : "an integer";
  if (least == most) {
    return toml_text(least);
  }
  const std::string top = most == 1e15 ? "10^15" : most == 0x1p63 ? "2^63" : toml_text(most);
  return fmt::format("{} {} {} {} {}", kind, above_least ? "above" : "from", least,
                     below_most ? "to below" : (above_least ? "and at most" : "to"), top);
}

}  // namespace ganymede::run
