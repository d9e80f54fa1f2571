#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace ganymede::data {

/// Images of each class, [K]; empty without classes.
std::vector<std::int64_t> class_histogram(const Dataset& dataset);

/// Of one coordinate of points or one number of conditions; population deviation.
struct Spread {
  double low = 0, high = 0, mean = 0, deviation = 0;
};

/// What `ganymede data show` prints.
struct Summary {
  std::int64_t count = 0;
  int channels = 0, height = 0, width = 0;
  std::vector<std::int64_t> classes;       ///< class_histogram
  std::array<std::int64_t, 256> levels{};  ///< pixels of each level, all channels; of points none
  int lowest = 0, highest = 0;             ///< levels that occur
  double mean = 0, deviation = 0;          ///< of the level / 255 over all pixels; population deviation; of points 0
  std::vector<Spread> coordinates{};       ///< of points, [D]
  std::vector<Spread> conditions{};        ///< of the numbers of the conditions, [K]
  std::uint32_t hash = 0;                  ///< content_hash
};
Summary summarize(const Dataset& dataset);

/// Name, files, shape, range, mean, class histogram with bars and a histogram of intensities; ends with a newline.
std::string to_text(const Dataset& dataset, const Summary& summary);

/// The notes of its reader, and one if there is no level but 0 and 1.
std::vector<std::string> notes_of(const Dataset& dataset);
/// What a user of the data should read, a line each that begins with the set's name: notes_of, and how many files could
/// not be read, the first five with their faults.
std::vector<std::string> warnings(const Dataset& dataset);

}  // namespace ganymede::data
