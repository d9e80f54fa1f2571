#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/ink/unipen_lines.hpp"
#include "ink/stroke.hpp"

namespace ganymede::data {

// Ink in the UniPen format (Guyon et al. 1994, "UNIPEN project of on-line data exchange and recognizer benchmarks"): a
// keyword stands at the beginning of a line after a dot, lines without one go on with the keyword above.

/// What one .PEN_DOWN or .PEN_UP holds.
struct UnipenComponent {
  bool down = true;
  bool damaged = false;       ///< a line of it could not be read
  ink::Stroke points;         ///< as in the file: y may point up
  std::vector<double> times;  ///< of every point in seconds; empty without a column T
  std::int32_t writer = -1;   ///< into UnipenInk::writers; -1 before the first .WRITER_ID
};

/// The columns of .COORD that count. T is in milliseconds.
struct UnipenColumns {
  int count = 2, x = 0, y = 1, t = -1;
};

/// Components in order, and the state that a following file goes on with.
struct UnipenInk {
  std::vector<UnipenComponent> components;
  std::vector<std::string> writers;
  std::map<std::string, std::int32_t, std::less<>> writer_numbers;  ///< name -> its place among the writers
  std::int32_t writer = -1;                                         ///< now in force
  UnipenColumns columns;
};

/// Called at every .INCLUDE with its file name and line: reads that file into the same ink.
using OnInclude = std::function<void(std::string_view name, int line)>;

/// Reads a text of ink or of documentation to the end of `ink`. Of its keywords .COORD, .WRITER_ID, .PEN_DOWN, .PEN_UP
/// and .INCLUDE count; .DT does not end a component. A line of a component holds whole points, or the component is
/// damaged. Never throws: every fault is appended to `faults`, and reading goes on.
void read_unipen_ink(std::string_view text, const std::string& file, UnipenInk& ink, Faults& faults,
                     const OnInclude& on_include);

}  // namespace ganymede::data
