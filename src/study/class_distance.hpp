#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "measure/features.hpp"
#include "measure/pair_difference.hpp"

namespace ganymede::study {

/// Distance between the laws of real and generated samples of each class, [K]: the energy distance (Szekely and Rizzo
/// 2013) 2 E|x - y| - E|x - x'| - E|y - y'|, unbiased, so that it is about 0, and negative as often as not, where both
/// follow one law. NaN for a class with fewer than two samples on a side. @throws ShapeError if dimensions differ.
std::vector<double> class_distances(const measure::Labelled& real, const measure::Labelled& fake, int classes);

}  // namespace ganymede::study
