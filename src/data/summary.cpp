#include "data/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/checksum.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "data/cells.hpp"

namespace ganymede::data {
namespace {

constexpr int kIntensityBins = 16;
constexpr std::size_t kClassRows = 64;
constexpr std::size_t kSkippedRows = 10;
constexpr std::size_t kNamedInLine = 5;

std::string class_table(const Dataset& d, const Summary& s) {
  TextTable table("rlrrl");
  const std::int64_t most = *std::max_element(s.classes.begin(), s.classes.end());
  table.add({"number", "class", "images", "share", ""});
  for (std::size_t k = 0; k < std::min(kClassRows, s.classes.size()); ++k) {
    table.add({std::to_string(k), d.class_names[k], with_thousands(s.classes[k]), percent(s.classes[k], s.count),
               bar(s.classes[k], most)});
  }
  if (s.classes.size() > kClassRows) table.add({"", fmt::format("and {} more", s.classes.size() - kClassRows)});
  return table.str();
}

std::string intensity_table(const Summary& s) {
  std::array<std::int64_t, kIntensityBins> bins{};
  std::int64_t all = 0;
  for (std::size_t level = 0; level < s.levels.size(); ++level) {
    bins[level / (s.levels.size() / kIntensityBins)] += s.levels[level];
    all += s.levels[level];
  }
  TextTable table("rrrl");
  const std::int64_t most = *std::max_element(bins.begin(), bins.end());
  table.add({"level", "pixels", "share", ""});
  for (int i = 0; i < kIntensityBins; ++i) {
    table.add({fmt::format("{}-{}", i * 16, i * 16 + 15), with_thousands(bins[i]), percent(bins[i], all),
               bar(bins[i], most)});
  }
  return table.str();
}

// Of each column of values [N, dim].
std::vector<Spread> spreads_of(std::span<const float> values, std::size_t dim) {
  std::vector<Spread> spreads;
  const auto count = static_cast<double>(values.size()) / static_cast<double>(dim);
  for (std::size_t k = 0; k < dim; ++k) {
    Spread spread{.low = values[k], .high = values[k]};
    for (std::size_t i = k; i < values.size(); i += dim) {
      const double v = values[i];
      spread.low = std::min(spread.low, v);
      spread.high = std::max(spread.high, v);
      spread.mean += v / count;
    }
    for (std::size_t i = k; i < values.size(); i += dim) {
      spread.deviation += (values[i] - spread.mean) * (values[i] - spread.mean) / count;
    }
    spread.deviation = std::sqrt(spread.deviation);
    spreads.push_back(spread);
  }
  return spreads;
}

std::string spread_table(const char* what, const std::vector<std::string>& names, const std::vector<Spread>& spreads) {
  TextTable table("rrrrr");
  table.add({what, "least", "most", "mean", "deviation"});
  for (std::size_t k = 0; k < spreads.size(); ++k) {
    const Spread& c = spreads[k];
    table.add({names.empty() ? std::to_string(k + 1) : names[k], fmt::format("{:.4g}", c.low),
               fmt::format("{:.4g}", c.high), fmt::format("{:.4g}", c.mean), fmt::format("{:.4g}", c.deviation)});
  }
  return table.str();
}

std::string condition_table(const Dataset& d, const Summary& s) {
  return s.conditions.empty() ? "" : "\n" + spread_table("condition", d.condition_names, s.conditions);
}

}  // namespace

std::vector<std::int64_t> class_histogram(const Dataset& d) {
  std::vector<std::int64_t> histogram(d.class_names.size());
  for (const std::int32_t label : d.labels) ++histogram[static_cast<std::size_t>(label)];
  return histogram;
}

Summary summarize(const Dataset& d) {
  Summary s;
  s.count = d.size();
  s.channels = d.channels();
  s.height = d.height();
  s.width = d.width();
  s.classes = class_histogram(d);
  s.hash = content_hash(d);
  if (!d.conditions.empty()) s.conditions = spreads_of(d.conditions, d.condition_names.size());
  if (d.is_points()) {
    s.coordinates = spreads_of(d.images.values<float>(), static_cast<std::size_t>(d.channels()));
    return s;
  }
  for (const std::uint8_t level : d.images.values<std::uint8_t>()) ++s.levels[level];
  s.lowest = 255;
  double sum = 0, squares = 0;
  for (int level = 0; level < 256; ++level) {
    const auto pixels = static_cast<double>(s.levels[level]);
    if (pixels == 0) continue;
    s.lowest = std::min(s.lowest, level);
    s.highest = level;
    sum += pixels * level;
    squares += pixels * level * level;
  }
  const auto all = static_cast<double>(d.images.count());
  s.mean = sum / all / 255;
  s.deviation = std::sqrt(std::max(0.0, squares / all - (sum / all) * (sum / all))) / 255;
  return s;
}

std::string to_text(const Dataset& d, const Summary& s) {
  TextTable head("ll");
  head.add({"data set", d.provenance.name});
  head.add({"what", d.provenance.description});
  for (const auto& file : d.provenance.files) head.add({"file", file.string()});
  for (const std::string& note : notes_of(d)) head.add({"note", note});
  for (std::size_t i = 0; i < std::min(kSkippedRows, d.provenance.skipped.size()); ++i)
    head.add({"skipped", d.provenance.skipped[i]});
  if (d.provenance.skipped.size() > kSkippedRows)
    head.add({"skipped", fmt::format("and {} more", d.provenance.skipped.size() - kSkippedRows)});
  head.add({d.is_points() ? "points" : "images", with_thousands(s.count)});
  const std::string pixels = fmt::format("{} x {} pixels, {}", s.height, s.width, s.channels == 1 ? "grey" : "colour");
  head.add({"size", d.is_points() ? counted(s.channels, "coordinate") : pixels});
  if (!s.conditions.empty()) head.add({"conditions", counted(std::ssize(s.conditions), "number") + " a sample"});
  head.add({"memory", human_bytes(static_cast<double>(d.images.bytes().size()))});
  if (d.is_points()) {
    head.add({"content", "crc32 " + hex(s.hash)});
    return head.str() + "\n" + spread_table("coordinate", {}, s.coordinates) + condition_table(d, s);
  }
  head.add({"intensity", fmt::format("{} to {} of 0 to 255; mean {:.4f}, deviation {:.4f} of 1", s.lowest, s.highest,
                                     s.mean, s.deviation)});
  head.add({"classes", d.has_labels() ? std::to_string(d.class_count()) : "none"});
  head.add({"content", "crc32 " + hex(s.hash)});
  std::string text = head.str() + "\n";
  if (d.has_labels()) text += class_table(d, s) + "\n";
  return text + intensity_table(s) + condition_table(d, s);
}

std::vector<std::string> notes_of(const Dataset& d) {
  std::vector<std::string> notes = d.provenance.notes;
  if (d.images.dtype() == DType::u8 &&
      std::ranges::all_of(d.images.values<std::uint8_t>(), [](std::uint8_t v) { return v <= 1; })) {
    notes.emplace_back(
        "no level is above 1 of 255, so that every picture is all but black; if 1 stands for white, multiply by 255");
  }
  return notes;
}

std::vector<std::string> warnings(const Dataset& d) {
  std::vector<std::string> lines;
  for (const std::string& note : notes_of(d)) lines.push_back(d.provenance.name + ": " + note);
  const std::vector<std::string>& skipped = d.provenance.skipped;
  if (skipped.empty()) return lines;
  const std::size_t named = std::min(kNamedInLine, skipped.size());
  lines.push_back(fmt::format("{}: {} could not be read and {} left out: {}{}", d.provenance.name,
                              skipped.size() == 1 ? "1 file" : with_thousands(std::ssize(skipped)) + " files",
                              skipped.size() == 1 ? "is" : "are",
                              fmt::join(skipped.begin(), skipped.begin() + static_cast<std::ptrdiff_t>(named), "; "),
                              skipped.size() > named ? fmt::format("; and {} more", skipped.size() - named) : ""));
  return lines;
}

}  // namespace ganymede::data
