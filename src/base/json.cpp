#include "base/json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace ganymede {

void check_json_depth(std::string_view text, const std::string& origin) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepestJson) {
        fail<DataError>("{}: no JSON of ours: nested deeper than {} brackets", origin, kDeepestJson);
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

std::string json_fault(std::string_view fault, bool position) {
  constexpr std::string_view kPlace = "parse error at ";
  if (const std::size_t tag = fault.find("] "); fault.starts_with('[') && tag != std::string_view::npos)
    fault.remove_prefix(tag + 2);
  if (fault.starts_with(kPlace)) {
    fault.remove_prefix(kPlace.size());
    if (const std::size_t end = fault.find(": "); !position && end != std::string_view::npos)
      fault.remove_prefix(end + 2);
  }
  return std::string(fault.substr(0, 200));
}

void fail_json(const std::string& origin, const char* fault, bool is_file) {
  fail<DataError>("{}: no JSON{}: {}", origin, is_file ? "; the file is damaged" : "", json_fault(fault));
}

nlohmann::ordered_json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

template <class Json>
Json parse_json(std::string_view text, const std::string& origin, bool is_file) {
  check_json_depth(text, origin);
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    fail_json(origin, error.what(), is_file);
  }
}

template <class Json>
Json read_json(const std::filesystem::path& path, std::uint64_t most) {
  return parse_json<Json>(read_file(path, most), path.string());
}

template <class Json>
std::string json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

#define GANYMEDE_JSON(Json)                                             \
  template Json parse_json(std::string_view, const std::string&, bool); \
  template Json read_json(const std::filesystem::path&, std::uint64_t); \
  template std::string json_text(const Json&, int)
GANYMEDE_JSON(nlohmann::json);
GANYMEDE_JSON(nlohmann::ordered_json);
#undef GANYMEDE_JSON

}  // namespace ganymede
