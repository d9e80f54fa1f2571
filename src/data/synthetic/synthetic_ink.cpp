#include "data/synthetic/synthetic_ink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "base/portable_math.hpp"
#include "data/ink/caron.hpp"
#include "data/synthetic/bend.hpp"
#include "data/synthetic/digit_templates.hpp"
#include "data/synthetic/letter_templates.hpp"

namespace ganymede::data {
namespace {

constexpr int kInkPieces = 6;  // chords between two control points

RandomSequence sequence(std::uint64_t seed, std::string_view stream, std::uint64_t index) {
  return {Random(seed, stream, static_cast<std::uint32_t>(index >> 32)), static_cast<std::uint32_t>(index)};
}

// The letter under a caron, or 0.
char bare_letter(const std::string& name) {
  return name == "Č" ? 'C' : name == "Š" ? 'S' : name == "Ž" ? 'Z' : '\0';
}

ink::Ink draw_template(int label, RandomSequence& random) {
  const std::string& name = symbol_names()[static_cast<std::size_t>(label)];
  if (const char letter = bare_letter(name)) {
    const ink::Ink below = draw_letter_template(letter, random);
    const ink::Ink v = draw_letter_template('V', random);
    return with_caron(below, v, random);
  }
  if (name[0] <= '9') return draw_digit_template(name[0] - '0', random);
  return draw_letter_template(name[0], random);
}

// How a writer holds all of their symbols.
struct Writer {
  double slant, stretch;
};

Writer draw_writer(std::uint64_t seed, std::uint64_t index) {
  RandomSequence random = sequence(seed, "data.ink.writer", index / kSymbolsOfAWriter);
  const double slant = 0.1 + 0.16 * limited_normal(random);
  return {slant, portable_exp(0.04 + 0.14 * limited_normal(random))};
}

ink::Affine draw_posture(const Writer& writer, RandomSequence& random) {
  const double slant = writer.slant + 0.06 * limited_normal(random);
  const double stretch = writer.stretch * portable_exp(0.08 * limited_normal(random));
  const double turn = 0.012 * limited_normal(random);
  return then(then(ink::Affine::scaling(stretch, 1), ink::Affine::slant(-slant)), ink::Affine::rotation(turn));
}

}  // namespace

int synthetic_symbol_label(std::uint64_t seed, std::uint64_t index) {
  RandomSequence random = sequence(seed, "data.ink.label", index / kSymbolClasses);
  std::array<int, kSymbolClasses> order;
  std::iota(order.begin(), order.end(), 0);
  for (std::uint32_t left = kSymbolClasses; left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  return order[index % kSymbolClasses];
}

ink::Ink draw_symbol(std::uint64_t seed, std::uint64_t index, int label) {
  if (label < 0 || label >= kSymbolClasses) fail<ShapeError>("ink: a class must be between 0 and 38 (got {})", label);
  RandomSequence random = sequence(seed, "data.ink.sample", index);
  ink::Ink ink = draw_template(label, random);
  const ink::Affine posture = draw_posture(draw_writer(seed, index), random);
  const Bend bend(random);
  for (ink::Stroke& stroke : ink) {
    stroke = ink::smooth_curve(stroke, kInkPieces);
    for (ink::Point& p : stroke) p = posture(bend(p));
  }
  return ink;
}

InkSet synthetic_symbols(std::int64_t count, std::uint64_t seed) {
  if (count < 1) fail<ConfigError>("data.builtin_count: wanted at least 1 symbol, found {}", count);
  InkSet set;
  set.class_names = symbol_names();
  set.provenance = {"builtin-ink", {}, "39 symbols drawn from stroke templates, nothing to download"};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint64_t>(i);
    const int label = synthetic_symbol_label(seed, index);
    const auto writer = static_cast<std::int32_t>(i / kSymbolsOfAWriter);
    if (i % kSymbolsOfAWriter == 0) set.writers.push_back(fmt::format("builtin-{}/{}", seed, writer));
    set.symbols.push_back({.ink = draw_symbol(seed, index, label), .label = label, .writer = writer});
  }
  return set;
}

}  // namespace ganymede::data
