#pragma once

#include "cli/program.hpp"

namespace ganymede::cli {

/// Bars in three classes, pictures of 8 x 8 as IDX files of both splits: a classifier of them is fitted in a moment,
/// where one of digits takes half a minute. At most 255 of each split.
inline void write_bars(const fs::path& folder, int train, int test) {
  fs::create_directories(folder);
  for (const auto& [split, count] : {std::pair("train", train), std::pair("t10k", test)}) {
    std::string images("\0\0\x08\x03", 4), labels("\0\0\x08\x01", 4);
    for (const int n : {count, 8, 8}) images += std::string("\0\0\0", 3) + static_cast<char>(n);
    labels += std::string("\0\0\0", 3) + static_cast<char>(count);
    for (int i = 0; i < count; ++i) {
      for (int p = 0; p < 64; ++p)
        images += static_cast<char>((p * 7 + i * 13) % 60 + (p / 8 == 1 + 2 * (i % 3) ? 150 : 0));
      labels += static_cast<char>(i % 3);
    }
    std::ofstream(folder / (std::string(split) + "-images-idx3-ubyte"), std::ios::binary) << images;
    std::ofstream(folder / (std::string(split) + "-labels-idx1-ubyte"), std::ios::binary) << labels;
  }
}

}  // namespace ganymede::cli
