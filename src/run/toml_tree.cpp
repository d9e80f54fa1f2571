#include "run/toml_tree.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/error.hpp"
#include "run/toml_text.hpp"

// The library parses and destroys nested values by recursion. With values nested at most 16 deep and at most 100 dots a
// line, a tree is never deeper than some 1,700 levels, which any stack bears.
#define TOML_HEADER_ONLY 1
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

namespace ganymede::run {
namespace {

constexpr std::ptrdiff_t kMaxDots = 100;

void check_size(std::string_view text, const std::string& origin) {
  if (text.size() > kLargestToml) {
    fail<ConfigError>("{}: a recipe has at most {} bytes (got {})", origin, kLargestToml, text.size());
  }
  int line = 1;
  for (std::size_t start = 0; start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (std::ranges::count(text.substr(start, end - start), '.') > kMaxDots) {
      fail<ConfigError>("{}:{}: more than {} dots in one line", origin, line, kMaxDots);
    }
    start = end + 1;
  }
}

int line_of(const toml::source_region& source) {
  return static_cast<int>(source.begin.line);
}

TomlValue convert(const toml::node& node, int line) {
  TomlValue result{.value = false, .line = line};
  if (const auto* table = node.as_table()) {
    TomlValue::Table entries;
    for (const auto& [key, child] : *table) {
      entries.push_back({std::string(key.str()), convert(child, line_of(key.source()))});
    }
    // The library sorts by name; the file's order is the reader's.
    std::ranges::stable_sort(entries, {}, [](const auto& entry) { return entry.second.line; });
    result.value = std::move(entries);
  } else if (const auto* array = node.as_array()) {
    TomlValue::Array items;
    for (const toml::node& child : *array) {
      items.push_back(convert(child, line_of(child.source())));
    }
    result.value = std::move(items);
  } else if (const auto* text = node.as_string()) {
    result.value = text->get();
  } else if (const auto* integer = node.as_integer()) {
    result.value = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    result.value = number->get();
  } else if (const auto* boolean = node.as_boolean()) {
    result.value = boolean->get();
  } else {
    std::ostringstream out;
    node.visit([&](const auto& leaf) { out << leaf; });
    result.value = TomlValue::Other{out.str()};
  }
  return result;
}

}  // namespace

TomlValue::Table parse_toml(std::string_view text, const std::string& origin) {
  check_size(text, origin);
  try {
    const toml::table root = toml::parse(text);
    return std::get<TomlValue::Table>(convert(root, 1).value);
  } catch (const toml::parse_error& error) {
    fail<ConfigError>("{}:{}: {}", origin, line_of(error.source()), error.description());
  }
}

std::string shown(const TomlValue& value) {
  std::string text = std::visit(
      [](const auto& v) -> std::string {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, TomlValue::Table>) {
          return "a table";
        } else if constexpr (std::is_same_v<T, TomlValue::Array>) {
          std::string items;
          for (const TomlValue& item : v) {
            items += (items.empty() ? "" : ", ") + shown(item);
            if (items.size() > 60) {
              break;
            }
          }
          return "[" + items + "]";
        } else if constexpr (std::is_same_v<T, TomlValue::Other>) {
          return v.text;
        } else if constexpr (std::is_same_v<T, double>) {
          return toml_text(v) + (v == std::trunc(v) && std::abs(v) < 1e15 ? ".0" : "");  // 64.0 is no integer
        } else {
          return toml_text(v);
        }
      },
      value.value);
  constexpr std::size_t kMost = 60;
  if (text.size() > kMost) {
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
      --end;  // not within a UTF-8 character
    }
    text = text.substr(0, end) + "...";
  }
  return text;
}

}  // namespace ganymede::run
