#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace ganymede::run {

/// Without the care (and the time) of write_file_atomically.
inline void write_plainly(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace ganymede::run
