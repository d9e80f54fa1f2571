#include "data/ink/ink_dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "base/wording.hpp"

namespace ganymede::data {
namespace {

void check(const InkOptions& o) {
  if (o.per_class < 0) fail<ConfigError>("data.per_class: wanted 0 (all) or more, found {}", o.per_class);
  if (o.copies < 0 || o.copies > 1000) fail<ConfigError>("data.copies: wanted 0 to 1000, found {}", o.copies);
  if (!(o.noise >= 0 && o.noise <= 1)) fail<ConfigError>("data.noise: wanted 0 to 1, found {}", o.noise);
  if (!(o.prepare.tolerance >= 0) || !(o.prepare.most_tolerance >= o.prepare.tolerance)) {
    fail<ConfigError>("data.tolerance: wanted 0 or more and not above the largest one, found {} and {}",
                      o.prepare.tolerance, o.prepare.most_tolerance);
  }
}

// Appends samples to the parts of a data set.
class Builder {
 public:
  explicit Builder(const InkOptions& options, std::uint64_t seed) : options_(options), seed_(seed) {}

  void add(const Symbol& symbol, const ink::Moves& moves, std::uint32_t index) {
    if (options_.copies == 0 || options_.keep_original) append(symbol, moves);
    const double side = side_of(options_.prepare.range);
    for (int copy = 0; copy < options_.copies; ++copy) {
      RandomSequence random(Random(seed_, "data.ink.noise", static_cast<std::uint32_t>(copy)), index);
      append(symbol, with_noise(moves, options_.noise * side, side, random));
    }
  }

  Dataset build(const InkSet& set) && {
    Dataset d;
    d.provenance = set.provenance;
    d.class_names = set.class_names;
    d.writer_names = set.writers;
    const auto count = static_cast<std::int64_t>(labels_.size());
    d.images = Tensor::of<float>({count, ink::kMoves, ink::kMoveValues}, std::span<const float>(values_));
    d.labels = std::move(labels_);
    d.writers = std::move(writers_);
    return d;
  }

 private:
  void append(const Symbol& symbol, const ink::Moves& moves) {
    for (const ink::Move& move : moves) values_.insert(values_.end(), {move.dx, move.dy, move.pen});
    labels_.push_back(symbol.label);
    writers_.push_back(symbol.writer);
  }

  const InkOptions& options_;
  std::uint64_t seed_;
  std::vector<float> values_;
  std::vector<std::int32_t> labels_, writers_;
};

// There are symbols, but none that the networks could be shown.
[[noreturn]] void fail_nothing_left(const InkSet& set, const std::map<ink::Fate, std::int64_t>& dropped) {
  const auto count = std::ssize(set.symbols);
  if (dropped.size() == 1 && dropped.begin()->first == ink::Fate::no_extent) {
    fail<DataError>("{}: {}, {} with an extent: draw symbols that are more than a dot", set.provenance.name,
                    counted(count, "symbol"), count == 1 ? "not one" : "none of them");
  }
  std::string why;
  for (const auto& [fate, of_it] : dropped)
    why += fmt::format("{}{} {}", why.empty() ? "" : ", ", of_it, ink::name_of(fate));
  fail<DataError>("{}: {}, of which the networks would be shown none ({}): draw them with fewer strokes or corners",
                  set.provenance.name, counted(count, "symbol"), why);
}

}  // namespace

double InkStatistics::tolerance_quantile(double q) const {
  if (tolerances.empty()) return 0;
  const double at = std::ceil(q * static_cast<double>(tolerances.size())) - 1;
  return tolerances[static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(tolerances.size() - 1)))];
}

InkStatistics ink_statistics(const InkSet& set, const ink::PrepareOptions& options) {
  InkStatistics out;
  out.dropped.resize(set.class_names.size());
  for (const Symbol& symbol : set.symbols) {
    const ink::Prepared p = ink::prepare(symbol.ink, options);
    ++out.symbols;
    ++out.fates[static_cast<std::size_t>(p.fate)];
    if (p.fate != ink::Fate::kept) {
      ++out.dropped[static_cast<std::size_t>(symbol.label)];
      continue;
    }
    ++out.moves[static_cast<std::size_t>(p.moves_used)];
    ++out.strokes[static_cast<std::size_t>(p.strokes)];
    out.tolerances.push_back(p.tolerance);
    out.at_least_tolerance += p.tolerance <= options.tolerance;
  }
  std::sort(out.tolerances.begin(), out.tolerances.end());
  return out;
}

Dataset ink_dataset(const InkSet& set, const InkOptions& options, std::uint64_t seed) {
  check(options);
  if (set.symbols.empty()) {
    fail<DataError>("{} has no drawings yet: draw some on the page Draw (ganymede serve --open)", set.provenance.name);
  }
  Builder builder(options, seed);
  std::vector<std::int64_t> seen(set.class_names.size(), 0);
  std::map<ink::Fate, std::int64_t> dropped;
  for (std::size_t i = 0; i < set.symbols.size(); ++i) {
    const Symbol& symbol = set.symbols[i];
    std::int64_t& taken = seen[static_cast<std::size_t>(symbol.label)];
    if (options.per_class > 0 && taken == options.per_class) continue;
    const ink::Prepared p = ink::prepare(symbol.ink, options.prepare);
    if (p.fate == ink::Fate::kept) {
      builder.add(symbol, p.moves, static_cast<std::uint32_t>(i));
      ++taken;
    } else {
      ++dropped[p.fate];
    }
  }
  if (std::ranges::count(seen, 0) == std::ssize(seen)) fail_nothing_left(set, dropped);
  Dataset d = std::move(builder).build(set);
  if (!dropped.empty()) {
    std::int64_t count = 0;
    for (const auto& [fate, of_it] : dropped) count += of_it;
    d.provenance.description += fmt::format("; {} that do not fit ten moves left out", count);
  }
  return checked(std::move(d));
}

InkSet prepared_symbols(const InkSet& set, const ink::PrepareOptions& options) {
  InkSet out = set;
  out.lines.reset();  // of the unit that is given up
  for (Symbol& symbol : out.symbols) {
    symbol.ink = ink::prepare(symbol.ink, options).simplified;
    symbol.times.clear();
  }
  std::erase_if(out.symbols, [](const Symbol& symbol) { return symbol.ink.empty(); });
  return out;
}

}  // namespace ganymede::data
