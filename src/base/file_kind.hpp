#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ganymede {

/// So many first bytes show what a file is.
inline constexpr std::size_t kKindBytes = 1024;

/// What to do with pictures that lie in a file of another program, for the end of a message.
inline constexpr const char* kAsNpz =
    ": save its pictures as NPZ in Python, numpy.savez(\"set.npz\", images=..., labels=...)";

/// For messages of readers that were given something else: what the first bytes show a file to be, and what to do about
/// it. "a Git LFS pointer instead of the file: run `git lfs pull` where it was cloned", "a text table (CSV?): ...",
/// "nothing" of an empty file, "something else (other first bytes)" of what is none of the known kinds.
std::string kind_of_file(std::string_view bytes);

}  // namespace ganymede
