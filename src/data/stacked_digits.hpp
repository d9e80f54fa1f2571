#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/files/idx_files.hpp"
#include "data/places.hpp"

namespace ganymede::data {

// Stacked digits: three pictures of digits are the channels of one picture, and which three it shows is its class, a
// number of three digits. 1,000 modes whose shares are known, for counting which of them a GAN covers (Metz, Poole,
// Pfau, Sohl-Dickstein 2017; Srivastava et al. 2017; Lin, Khetan, Fanti, Oh 2018).

inline constexpr const char* kStackedMnist = "stacked-mnist";
inline constexpr int kStackedDigits = 3;
inline constexpr int kStackedClasses = 1000;

/// The sets of digits that pictures are stacked of, for data.digits; the first is the default.
const std::vector<std::string>& digits_to_stack();

/// The digits of a class, the first channel's first: 73 -> 0, 7, 3.
std::array<int, kStackedDigits> digits_of(int number);

/// The first `count` >= 1 pictures of a split, u8 [count, 3, 28, 28], classes "000" to "999". Every class is equally
/// likely: for each channel a digit of U{0 .. 9}, then one of its examples in that split of `digits` ("mnist"), or the
/// digit drawn anew ("builtin-digits"). Picture i is a function of (digits, split, i) alone: stream
/// "data.stacked.train" or "data.stacked.test", seed kBuiltinTrainSeed, index i.
/// @throws ConfigError for count < 1 or another set; DataError where MNIST is missing (what helps) or damaged.
Dataset stacked_digits(const std::string& digits, Split split, std::int64_t count,
                       const std::vector<SearchPlace>& places);

}  // namespace ganymede::data
