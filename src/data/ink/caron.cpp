#include "data/ink/caron.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace ganymede::data {
namespace {

constexpr std::size_t kMostStrokesOfV = 2;

struct Pair {
  const char *bare, *with_caron;
};
constexpr Pair kPairs[] = {{"C", "Č"}, {"S", "Š"}, {"Z", "Ž"}};

// The class with the caron, or -1.
int with_caron_class(int label) {
  for (const Pair& pair : kPairs) {
    if (label == symbol_class(pair.bare)) return symbol_class(pair.with_caron);
  }
  return -1;
}

bool has_extent(const ink::Ink& ink) {
  const ink::Box box = ink::bounding_box(ink);
  return box.width() > 0 && box.height() > 0;
}

}  // namespace

ink::Ink with_caron(const ink::Ink& letter, const ink::Ink& v, RandomSequence& random) {
  const ink::Box below = ink::bounding_box(letter), box = ink::bounding_box(v);
  const double side = std::max(below.width(), below.height());
  const double height = side * random.uniform(0.2, 0.32);
  const double widest = side * 0.65 / std::max(box.width(), 1e-9);
  const double scale = std::min(height / std::max(box.height(), 1e-9), widest);
  const double gap = side * random.uniform(0.05, 0.14), aside = side * random.uniform(-0.06, 0.06);
  const double x = (below.x0 + below.x1) / 2 + aside - scale * (box.x0 + box.x1) / 2;
  const double y = below.y0 - gap - scale * box.y1;
  ink::Ink caron = v;
  ink::apply(then(ink::Affine::scaling(scale, scale), ink::Affine::translation(x, y)), caron);
  ink::Ink out = letter;
  std::move(caron.begin(), caron.end(), std::back_inserter(out));
  return out;
}

void add_carons(InkSet& set) {
  const int v = symbol_class("V");
  std::vector<std::vector<std::size_t>> carons(set.writers.size());
  for (std::size_t i = 0; i < set.symbols.size(); ++i) {
    const Symbol& s = set.symbols[i];
    if (s.label != v || s.ink.size() > kMostStrokesOfV || !has_extent(s.ink)) continue;
    carons[static_cast<std::size_t>(s.writer)].push_back(i);
  }
  const std::size_t count = set.symbols.size();
  for (std::size_t i = 0; i < count; ++i) {
    const int label = with_caron_class(set.symbols[i].label);
    if (label < 0) continue;
    const auto& own = carons[static_cast<std::size_t>(set.symbols[i].writer)];
    if (own.empty()) {
      ++set.skipped["C, S or Z whose writer has no V for a caron"];
      continue;
    }
    RandomSequence random(Random(0, "data.caron"), static_cast<std::uint32_t>(i));
    const std::size_t chosen = own[random.below(static_cast<std::uint32_t>(own.size()))];
    set.symbols.push_back({.ink = with_caron(set.symbols[i].ink, set.symbols[chosen].ink, random),
                           .label = label,
                           .writer = set.symbols[i].writer});
  }
}

}  // namespace ganymede::data
