#include "run/option_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ganymede::run {
namespace {

bool within(const Legal& legal, double value) {
  const bool low = legal.above_least ? value > legal.least : value >= legal.least;
  const bool high = legal.below_most ? value < legal.most : value <= legal.most;
  return low && high;  // false for NaN, where there are limits
}

// One function a field type: true if the value is of that type and legal.
bool put(bool& field, const Legal&, const TomlValue& value) {
  const auto* found = value.as<bool>();
  if (found != nullptr) {
    field = *found;
  }
  return found != nullptr;
}

template <class Integer>
bool put_integer(Integer& field, const Legal& legal, const TomlValue& value) {
  const auto* found = value.as<std::int64_t>();
  if (found == nullptr || !within(legal, static_cast<double>(*found)) || !std::in_range<Integer>(*found)) {
    return false;
  }
  field = static_cast<Integer>(*found);
  return true;
}

bool put(int& field, const Legal& legal, const TomlValue& value) {
  return put_integer(field, legal, value);
}
bool put(std::int64_t& field, const Legal& legal, const TomlValue& value) {
  return put_integer(field, legal, value);
}

bool put(std::uint64_t& field, const Legal&, const TomlValue& value) {
  // Every integer of TOML that is not negative; a double would round the largest up to the limit.
  return put_integer(field, {.least = 0}, value);
}

bool put(double& field, const Legal& legal, const TomlValue& value) {
  const auto* integer = value.as<std::int64_t>();
  const auto* number = value.as<double>();
  if (integer == nullptr && number == nullptr) {
    return false;
  }
  const double found = integer != nullptr ? static_cast<double>(*integer) : *number;
  if (!std::isfinite(found) || !within(legal, found)) {
    return false;
  }
  field = found;
  return true;
}

bool put(std::string& field, const Legal& legal, const TomlValue& value) {
  const auto* found = value.as<std::string>();
  if (found == nullptr || (!legal.choices.empty() && std::ranges::find(legal.choices, *found) == legal.choices.end())) {
    return false;
  }
  field = *found;
  return true;
}

template <class E>
  requires std::is_enum_v<E>
bool put(E& field, const Legal&, const TomlValue& value) {
  const auto* found = value.as<std::string>();
  const auto table = play::table_of<E>();
  const auto entry = std::ranges::find_if(table, [&](const auto& named) { return found && named.name == *found; });
  if (entry == table.end()) return false;
  field = entry->value;
  return true;
}

bool put(std::vector<std::int64_t>& field, const Legal& legal, const TomlValue& value) {
  const auto* array = value.as<TomlValue::Array>();
  if (array == nullptr) {
    return false;
  }
  std::vector<std::int64_t> items;
  for (const TomlValue& item : *array) {
    if (!put(items.emplace_back(), legal, item)) {
      return false;
    }
  }
  field = std::move(items);
  return true;
}

}  // namespace

std::optional<std::string> assign(const Option& option, Recipe& recipe, const TomlValue& value) {
  const bool good = std::visit([&](auto* field) { return put(*field, option.legal, value); }, option.field(recipe));
  if (good) {
    return std::nullopt;
  }
  return fmt::format("{} must be {} (got {})", option.key, wanted_text(option), shown(value));
}

std::string unknown_key(const std::string& key) {
  const std::string nearest = nearest_option(key);
  return nearest.empty() ? fmt::format("unknown key \"{}\"; `ganymede options` lists all", key)
                         : fmt::format("unknown key \"{}\", did you mean \"{}\"?", key, nearest);
}

}  // namespace ganymede::run
