#include "data/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "ink/moves.hpp"

namespace ganymede::data {

std::span<const std::uint8_t> Dataset::image(std::int64_t i) const {
  return images.values<std::uint8_t>().subspan(static_cast<std::size_t>(i * pixels_per_image()),
                                               static_cast<std::size_t>(pixels_per_image()));
}

std::span<const float> Dataset::values(std::int64_t i) const {
  return images.values<float>().subspan(static_cast<std::size_t>(i * pixels_per_image()),
                                        static_cast<std::size_t>(pixels_per_image()));
}

namespace {

const char* name_of_samples(const Dataset& d) {
  return d.is_ink() ? "symbols" : d.is_points() ? "points" : "images";
}

void check_floats(const Dataset& d) {
  const std::string& where = d.provenance.name;
  const Shape& shape = d.images.shape();
  if (!d.is_points() && (shape.size() != 3 || shape[1] != ink::kMoves || shape[2] != ink::kMoveValues)) {
    fail<DataError>("{}: wanted images u8 [N, C, H, W], moves f32 [N, {}, {}] or points f32 [N, D], found f32 {}",
                    where, ink::kMoves, ink::kMoveValues, to_string(shape));
  }
  const auto values = d.images.values<float>();
  const auto bad = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
  if (bad != values.end()) {
    fail<DataError>("{}: value {} of the {} is not finite", where, bad - values.begin(),
                    d.is_points() ? "points" : "moves");
  }
}

void check_writers(const Dataset& d) {
  if (d.writers.empty()) return;
  const auto [lowest, highest] = std::minmax_element(d.writers.begin(), d.writers.end());
  if (static_cast<std::int64_t>(d.writers.size()) != d.size() || *lowest < 0 ||
      *highest >= static_cast<std::int64_t>(d.writer_names.size())) {
    fail<DataError>("{}: {} samples with {} writers, of numbers {} to {} among {} names", d.provenance.name, d.size(),
                    d.writers.size(), *lowest, *highest, d.writer_names.size());
  }
}

void check_conditions(const Dataset& d) {
  if (d.conditions.size() != static_cast<std::size_t>(d.size()) * d.condition_names.size()) {
    fail<DataError>("{}: {} samples with {} numbers of conditions, {} each", d.provenance.name, d.size(),
                    d.conditions.size(), d.condition_names.size());
  }
  if (!std::ranges::all_of(d.conditions, [](float v) { return std::isfinite(v); }))
    fail<DataError>("{}: a number of the conditions is not finite", d.provenance.name);
}

void check_images(const Dataset& d) {
  const std::string& where = d.provenance.name;
  const Shape& shape = d.images.shape();
  if (d.images.dtype() != DType::u8 || shape.size() != 4) {
    fail<DataError>("{}: wanted images u8 [N, C, H, W], found {} {}", where, name_of(d.images.dtype()),
                    to_string(shape));
  }
  if (d.images.count() > 0 && d.channels() != 1 && d.channels() != 3) {
    fail<DataError>("{}: wanted images of 1 or 3 channels, found {}", where, d.channels());
  }
}

}  // namespace

Dataset checked(Dataset d) {
  const std::string& where = d.provenance.name;
  d.images.dtype() == DType::f32 ? check_floats(d) : check_images(d);
  if (d.images.count() == 0) {
    fail<DataError>("{}: holds no {} (shape {})", where, name_of_samples(d), to_string(d.images.shape()));
  }
  check_writers(d);
  check_conditions(d);
  if (d.size() > 0xFFFFFFFF) fail<DataError>("{}: wanted at most 4,294,967,295 images, found {}", where, d.size());
  if (!d.has_labels()) {
    d.class_names.clear();
    return d;
  }
  if (static_cast<std::int64_t>(d.labels.size()) != d.size()) {
    fail<DataError>("{}: {} images but {} labels: these files do not belong together", where, d.size(),
                    d.labels.size());
  }
  const auto [lowest, highest] = std::minmax_element(d.labels.begin(), d.labels.end());
  const int limit = d.class_names.empty() ? 65536 : d.class_count();
  if (*lowest < 0 || *highest >= limit) {
    fail<DataError>("{}: wanted labels from 0 to {}, found {} to {}", where, limit - 1, *lowest, *highest);
  }
  if (d.class_names.empty()) {
    for (int k = 0; k <= *highest; ++k) d.class_names.push_back(std::to_string(k));
  }
  return d;
}

std::vector<std::string> names_of_labels(std::span<const std::int32_t> labels) {
  std::vector<std::string> names;
  for (const std::int32_t label : std::set<std::int32_t>(labels.begin(), labels.end()))
    names.push_back(std::to_string(label));
  return names;
}

std::vector<std::string> occurring_classes(const Dataset& d) {
  std::vector<std::string> names;
  for (const std::int32_t label : std::set<std::int32_t>(d.labels.begin(), d.labels.end()))
    names.push_back(d.class_names[static_cast<std::size_t>(label)]);
  return names;
}

Dataset chosen_images(const Dataset& d, std::span<const std::int64_t> chosen) {
  Dataset out;
  out.class_names = d.class_names;
  out.writer_names = d.writer_names;
  out.condition_names = d.condition_names;
  out.provenance = d.provenance;
  Shape shape = d.images.shape();
  shape[0] = static_cast<std::int64_t>(chosen.size());
  out.images = Tensor(d.images.dtype(), shape);
  const std::size_t size = d.images.bytes().size() / static_cast<std::size_t>(d.size());
  auto to = out.images.bytes().begin();
  for (const std::int64_t i : chosen) {
    const auto at = static_cast<std::size_t>(i);
    to = std::ranges::copy(d.images.bytes().subspan(at * size, size), to).out;
    if (d.has_labels()) out.labels.push_back(d.labels[at]);
    if (!d.writers.empty()) out.writers.push_back(d.writers[at]);
    const auto condition = d.condition(i);
    out.conditions.insert(out.conditions.end(), condition.begin(), condition.end());
  }
  return out;
}

Dataset with_classes(Dataset d, const std::vector<std::string>& names) {
  if (!d.has_labels() || names.empty()) {
    d.labels.clear();
    d.class_names.clear();
    return d;
  }
  if (d.class_names == names) return d;
  std::map<std::string, std::int32_t> number;
  for (const std::string& name : names) number.emplace(name, static_cast<std::int32_t>(number.size()));
  std::map<std::string, std::int64_t> unknown;  // samples of a class that training does not know
  std::vector<std::int64_t> kept;
  for (std::int64_t i = 0; i < d.size(); ++i) {
    std::int32_t& label = d.labels[static_cast<std::size_t>(i)];
    const std::string& name = d.class_names[static_cast<std::size_t>(label)];
    if (const auto found = number.find(name); found != number.end()) {
      label = found->second;
      kept.push_back(i);
    } else {
      ++unknown[name];
    }
  }
  d.class_names = names;
  for (const auto& [name, count] : unknown) {
    d.provenance.notes.push_back(
        fmt::format("the class \"{}\" is not among those of the training split: its {} {} left out", name, count,
                    count == 1 ? "sample is" : "samples are"));
  }
  if (kept.empty()) {
    fail<DataError>("{}: none of its samples is of a class that the training split has ({}); {}", d.provenance.name,
                    fmt::join(names, ", "), d.provenance.notes.back());
  }
  return unknown.empty() ? d : chosen_images(d, kept);
}

Dataset first_images(Dataset d, std::int64_t limit) {
  if (limit < 0) fail<ConfigError>("data.limit: wanted 0 (all images) or more, found {}", limit);
  if (limit == 0 || limit >= d.size()) return d;
  Shape shape = d.images.shape();
  shape[0] = limit;
  Tensor first(d.images.dtype(), shape);
  std::copy_n(d.images.bytes().begin(), first.bytes().size(), first.bytes().begin());
  d.images = std::move(first);
  if (d.has_labels()) d.labels.resize(static_cast<std::size_t>(limit));
  if (!d.writers.empty()) d.writers.resize(static_cast<std::size_t>(limit));
  d.conditions.resize(static_cast<std::size_t>(limit) * d.condition_names.size());
  return d;
}

std::uint32_t content_hash(const Dataset& d) {
  Crc32 crc;
  crc.add(to_string(d.images.shape()));
  crc.add(d.images.bytes().data(), d.images.bytes().size());
  for (const std::int32_t label : d.labels) {
    const auto l = static_cast<std::uint32_t>(label);
    const char bytes[4] = {static_cast<char>(l), static_cast<char>(l >> 8), static_cast<char>(l >> 16),
                           static_cast<char>(l >> 24)};
    crc.add(bytes, 4);
  }
  if (!d.conditions.empty()) crc.add(d.conditions.data(), d.conditions.size() * sizeof(float));
  return crc.value();
}

void copy_values(const Dataset& d, std::int64_t i, std::span<float> out) {
  if (d.images.dtype() == DType::f32) {
    const auto values = d.values(i);
    std::copy(values.begin(), values.end(), out.begin());
  } else {
    to_unit_range(d.image(i), out);
  }
}

void to_unit_range(std::span<const std::uint8_t> pixels, std::span<float> out) {
  for (std::size_t i = 0; i < pixels.size(); ++i) out[i] = (static_cast<float>(pixels[i]) - 127.5f) / 127.5f;
}

}  // namespace ganymede::data
