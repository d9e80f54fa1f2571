#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.hpp"

namespace ganymede::data {

/// Where a data set came from, for run.json and `ganymede data show`.
struct Provenance {
  std::string name;                          ///< "mnist", "builtin-digits" or the path that was asked for
  std::vector<std::filesystem::path> files;  ///< what was read; empty for built-in data
  std::string description;                   ///< one sentence
  std::vector<std::string> skipped{};        ///< of a folder of pictures: files that could not be read, with the reason
  std::vector<std::string> notes{};          ///< sentences that the user should read: what else was left out or guessed
};

/// Images in memory as bytes, symbols of ink as moves, or points, with or without classes. A plain value; the functions
/// below keep its parts in step. A symbol counts as an image of one channel, T = 10 rows (moves) and F = 3 columns (dx,
/// dy, pen; ink/moves.hpp); a point as an image of one pixel with D channels, whose values have no limits.
struct Dataset {
  Tensor images;  ///< u8 [N, C, H, W], C = 1 or 3, 0 is -1 and 255 is +1; or f32 [N, T, F]; or f32 [N, D]
  std::vector<std::int32_t> labels;            ///< [N] in [0, K), or empty: without classes
  std::vector<std::string> class_names;        ///< [K]; empty: without classes
  std::vector<std::int32_t> writers;           ///< [N] into writer_names, or empty: unknown
  std::vector<std::string> writer_names;       ///< may name more writers than occur
  std::vector<float> conditions{};             ///< [N, K], a vector a sample (S-THEORY T3), or empty: none
  std::vector<std::string> condition_names{};  ///< [K], of its numbers
  Provenance provenance;

  std::int64_t size() const { return images.shape()[0]; }
  bool is_ink() const { return images.dtype() == DType::f32 && images.shape().size() == 3; }
  bool is_points() const { return images.dtype() == DType::f32 && images.shape().size() == 2; }
  int channels() const { return is_ink() ? 1 : static_cast<int>(images.shape()[1]); }
  int height() const { return is_points() ? 1 : static_cast<int>(images.shape()[images.shape().size() - 2]); }
  int width() const { return is_points() ? 1 : static_cast<int>(images.shape().back()); }
  std::int64_t pixels_per_image() const { return std::int64_t{channels()} * height() * width(); }
  bool has_labels() const { return !labels.empty(); }
  int class_count() const { return static_cast<int>(class_names.size()); }
  /// K; 0 without conditions.
  int condition_length() const { return static_cast<int>(condition_names.size()); }
  /// Condition of sample i, [K].
  std::span<const float> condition(std::int64_t i) const {
    return std::span(conditions).subspan(static_cast<std::size_t>(i) * condition_names.size(), condition_names.size());
  }

  /// Bytes of image i, [C, H, W]. @throws ShapeError for ink and points.
  std::span<const std::uint8_t> image(std::int64_t i) const;
  /// Values of symbol i, [T, F], or of point i, [D]. @throws ShapeError for images.
  std::span<const float> values(std::int64_t i) const;
};

/// Checks type, shape, counts, the range of labels and writers and that moves, points and conditions are finite, and
/// names the classes "0" .. "K-1" where labels have no names, K = largest label + 1.
/// @throws DataError that begins with provenance.name.
Dataset checked(Dataset dataset);

/// The numbers that occur, rising, as names.
std::vector<std::string> names_of_labels(std::span<const std::int32_t> labels);

/// The names of the classes that have a sample, in their order.
std::vector<std::string> occurring_classes(const Dataset& dataset);

/// The set with its classes numbered as in `names`, those of the training split: numbers follow names, so that a split
/// without examples of a class keeps the numbering. Samples of a class that is not in `names` are left out and counted
/// in provenance.notes. No names, or no labels: the set without classes. @throws DataError where nothing is left.
Dataset with_classes(Dataset dataset, const std::vector<std::string>& names);

/// The first `limit` images (all if limit is 0 or more than there are); the classes stay. @throws DataError if limit <
/// 0.
Dataset first_images(Dataset dataset, std::int64_t limit);

/// The samples of these numbers, in this order; classes, writers and conditions keep their names.
Dataset chosen_images(const Dataset& dataset, std::span<const std::int64_t> chosen);

/// CRC-32 over shape, pixels, labels and conditions: two data sets with equal content have equal hashes.
std::uint32_t content_hash(const Dataset& dataset);

/// What the networks see of sample i, pixels_per_image() values: an image's bytes in the unit range, a symbol's moves
/// and a point as they are.
void copy_values(const Dataset& dataset, std::int64_t i, std::span<float> out);

/// out = (x - 127.5) / 127.5, that is x / 127.5 - 1 correctly rounded: 0 -> -1, 255 -> +1. Counts are equal.
void to_unit_range(std::span<const std::uint8_t> pixels, std::span<float> out);

}  // namespace ganymede::data
