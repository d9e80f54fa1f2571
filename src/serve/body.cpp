#include "serve/body.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

// The value as a sentence shows it.
std::string shown(const Json& value) {
  if (value.is_array()) return fmt::format("a list of {}", value.size());
  if (value.is_object()) return "an object";
  std::string text = json_text(value);
  return text.size() > 60 ? text.substr(0, 60) + "..." : text;
}

template <class... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
  throw HttpError(400, fmt::format(format, std::forward<Args>(args)...));
}

void append_point(std::vector<float>& values, const Json& point, const char* name, std::size_t dim) {
  if (!point.is_array() || point.size() != dim) refuse("\"{}\": wanted {} numbers, found {}", name, dim, shown(point));
  for (const Json& value : point) {
    const double number = value.is_number() ? value.get<double>() : kFarthest + 1;
    if (!(std::abs(number) <= kFarthest))
      refuse("\"{}\": wanted numbers from {} to {}, found {}", name, -kFarthest, kFarthest, shown(value));
    values.push_back(static_cast<float>(number));
  }
}

}  // namespace

Body::Body(const std::string& text) {
  try {
    fields_ = std::make_unique<Json>(parse_json<Json>(text, "the body", false));
  } catch (const DataError& fault) {
    refuse("the request's body must be a JSON object ({})", fault.what());
  }
  if (!fields_->is_object()) refuse("the request's body must be a JSON object, found {}", shown(*fields_));
}

Body::Body(const Json& fields) : fields_(std::make_unique<Json>(fields)) {}
Body::~Body() = default;
Body::Body(Body&&) noexcept = default;

const Json& Body::at(const char* name) const {
  static const Json kNothing = nullptr;
  const auto found = fields_->find(name);
  return found == fields_->end() ? kNothing : *found;
}

void Body::be_of(const std::vector<std::string>& known) const {
  for (const auto& [key, ignored] : fields_->items()) {
    if (std::ranges::find(known, key) == known.end())
      refuse("unknown key \"{}\", wanted {}", printable(key), fmt::join(known, ", "));
  }
}

bool Body::has(const char* name) const {
  return !at(name).is_null();
}

std::string Body::text(const char* name, std::size_t most) const {
  if (!has(name)) return "";
  if (!at(name).is_string()) refuse("\"{}\": wanted a text, found {}", name, shown(at(name)));
  const auto& text = at(name).get_ref<const std::string&>();
  if (text.size() > most) refuse("\"{}\": wanted at most {} bytes, found {}", name, most, text.size());
  return text;
}

std::string Body::required_text(const char* name, std::size_t most) const {
  std::string found = text(name, most);
  if (found.empty()) refuse("\"{}\" is missing", name);
  return found;
}

bool Body::flag(const char* name, bool otherwise) const {
  if (!has(name)) return otherwise;
  if (!at(name).is_boolean()) refuse("\"{}\": wanted true or false, found {}", name, shown(at(name)));
  return at(name).get<bool>();
}

double Body::number(const char* name, double low, double high, double otherwise) const {
  if (!has(name)) return otherwise;
  const double value = at(name).is_number() ? at(name).get<double>() : std::nan("");
  if (!(value >= low && value <= high))
    refuse("\"{}\": wanted a number from {} to {}, found {}", name, low, high, shown(at(name)));
  return value;
}

std::optional<std::int64_t> Body::whole(const char* name, std::int64_t low, std::int64_t high) const {
  if (!has(name)) return {};
  const Json& value = at(name);
  // Beyond int64 a number is unsigned or has a fraction.
  const bool fits = value.is_number_integer() && (!value.is_number_unsigned() ||
                                                  value.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX));
  if (!fits || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high)
    refuse("\"{}\": wanted a whole number from {} to {}, found {}", name, low, high, shown(value));
  return value.get<std::int64_t>();
}

std::string Body::choice(const char* name, const std::vector<std::string>& words) const {
  if (!has(name)) return words.front();
  std::string word = text(name);
  if (std::ranges::find(words, word) == words.end())
    refuse("\"{}\": wanted one of {}, found \"{}\"", name, fmt::join(words, ", "), word);
  return word;
}

std::vector<std::string> Body::texts(const char* name, std::size_t most) const {
  std::vector<std::string> list;
  if (!has(name)) return list;
  const Json& value = at(name);
  if (!value.is_array() || value.size() > most)
    refuse("\"{}\": wanted a list of at most {} texts, found {}", name, most, shown(value));
  for (const Json& one : value) {
    if (!one.is_string() || one.get_ref<const std::string&>().size() > 256)
      refuse("\"{}\": wanted texts of at most 256 bytes, found {}", name, shown(one));
    list.push_back(one.get<std::string>());
  }
  return list;
}

std::optional<Body> Body::object(const char* name) const {
  if (!has(name)) return {};
  if (!at(name).is_object()) refuse("\"{}\": wanted an object, found {}", name, shown(at(name)));
  return Body(at(name));
}

std::vector<float> Body::point(const char* name, std::size_t dim) const {
  std::vector<float> values;
  if (!has(name)) refuse("\"{}\" is missing: wanted {} numbers", name, dim);
  append_point(values, at(name), name, dim);
  return values;
}

std::vector<float> Body::points(const char* name, std::size_t dim, std::size_t most) const {
  std::vector<float> values;
  if (!has(name)) return values;
  const Json& value = at(name);
  const bool many = value.is_array() && !value.empty() && value.front().is_array();
  if (!many) {
    append_point(values, value, name, dim);
    return values;
  }
  if (value.size() > most) refuse("\"{}\": wanted at most {} points, found {}", name, most, value.size());
  for (const Json& one : value) append_point(values, one, name, dim);
  return values;
}

double short_number(float value) {
  return std::isfinite(value) ? std::stod(fmt::format("{}", value)) : double{value};
}

Json rows_json(const std::vector<float>& values, std::size_t dim) {
  Json rows = Json::array();
  for (std::size_t first = 0; first < values.size(); first += dim) {
    Json row = Json::array();
    for (std::size_t i = first; i < first + dim; ++i) row.push_back(short_number(values[i]));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace ganymede::serve
