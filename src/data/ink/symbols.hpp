#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.hpp"
#include "data/files/idx_files.hpp"
#include "ink/stroke.hpp"

namespace ganymede::data {

inline constexpr int kSymbolClasses = 39;

/// The classes of S-INK in its order (UTF-8): the 25 letters of the Slovene alphabet, Q W X Y, 0 .. 9.
const std::vector<std::string>& symbol_names();
/// The class of one of these names, or -1.
int symbol_class(std::string_view name);

/// A hand-drawn symbol.
struct Symbol {
  ink::Ink ink;                            ///< x right, y down, in any unit
  std::vector<std::vector<double>> times;  ///< of every point, in seconds; empty: unknown
  std::int32_t label = 0;                  ///< into InkSet::class_names
  std::int32_t writer = 0;                 ///< into InkSet::writers
};

/// The lines that symbols were drawn between, in their unit; y down: a capital reaches from `top` to `baseline`.
struct InkLines {
  double top = 0, baseline = 1;
  friend bool operator==(const InkLines&, const InkLines&) = default;
};

/// Symbols in memory, and what could not be read.
struct InkSet {
  std::vector<Symbol> symbols;
  std::vector<std::string> class_names;         ///< UTF-8
  std::vector<std::string> writers;             ///< "contributor/writer", or any name; each once
  std::map<std::string, std::int64_t> skipped;  ///< reason -> symbols
  std::vector<std::string> faults;              ///< "file:line: what is wrong", in the order of reading
  std::optional<InkLines> lines{};              ///< none: where a symbol stands on its line is not known
  Provenance provenance;
};

/// The part of a writer's name before the first '/', or the whole.
std::string contributor_of(const std::string& writer);

/// Symbols of each class, [K].
std::vector<std::int64_t> class_histogram(const InkSet& set);

/// Whether a writer belongs to the test split: one in seven, by a hash of the name, so that no writer is in both.
bool is_test_writer(const std::string& writer);
/// The symbols of a split's writers, in the old order; writers and classes keep their numbers.
InkSet split_of(InkSet set, Split split);
/// In the order of epoch_order(count, seed, 0).
void shuffle(InkSet& set, std::uint64_t seed);
/// The first `count` symbols of every class; 0: all.
void keep_first_of_each_class(InkSet& set, std::int64_t count);

}  // namespace ganymede::data
