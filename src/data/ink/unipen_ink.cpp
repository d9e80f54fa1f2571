#include "data/ink/unipen_ink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace ganymede::data {
namespace {

constexpr std::size_t kMostColumns = 32;
constexpr double kFarthest = 1e9;  // no tablet is as large, in any unit

bool parse_number(std::string_view word, double& value) {
  if (word.starts_with('+')) word.remove_prefix(1);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size() && std::abs(value) <= kFarthest;
}

// Reads one text; holds what belongs to it alone.
class InkReader {
 public:
  InkReader(const std::string& file, UnipenInk& ink, Faults& faults, const OnInclude& on_include)
      : file_(file), ink_(ink), faults_(faults), on_include_(on_include) {}

  void read(std::string_view text) {
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
      line_ = lines.number();
      if (line.size() > 1 && line[0] == '.' && line[1] >= 'A' && line[1] <= 'Z') {
        std::string_view rest = line;
        const std::string_view word = take_word(rest);
        keyword(word, rest);
      } else if (in_component_) {
        points(line);
      }
    }
  }

 private:
  void keyword(std::string_view word, std::string_view rest) {
    if (word == ".DT") return;
    in_component_ = word == ".PEN_DOWN" || word == ".PEN_UP";
    if (in_component_) {
      ink_.components.push_back({.down = word == ".PEN_DOWN", .writer = ink_.writer});
      points(rest);
    } else if (word == ".COORD") {
      coordinates(rest);
    } else if (word == ".WRITER_ID") {
      writer(take_word(rest));
    } else if (word == ".INCLUDE") {
      on_include_(take_word(rest), line_);
    }
  }

  void coordinates(std::string_view rest) {
    UnipenColumns columns{0, -1, -1, -1};
    for (std::string_view name = take_word(rest); !name.empty(); name = take_word(rest), ++columns.count) {
      if (name == "X") columns.x = columns.count;
      if (name == "Y") columns.y = columns.count;
      if (name == "T") columns.t = columns.count;
    }
    if (columns.x < 0 || columns.y < 0 || columns.count > static_cast<int>(kMostColumns)) {
      fault(".COORD: wanted columns among which are X and Y; the old ones stay");
    } else {
      ink_.columns = columns;
    }
  }

  void writer(std::string_view name) {
    if (name.empty()) return fault(".WRITER_ID: wanted a name, found nothing; the old one stays");
    const auto [known, is_new] = ink_.writer_numbers.emplace(name, static_cast<std::int32_t>(ink_.writers.size()));
    ink_.writer = known->second;
    if (is_new) ink_.writers.emplace_back(name);
  }

  // The points of one line of a component.
  void points(std::string_view line) {
    UnipenComponent& component = ink_.components.back();
    double values[kMostColumns];
    int filled = 0;
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      if (!parse_number(word, values[filled])) {
        return damage(fmt::format("wanted a number, found \"{}\"", std::string(word.substr(0, 20))));
      }
      if (++filled < ink_.columns.count) continue;
      component.points.push_back({values[ink_.columns.x], values[ink_.columns.y]});
      if (ink_.columns.t >= 0) component.times.push_back(values[ink_.columns.t] / 1000);
      filled = 0;
    }
    if (filled > 0) {
      damage(fmt::format("wanted a multiple of {} numbers (.COORD), found {} left over", ink_.columns.count, filled));
    }
  }

  void damage(const std::string& what) {
    ink_.components.back().damaged = true;
    fault(what);
  }
  void fault(const std::string& what) { faults_.push_back(fmt::format("{}:{}: {}", file_, line_, what)); }

  const std::string& file_;
  UnipenInk& ink_;
  Faults& faults_;
  const OnInclude& on_include_;
  int line_ = 0;
  bool in_component_ = false;
};

}  // namespace

void read_unipen_ink(std::string_view text, const std::string& file, UnipenInk& ink, Faults& faults,
                     const OnInclude& on_include) {
  InkReader(file, ink, faults, on_include).read(text);
}

}  // namespace ganymede::data
