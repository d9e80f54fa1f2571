#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace ganymede::data {

/// What a set is cut along.
enum class PartBy {
  writer,  ///< each writer is in one part
  label,   ///< each class is in one part, "class"
  sample   ///< every part has of every class alike
};
/// "writer", "class", "sample".
const char* name_of(PartBy by);
const std::vector<std::string>& names_of_part_by();

/// A part of a set, of several that have no sample in common: what one of several workers learns (S-INK I9).
struct Part {
  int number = 1;  ///< from 1
  int of = 1;      ///< 1: the whole set
  PartBy by = PartBy::writer;
  friend bool operator==(const Part&, const Part&) = default;
};
/// "2/4" is the second of four; "" is the whole. @throws ConfigError, "data.part ...", unless 1 <= number <= of <=
/// 1000; "data.part_by ..." for another word.
Part part_from(const std::string& text, const std::string& by);

/// Who gets which group (a writer, a class), where group i has counts[i] samples: groups from the largest to the
/// smallest, equal ones by their number, each to the part with the fewest samples so far, of these to that with the
/// fewest groups, of these to the first (the rule of the longest processing time, Graham 1969: no part has more than
/// 4/3 of what the best rule could give). Groups without samples are given to nobody, -1.
std::vector<int> dealt(std::span<const std::int64_t> counts, int parts);

/// The part's samples, in the order of the set, whose classes and writers keep their names and numbers: so all parts
/// agree on what class 3 is, also where they hold none of it. By writer and by class as `dealt` says; by sample the
/// j-th sample of class c goes to part (j + c) mod `of`, of sets without classes the j-th to part j mod `of`.
/// @throws DataError where the set has no writers (classes), or too few for every part to get one.
Dataset part_of(Dataset dataset, const Part& part);

}  // namespace ganymede::data
