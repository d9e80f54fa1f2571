#pragma once

#include "base/philox.hpp"
#include "data/ink/symbols.hpp"
#include "ink/stroke.hpp"

namespace ganymede::data {

/// The letter with `v`, made small, above it (y down): a fifth to a third as high as the letter's longer side, never
/// wider than 0.65 of it, a gap of 0.05 to 0.14 below, nearly centred; size, gap and place are drawn at random.
ink::Ink with_caron(const ink::Ink& letter, const ink::Ink& v, RandomSequence& random);

/// Appends a Č, Š or Ž for every C, S or Z, composed with a V of at most two strokes of the same writer, drawn by
/// (stream "data.caron", index of the letter). Letters whose writer has none are counted in `skipped`. The classes must
/// be symbol_names().
void add_carons(InkSet& set);

}  // namespace ganymede::data
