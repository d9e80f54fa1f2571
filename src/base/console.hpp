#pragma once

#include <fmt/core.h>

#include <string_view>
#include <utility>

namespace ganymede {

// What is said to a person on stderr. A console that is full, closed or gone takes nothing away from the work: these
// never throw.

/// Opens /dev/null wherever descriptor 0, 1 or 2 is closed, so that no file of ours gets such a number and with it
/// whatever is printed. The first thing that a program does.
void open_standard_descriptors();

/// Writes `text` as it stands.
void write_console(std::string_view text) noexcept;

/// A sentence with its newline: `tell("{}: skipped", path)`.
template <class... Args>
void tell(fmt::format_string<Args...> format, Args&&... args) {
  write_console(fmt::format(format, std::forward<Args>(args)...) + "\n");
}

}  // namespace ganymede
