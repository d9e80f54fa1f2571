#pragma once

#include <string>
#include <string_view>

namespace ganymede {

/// The text as one word of a POSIX shell's command: as it is, or in single quotes where the shell would read more.
std::string shell_word(std::string_view text);

}  // namespace ganymede
