#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/files/idx_files.hpp"
#include "data/files/image_folder.hpp"
#include "data/ink/ink_dataset.hpp"
#include "data/places.hpp"
#include "data/points/point_sets.hpp"
#include "data/stacked_digits.hpp"
#include "data/synthetic/synthetic_landscape.hpp"

namespace ganymede::data {

struct OpenOptions {
  std::int64_t limit = 0;              ///< > 0: the first so many images
  std::int64_t builtin_count = 20000;  ///< images of a built-in set, either split
  int image_size = 0;  ///< side of built-in landscapes (0: kLandscapeSide) and of pictures from a folder (0: their own)
  ImageColour image_colour = ImageColour::automatic;  ///< of pictures from a folder
  std::string digits = digits_to_stack().front();     ///< what stacked digits are made of
  InkOptions ink;          ///< how symbols become samples; copies are made of the training split alone
  PointOptions points{};   ///< of sets of points
  std::uint64_t seed = 0;  ///< of the noise in the copies of symbols
};

/// What a data set's samples are: pictures of pixels, symbols as moves of a pen, or points.
enum class SampleKind { image, ink, point };

/// A data set that is known by its name. What data.source accepts, which keys have a meaning for it, what is listed and
/// what is known without opening it come from the one table of sources().
struct Source {
  std::string name;
  std::string sentence;  ///< for lists
  SampleKind kind;
  bool synthetic = false;  ///< drawn by the program: any_count, nothing to download
  bool any_count = false;  ///< as many samples as are asked for: drawn, or made of others
  bool any_side = false;   ///< its pictures have the side that is asked for; height and width are the usual one
  bool fetchable = false;  ///< `ganymede data fetch NAME` downloads it
  int channels = 1;
  int height = 0;
  int width = 0;
  int classes = 0;
  std::int64_t train_count = 0;  ///< samples of the training split; 0: as many as are asked for, or known when opened
  std::string folder{};          ///< its folder in a place of sets; empty: named as the set
  /// Where the set's folder or file is; empty: nowhere. Not called for a synthetic one.
  std::filesystem::path (*find)(Split split, const std::vector<SearchPlace>& places) = nullptr;
  /// @throws DataError where it is missing (where it was looked for, and what helps) or damaged.
  std::function<Dataset(Split split, const std::vector<SearchPlace>& places, const OpenOptions& options)> open{};
};

/// Every set with a name, in the order of lists.
const std::vector<Source>& sources();
/// The set of this name; null if there is none.
const Source* find_source(const std::string& name);
/// Whether the program draws it.
bool is_synthetic(const std::string& name);
/// Whether there are as many samples as are asked for (builtin_count).
bool has_any_count(const std::string& name);
std::vector<std::string> source_names(bool (*wanted)(const Source&) = [](const Source&) { return true; });

}  // namespace ganymede::data
