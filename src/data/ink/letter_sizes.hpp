#pragma once

#include <optional>
#include <vector>

#include "data/ink/symbols.hpp"

namespace ganymede::data {

/// How a letter is written, in heights of a capital (InkLines: from the top line to the baseline). Networks see every
/// symbol with its longer side as 1, and so none of this.
struct LetterSize {
  double longer = 1;  ///< the longer side of its box
  double drop = 0;    ///< how far the box hangs below the baseline; negative: how far above it ends
};

/// Of each class, [K]: the medians over its symbols (of an even number the mean of both in the middle). None of a class
/// without symbols, and of all where the set has no lines.
std::vector<std::optional<LetterSize>> letter_sizes(const InkSet& set);

}  // namespace ganymede::data
