#include "data/ink/ink_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "data/cells.hpp"
#include "ink/prepare.hpp"

namespace ganymede::data {
namespace {

constexpr std::size_t kFaultsShown = 10;

std::string head(const InkSet& set) {
  std::set<std::int32_t> writers;
  for (const Symbol& symbol : set.symbols) writers.insert(symbol.writer);
  TextTable table("ll");
  table.add({"data set", set.provenance.name});
  table.add({"what", set.provenance.description});
  for (const auto& file : set.provenance.files) table.add({"file", file.string()});
  table.add({"symbols", with_thousands(static_cast<std::int64_t>(set.symbols.size()))});
  table.add({"classes", std::to_string(set.class_names.size())});
  std::string list;
  const auto contributors = contributors_of(set);
  for (const auto& [name, count] : contributors) {
    if (contributors.size() <= 30)
      list += fmt::format("{}{} {}", list.empty() ? "" : ", ", name, with_thousands(count));
  }
  table.add({"writers", fmt::format("{} of {} contributors{}", writers.size(), contributors.size(),
                                    list.empty() ? "" : ": " + list)});
  for (const auto& [reason, count] : set.skipped)
    table.add({"skipped", fmt::format("{}: {}", with_thousands(count), reason)});
  for (std::size_t i = 0; i < std::min(kFaultsShown, set.faults.size()); ++i) table.add({"fault", set.faults[i]});
  if (set.faults.size() > kFaultsShown)
    table.add({"", fmt::format("and {} more faults", set.faults.size() - kFaultsShown)});
  return table.str();
}

std::string class_table(const InkSet& set, const InkStatistics& s) {
  const std::vector<std::int64_t> counts = class_histogram(set);
  const std::int64_t most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  TextTable table("rlrrrl");
  table.add({"number", "class", "symbols", "share", "dropped", ""});
  for (std::size_t k = 0; k < counts.size(); ++k) {
    table.add({std::to_string(k), set.class_names[k], with_thousands(counts[k]), percent(counts[k], s.symbols),
               std::to_string(s.dropped[k]), bar(counts[k], most)});
  }
  return table.str();
}

template <std::size_t N>
std::string histogram(const char* what, const std::array<std::int64_t, N>& counts, std::int64_t all) {
  TextTable table("rrrl");
  table.add({what, "symbols", "share", ""});
  const std::int64_t most = *std::max_element(counts.begin(), counts.end());
  for (std::size_t i = 1; i < N; ++i) {
    table.add({std::to_string(i), with_thousands(counts[i]), percent(counts[i], all), bar(counts[i], most)});
  }
  return table.str();
}

std::string preparation(const InkStatistics& s) {
  std::string text = fmt::format("prepared as ten moves (dx, dy, pen): {} kept ({})\n", with_thousands(s.kept()),
                                 percent(s.kept(), s.symbols));
  for (std::size_t f = 1; f < s.fates.size(); ++f) {
    text += fmt::format("  {} dropped: {}\n", with_thousands(s.fates[f]), ink::name_of(static_cast<ink::Fate>(f)));
  }
  text += fmt::format(
      "tolerance, in longer sides: median {:.3f}, 90 % {:.3f}, 99 % {:.3f}, largest {:.3f}; the smallest was enough "
      "for {}\n\n",
      s.tolerance_quantile(0.5), s.tolerance_quantile(0.9), s.tolerance_quantile(0.99), s.tolerance_quantile(1),
      percent(s.at_least_tolerance, s.kept()));
  return text + histogram("moves", s.moves, s.kept()) + "\n" + histogram("strokes", s.strokes, s.kept());
}

}  // namespace

std::map<std::string, std::int64_t> contributors_of(const InkSet& set) {
  std::map<std::string, std::int64_t> counts;
  for (const Symbol& symbol : set.symbols)
    ++counts[contributor_of(set.writers[static_cast<std::size_t>(symbol.writer)])];
  return counts;
}

std::string to_text(const InkSet& set, const InkStatistics& statistics) {
  return head(set) + "\n" + class_table(set, statistics) + "\n" + preparation(statistics);
}

}  // namespace ganymede::data
