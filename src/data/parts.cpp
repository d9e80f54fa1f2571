#include "data/parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"

namespace ganymede::data {
namespace {

constexpr int kMostParts = 1000;

// All of a text as a number from 1; 0 for anything else.
int positive_number(std::string_view text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc{} && end == text.data() + text.size() && value > 0 ? value : 0;
}

// Which part each sample is in, from 0.
std::vector<int> parts_of_groups(const Dataset& d, const Part& part, const std::vector<std::int32_t>& groups,
                                 std::size_t group_count, const char* word) {
  if (groups.empty()) {
    fail<DataError>("{}: data.part_by = \"{}\" needs data that know their {}; wanted \"sample\", or other data",
                    d.provenance.name, name_of(part.by), word);
  }
  std::vector<std::int64_t> counts(group_count);
  for (const std::int32_t group : groups) ++counts[static_cast<std::size_t>(group)];
  if (const auto found = std::ranges::count_if(counts, [](std::int64_t n) { return n > 0; }); found < part.of) {
    fail<DataError>("{}: data.part = \"{}/{}\" by {}: there are samples of {} {}, too few for {} parts",
                    d.provenance.name, part.number, part.of, name_of(part.by), found, word, part.of);
  }
  const std::vector<int> whose = dealt(counts, part.of);
  std::vector<int> parts;
  parts.reserve(groups.size());
  for (const std::int32_t group : groups) parts.push_back(whose[static_cast<std::size_t>(group)]);
  return parts;
}

std::vector<int> parts_of_samples(const Dataset& d, const Part& part) {
  if (d.size() < part.of) {
    fail<DataError>("{}: data.part = \"{}/{}\" by sample: there are {} samples, too few for {} parts",
                    d.provenance.name, part.number, part.of, d.size(), part.of);
  }
  std::vector<std::int64_t> seen(static_cast<std::size_t>(std::max(1, d.class_count())));
  std::vector<int> parts;
  for (std::int64_t i = 0; i < d.size(); ++i) {
    const auto label = d.has_labels() ? static_cast<std::size_t>(d.labels[static_cast<std::size_t>(i)]) : 0;
    parts.push_back(static_cast<int>((seen[label]++ + static_cast<std::int64_t>(label)) % part.of));
  }
  return parts;
}

std::vector<int> parts_of(const Dataset& d, const Part& part) {
  switch (part.by) {
    case PartBy::writer:
      return parts_of_groups(d, part, d.writers, d.writer_names.size(), "writers");
    case PartBy::label:
      return parts_of_groups(d, part, d.labels, d.class_names.size(), "classes");
    case PartBy::sample:
      return parts_of_samples(d, part);
  }
  return {};
}

}  // namespace

const std::vector<std::string>& names_of_part_by() {
  static const std::vector<std::string> names = {"writer", "class", "sample"};
  return names;
}

const char* name_of(PartBy by) {
  return names_of_part_by()[static_cast<std::size_t>(by)].c_str();
}

Part part_from(const std::string& text, const std::string& by) {
  Part part;
  const auto word = std::ranges::find(names_of_part_by(), by);
  if (word == names_of_part_by().end())
    fail<ConfigError>("data.part_by: wanted {}, found \"{}\"", fmt::join(names_of_part_by(), ", "), by);
  part.by = static_cast<PartBy>(word - names_of_part_by().begin());
  if (text.empty()) return part;
  const std::size_t slash = std::min(text.find('/'), text.size());
  part.number = positive_number(std::string_view(text).substr(0, slash));
  part.of = slash < text.size() ? positive_number(std::string_view(text).substr(slash + 1)) : 0;
  if (part.number < 1 || part.of < part.number || part.of > kMostParts) {
    fail<ConfigError>(
        "data.part: wanted \"\" (all data) or a part and how many there are, such as \"2/4\", from \"1/1\" to "
        "\"{0}/{0}\", found \"{1}\"",
        kMostParts, text);
  }
  return part;
}

std::vector<int> dealt(std::span<const std::int64_t> counts, int parts) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  std::vector<std::pair<std::int64_t, std::int64_t>> held(static_cast<std::size_t>(parts));  // samples, groups
  std::vector<int> whose(counts.size(), -1);
  for (const std::size_t group : order) {
    if (counts[group] == 0) break;
    const auto least = std::ranges::min_element(held);  // the first of equal ones
    whose[group] = static_cast<int>(least - held.begin());
    least->first += counts[group];
    ++least->second;
  }
  return whose;
}

Dataset part_of(Dataset dataset, const Part& part) {
  if (part.of == 1) return dataset;
  const std::vector<int> parts = parts_of(dataset, part);
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == part.number - 1) chosen.push_back(static_cast<std::int64_t>(i));
  }
  Dataset out = chosen_images(dataset, chosen);
  out.provenance.description +=
      fmt::format("; part {} of {} by {}: {} of {} samples", part.number, part.of, name_of(part.by),
                  with_thousands(out.size()), with_thousands(dataset.size()));
  return out;
}

}  // namespace ganymede::data
