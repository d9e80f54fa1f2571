#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ganymede {
namespace {

bool continues_character(char ch) {
  return (static_cast<unsigned char>(ch) & 0xC0) == 0x80;
}

std::string in_units(std::int64_t count, std::int64_t per_unit, const char* unit, const char* rest) {
  const std::int64_t left = count % per_unit;
  return left == 0 ? fmt::format("{} {}", count / per_unit, unit)
                   : fmt::format("{} {} {} {}", count / per_unit, unit, left, rest);
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& ch : result) {
    if (ch >= 'A' && ch <= 'Z') ch = static_cast<char>(ch - 'A' + 'a');
  }
  return result;
}

int edit_distance(std::string_view a, std::string_view b) {
  // d[i % 3][j]: distance of the first i characters of a and the first j of b.
  std::vector<std::vector<int>> d(3, std::vector<int>(b.size() + 1));
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<int>& row = d[i % 3];
    const std::vector<int>& above = d[(i - 1) % 3];
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], d[(i - 2) % 3][j - 2] + 1);
      }
    }
  }
  return d[a.size() % 3][b.size()];
}

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates) {
  const std::string wanted = lower_case(name);
  int best = std::max(1, static_cast<int>(wanted.size()) / 3) + 1;
  std::optional<std::string> result;
  for (const std::string& candidate : candidates) {
    const std::string found = lower_case(candidate);
    int distance = edit_distance(wanted, found);
    if (wanted.find('.') == std::string::npos) {
      distance = std::min(distance, edit_distance(wanted, found.substr(found.rfind('.') + 1)));
    }
    if (distance < best) {
      best = distance;
      result = candidate;
    }
  }
  return result;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const auto nearest = nearest_name(name, candidates);
  return nearest ? fmt::format(", did you mean \"{}\"?", *nearest) : "";
}

std::string human_bytes(double bytes) {
  if (bytes < 999.5) return fmt::format("{:.0f} B", bytes);
  const char* unit = "";
  for (const char* next : {"kB", "MB", "GB", "TB", "PB", "EB"}) {
    bytes /= 1000;
    unit = next;
    if (bytes < 999.5) break;
  }
  const int decimals = bytes < 9.995 ? 2 : bytes < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", bytes, decimals, unit);
}

std::string human_duration(double seconds) {
  if (!(std::fabs(seconds) < 1e15)) return "unknown time";
  if (seconds < 0.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const std::int64_t s = std::llround(seconds);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return in_units(s, 60, "min", "s");
  const std::int64_t minutes = std::llround(seconds / 60);
  if (minutes < 24 * 60) return in_units(minutes, 60, "h", "min");
  return in_units(std::llround(seconds / 3600), 24, "d", "h");
}

std::string clock_duration(double seconds) {
  if (!(seconds >= 0 && seconds < 1e15)) return "-:--";
  const std::int64_t s = std::llround(seconds);
  if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string with_thousands(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::ptrdiff_t first = value < 0 ? 2 : 1;
  for (std::ptrdiff_t at = std::ssize(digits) - 3; at >= first; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned char second = byte(1);
  const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                   (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return bad ? 0 : length;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text.substr(i));
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string printable(std::string_view text) {
  constexpr std::size_t kMost = 4000;
  std::string shown;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text.substr(i));
    if (shown.size() + std::max<std::size_t>(length, 1) > kMost)
      return shown + fmt::format(" ... ({} bytes in all)", text.size());
    const unsigned char first = static_cast<unsigned char>(text[i]);
    const bool control = first == 0x7F || (first < 0x20 && first != '\n' && first != '\t');
    shown += length == 0 || control ? std::string_view("?") : text.substr(i, length);
    i += std::max<std::size_t>(length, 1);
  }
  return shown;
}

int display_width(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char ch) { return !continues_character(ch); }));
}

std::string clip_width(std::string_view text, int columns) {
  std::size_t end = 0;
  for (int taken = 0; end < text.size(); ++end) {
    if (!continues_character(text[end]) && taken++ >= columns) break;
  }
  return std::string(text.substr(0, end));
}

void TextTable::add(std::vector<std::string> cells) {
  if (cells.size() > alignment_.size()) throw std::logic_error("TextTable: more cells than columns");
  cells.resize(alignment_.size());
  rows_.push_back(std::move(cells));
}

void TextTable::add_rule() {
  rows_.emplace_back();
}

std::string TextTable::str() const {
  std::vector<int> widths(alignment_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
  }
  int total = 2 * (static_cast<int>(widths.size()) - 1);
  for (const int width : widths) total += width;

  std::string result;
  for (const auto& row : rows_) {
    std::string line(row.empty() ? static_cast<std::size_t>(std::max(total, 0)) : 0, '-');
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string blanks(static_cast<std::size_t>(widths[c] - display_width(row[c])), ' ');
      line += c == 0 ? "" : "  ";
      line += alignment_[c] == 'r' ? blanks + row[c] : row[c] + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + '\n';
  }
  return result;
}

}  // namespace ganymede
