#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/ink/unipen_lines.hpp"

namespace ganymede::data {

/// A place in the ink of a UniPen file: a component, and a point in it (-1: its first, or last, one).
struct UnipenPlace {
  std::int64_t component = 0;
  std::int64_t point = -1;
  friend bool operator==(const UnipenPlace&, const UnipenPlace&) = default;
};
/// From a place to a place, both included.
struct UnipenRange {
  UnipenPlace from, to;
  friend bool operator==(const UnipenRange&, const UnipenRange&) = default;
};

/// The line `.SEGMENT CHARACTER 4-5:12,7 OK "A"`.
struct UnipenSegment {
  int line = 0;
  std::vector<UnipenRange> ranges;
  std::string quality;  ///< OK, GOOD, BAD, LHD, ?; may be empty
  std::string label;    ///< between the quotes, \" and \\ resolved
};

/// A text of labels: the files whose components it numbers, and the segments of the level CHARACTER, in order.
struct UnipenLabels {
  struct Include {
    std::string name;
    int line = 0;
  };
  std::vector<Include> includes;
  std::vector<UnipenSegment> segments;
  std::int64_t malformed = 0;  ///< .SEGMENT CHARACTER lines that could not be read
};

/// Never throws: every fault is appended to `faults` as "file:line: ...", and reading goes on.
UnipenLabels read_unipen_labels(std::string_view text, const std::string& file, Faults& faults);

}  // namespace ganymede::data
