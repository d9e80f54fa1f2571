#include "explore/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::explore {

std::vector<Crossed> areas_crossed(std::span<const std::int32_t> labels) {
  std::vector<Crossed> areas;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    if (areas.empty() || areas.back().label != labels[i]) areas.push_back({labels[i], at, at});
    areas.back().last = at;
  }
  return areas;
}

void set_classes(const WalkOptions& options, std::span<const std::int64_t> which, std::int64_t points,
                 train::NamedSamples& samples) {
  if (!options.only) return;
  samples.classes.assign(which.size(), *options.only);
  if (!options.to_class || options.to_class == options.only) return;
  samples.toward.assign(which.size(), *options.to_class);
  samples.shares.clear();
  for (const std::int64_t i : which)
    samples.shares.push_back(static_cast<float>(static_cast<double>(i) / static_cast<double>(points - 1)));
}

void set_conditions(const WalkOptions& options, std::span<const std::int64_t> which, std::int64_t points,
                    train::NamedSamples& samples) {
  for (const std::int64_t i : which) {
    const double share = static_cast<double>(i) / static_cast<double>(points - 1);
    for (std::size_t k = 0; k < options.condition.size(); ++k) {
      samples.conditions.push_back(
          static_cast<float>((1 - share) * options.condition[k] + share * options.to_condition[k]));
    }
  }
}

std::string words_of(std::span<const Crossed> areas, std::int64_t points, std::span<const std::string> class_names) {
  std::string text;
  for (const Crossed& area : areas) {
    if (!text.empty()) text += ", ";
    text += class_names[static_cast<std::size_t>(area.label)];
    if (area.last + 1 < points)
      text += fmt::format(" until {:.3g}", (static_cast<double>(area.last) + 0.5) / static_cast<double>(points - 1));
  }
  return text;
}

std::optional<std::vector<float>> parse_coordinates(const std::string& text, int dim) {
  const char* const end = text.data() + text.size();
  std::vector<float> z;
  const auto past_spaces = [end](const char* at) { return std::find_if(at, end, [](char c) { return c != ' '; }); };
  for (const char* at = text.data(); at <= end;) {
    float value = 0;
    auto [next, fault] = std::from_chars(past_spaces(at), end, value);
    next = past_spaces(next);
    if (fault != std::errc() || !std::isfinite(value) || (next != end && *next != ',')) return {};
    z.push_back(value);
    at = next + 1;
  }
  if (static_cast<int>(z.size()) != dim) return {};
  return z;
}

std::vector<float> parse_condition(const std::string& text, int length) {
  if (length == 0) fail<ConfigError>("condition {}: this generator takes no condition that is a vector", text);
  std::optional<std::vector<float>> found = parse_coordinates(text, length);
  if (!found) {
    fail<ConfigError>("condition \"{}\": wanted {} finite number{}", text, length,
                      length == 1 ? "" : "s, separated by commas");
  }
  return std::move(*found);
}

std::vector<float> parse_z(const std::string& text, int dim,
                           const std::function<std::vector<float>(std::uint64_t)>& named) {
  const char* const end = text.data() + text.size();
  std::uint64_t seed = 0;
  if (const auto [at, fault] = std::from_chars(text.data(), end, seed); fault == std::errc() && at == end)
    return named(seed);
  std::optional<std::vector<float>> z = parse_coordinates(text, dim);
  if (!z) {
    fail<ConfigError>("\"{}\": wanted a seed (a whole number) or the {} coordinates of a z, separated by commas", text,
                      dim);
  }
  return std::move(*z);
}

}  // namespace ganymede::explore
