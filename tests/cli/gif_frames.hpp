#pragma once

#include <string>

namespace ganymede::cli {

/// Frames of a GIF, by its block structure (GIF89a specification, sections 15 to 27).
inline int gif_frames(const std::string& bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
  const auto table = [](unsigned flags) { return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 7U) + 1) : 0; };
  std::size_t i = 13 + table(byte(10));
  const auto skip_blocks = [&] {
    while (byte(i) != 0) i += 1U + byte(i);
    ++i;
  };
  int frames = 0;
  while (byte(i) != 0x3B) {
    if (byte(i) == 0x21) {
      i += 2;
    } else {
      ++frames;
      i += 10 + table(byte(i + 9)) + 1;
    }
    skip_blocks();
  }
  return frames;
}

}  // namespace ganymede::cli
