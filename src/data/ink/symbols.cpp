#include "data/ink/symbols.hpp"

#include <algorithm>
#include <utility>

#include "base/philox.hpp"
#include "data/batches.hpp"

namespace ganymede::data {

const std::vector<std::string>& symbol_names() {
  static const std::vector<std::string> kNames{"A", "B", "C", "Č", "D", "E", "F", "G", "H", "I", "J", "K", "L",
                                               "M", "N", "O", "P", "R", "S", "Š", "T", "U", "V", "Z", "Ž", "Q",
                                               "W", "X", "Y", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  return kNames;
}

int symbol_class(std::string_view name) {
  const auto& names = symbol_names();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

std::string contributor_of(const std::string& writer) {
  return writer.substr(0, writer.find('/'));
}

std::vector<std::int64_t> class_histogram(const InkSet& set) {
  std::vector<std::int64_t> histogram(set.class_names.size());
  for (const Symbol& symbol : set.symbols) ++histogram[static_cast<std::size_t>(symbol.label)];
  return histogram;
}

bool is_test_writer(const std::string& writer) {
  return Random(0, "data.ink.split").words(stream_id(writer), 0)[0] % 7 == 0;
}

InkSet split_of(InkSet set, Split split) {
  std::vector<bool> wanted;
  wanted.reserve(set.writers.size());
  for (const std::string& writer : set.writers) wanted.push_back(is_test_writer(writer) == (split == Split::test));
  std::erase_if(set.symbols, [&](const Symbol& s) { return !wanted[static_cast<std::size_t>(s.writer)]; });
  return set;
}

void shuffle(InkSet& set, std::uint64_t seed) {
  if (set.symbols.empty()) return;
  std::vector<Symbol> shuffled;
  shuffled.reserve(set.symbols.size());
  for (const std::uint32_t i : epoch_order(static_cast<std::int64_t>(set.symbols.size()), seed, 0)) {
    shuffled.push_back(std::move(set.symbols[i]));
  }
  set.symbols = std::move(shuffled);
}

void keep_first_of_each_class(InkSet& set, std::int64_t count) {
  if (count == 0) return;
  std::vector<std::int64_t> seen(set.class_names.size(), 0);
  std::erase_if(set.symbols, [&](const Symbol& s) { return ++seen[static_cast<std::size_t>(s.label)] > count; });
}

}  // namespace ganymede::data
