#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ganymede::run {

/// A TOML document as a plain tree with line numbers, in the order of the file. The library behind it stays in one
/// source.
struct TomlValue {
  using Array = std::vector<TomlValue>;
  struct Entry;
  using Table = std::vector<Entry>;
  struct Other {
    std::string text;  ///< a date or time: nothing of ours is one
  };
  std::variant<bool, std::int64_t, double, std::string, Array, Table, Other> value;
  int line = 0;  ///< of the key, or of the value within an array

  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
};
struct TomlValue::Entry {
  std::string first;  ///< its key
  TomlValue second;
};

inline constexpr std::size_t kLargestToml = 4'000'000;  ///< bytes

/// Throws ConfigError `origin:line: ...` on anything that is not TOML, is nested too deeply or is larger than 4 MB.
TomlValue::Table parse_toml(std::string_view text, const std::string& origin);

/// The value as TOML text, cut to some 60 characters: for messages.
std::string shown(const TomlValue& value);

}  // namespace ganymede::run
