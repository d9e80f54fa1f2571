#include "data/ink/unipen_labels.hpp"

#include <fmt/format.h>

#include <charconv>

namespace ganymede::data {
namespace {

// Takes a whole number >= 0 off the front.
bool take_number(std::string_view& text, std::int64_t& value) {
  std::uint32_t parsed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  value = parsed;
  return true;
}

bool take_mark(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

// component[:point]
bool take_place(std::string_view& text, UnipenPlace& place) {
  return take_number(text, place.component) && (!take_mark(text, ':') || take_number(text, place.point));
}

// place[-place]{,place[-place]}
bool parse_ranges(std::string_view text, std::vector<UnipenRange>& ranges) {
  do {
    UnipenRange range;
    if (!take_place(text, range.from)) return false;
    if (!take_mark(text, '-')) {
      range.to = range.from;
    } else if (!take_place(text, range.to)) {
      return false;
    }
    if (range.to.component < range.from.component) return false;
    ranges.push_back(range);
  } while (take_mark(text, ','));
  return text.empty();
}

bool parse_label(std::string_view text, std::string& label) {
  const std::size_t open = text.find('"');
  if (open == std::string_view::npos) return false;
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '"') return true;
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    label += text[i];
  }
  return false;
}

}  // namespace

UnipenLabels read_unipen_labels(std::string_view text, const std::string& file, Faults& faults) {
  UnipenLabels labels;
  Lines lines(text);
  for (std::string_view line; lines.next(line);) {
    std::string_view rest = line;
    const std::string_view keyword = take_word(rest);
    if (keyword == ".INCLUDE") {
      labels.includes.push_back({std::string(take_word(rest)), lines.number()});
    } else if (keyword == ".SEGMENT" && take_word(rest) == "CHARACTER") {
      UnipenSegment segment{.line = lines.number()};
      const std::string_view ranges = take_word(rest);
      std::string_view after = rest;
      if (const std::string_view word = take_word(after); !word.starts_with('"')) segment.quality = word, rest = after;
      if (parse_ranges(ranges, segment.ranges) && parse_label(rest, segment.label)) {
        labels.segments.push_back(std::move(segment));
      } else {
        ++labels.malformed;
        faults.push_back(
            fmt::format("{}:{}: wanted .SEGMENT CHARACTER <components> <quality> \"<label>\", found \"{}\"", file,
                        lines.number(), std::string(line.substr(0, 60))));
      }
    }
  }
  return labels;
}

}  // namespace ganymede::data
