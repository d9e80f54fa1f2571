#pragma once

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ganymede::data {

inline constexpr std::uint64_t kMostCsvBytes = std::uint64_t{1} << 30;

/// The text of a table's file. @throws DataError for a file of more than kMostCsvBytes, or of another kind than text
/// (`wanted`: "a table of conditions")
std::string read_csv_text(const std::filesystem::path& path, std::string_view wanted);

/// The number that a field of a table is, in f32; none where it is no number. It may not be finite.
inline std::optional<float> number_in(std::string_view field) {
  if (field.starts_with('+')) field.remove_prefix(1);
  double value = 0;
  const char* const end = field.data() + field.size();
  const auto [stopped, fault] = std::from_chars(field.data(), end, value);
  if (fault != std::errc() || stopped != end) return std::nullopt;
  return static_cast<float>(value);
}

/// A line without its end, taken off the text; a mark of byte order at the text's beginning is no part of it.
inline std::string_view take_line(std::string_view& text, bool first) {
  const std::size_t end = text.find('\n') < text.size() ? text.find('\n') : text.size();
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end < text.size() ? end + 1 : end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (first && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  return line;
}

}  // namespace ganymede::data
