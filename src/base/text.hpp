#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede {

/// The text with its ASCII letters in lower case.
std::string lower_case(std::string_view text);

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours that turn a into b.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `name`, or nothing if none is within a third of its length (at least 1). Upper and lower
/// case count as equal; a name without a dot is compared with a candidate's last part too (`epochs`, `train.epochs`).
/// On a tie the first.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);
/// `, did you mean "train.epochs"?`, or "" if nothing is near: to be appended to `unknown key "train.epoch"`.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// Bytes in powers of 1000 with three significant digits: "0 B", "999 B", "1.23 kB", "45.6 MB", "1.20 GB".
std::string human_bytes(double bytes);
/// "0.25 s", "9.5 s", "42 s", "3 min 20 s", "1 h 5 min", "2 d 3 h".
std::string human_duration(double seconds);
/// "0:07", "1:20", "2:03:04"; "-:--" for a negative or unknown (NaN) time.
std::string clock_duration(double seconds);
/// 2330944 -> "2,330,944".
std::string with_thousands(std::int64_t value);

/// Columns that UTF-8 text takes on a terminal: its code points (no double-width characters).
int display_width(std::string_view text);
/// The first `columns` columns of the text.
std::string clip_width(std::string_view text, int columns);

/// A message as a terminal may show it: control characters but new lines and tabs, and bytes that are no UTF-8, become
/// '?'; what is longer than 4,000 bytes is cut, and says so.
std::string printable(std::string_view text);
/// Bytes of the UTF-8 character that a text which is not empty begins with; 0 if it begins with none (RFC 3629:
/// shortest forms, no surrogates, up to U+10FFFF).
std::size_t character_length(std::string_view text);
/// Whether all of it is such characters.
bool is_utf8(std::string_view text);

/// A table of aligned columns, two spaces apart, without trailing blanks.
class TextTable {
 public:
  /// `alignment`: one letter a column, 'l' or 'r', such as "lrr".
  explicit TextTable(std::string alignment) : alignment_(std::move(alignment)) {}

  /// A row of at most one cell a column; missing cells are blank. Throws std::logic_error on more.
  void add(std::vector<std::string> cells);
  /// A line of dashes over the whole width.
  void add_rule();
  /// The table, each line ended by a newline.
  std::string str() const;

 private:
  std::string alignment_;
  std::vector<std::vector<std::string>> rows_;  // an empty row is a rule
};

}  // namespace ganymede
