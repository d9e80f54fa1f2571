#pragma once

#include <cstdint>

#include "data/ink/symbols.hpp"
#include "ink/stroke.hpp"

namespace ganymede::data {

/// Class of a built-in symbol, 0 .. 38 (symbol_names): each block of 39 consecutive indices holds every class once, in
/// an order shuffled by (seed, block).
int synthetic_symbol_label(std::uint64_t seed, std::uint64_t index);

/// The strokes of built-in symbol `index` as class `label`, y down, about 1 high: a stroke template
/// (letter_templates.hpp, digit_templates.hpp; a caron of a small V for Č Š Ž), bent, slanted, stretched and turned at
/// random, curves as polylines. A function of (seed, index, label) alone. @throws ShapeError for a label outside 0
/// .. 38.
ink::Ink draw_symbol(std::uint64_t seed, std::uint64_t index, int label);

/// The first `count` >= 1 symbols of a seed; the symbols do not depend on `count`. Every kSymbolsOfAWriter = 78
/// consecutive ones have the same writer, "builtin-<seed>/<number>", who also has a slant of their own.
/// @throws ConfigError if count < 1.
InkSet synthetic_symbols(std::int64_t count, std::uint64_t seed);
inline constexpr int kSymbolsOfAWriter = 2 * kSymbolClasses;

}  // namespace ganymede::data
