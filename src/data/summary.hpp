#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace ganymede::data {

/// Images of each class, [K]; empty without classes.
std::vector<std::int64_t> class_histogram(const Dataset& dataset);

/// What `ganymede data show` prints.
struct Summary {
  std::int64_t count = 0;
  int channels = 0, height = 0, width = 0;
  std::vector<std::int64_t> classes;       ///< class_histogram
  std::array<std::int64_t, 256> levels{};  ///< pixels of each level, all channels
  int lowest = 0, highest = 0;             ///< levels that occur
  double mean = 0, deviation = 0;          ///< of the level / 255 over all pixels; population deviation
  std::uint32_t hash = 0;                  ///< content_hash
};
Summary summarize(const Dataset& dataset);

/// Name, files, shape, range, mean, class histogram with bars and a histogram of intensities; ends with a newline.
std::string to_text(const Dataset& dataset, const Summary& summary);

/// One line for the files of a folder that could not be read: how many, the first five with their faults; empty if none.
std::string skipped_text(const Dataset& dataset);

}  // namespace ganymede::data
