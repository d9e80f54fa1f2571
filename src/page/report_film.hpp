#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ganymede::page {

/// Pictures as an animated GIF for a page.
struct ReportFilm {
  std::string gif;         ///< bytes
  std::size_t frames = 0;  ///< of them
  std::size_t of = 0;      ///< so many pictures
};

/// What stands beside the picture of an epoch: "epoch 12" of epoch-0012.png, else the name without its ending.
std::string epoch_of(const std::filesystem::path& file);

/// A film of PNG files in that order, each with its name's epoch as a caption ("epoch-0012" -> "epoch 12"): evenly
/// thinned, first and last kept, until it has at most `most_frames` frames and `most_bytes` bytes. Pictures of another
/// size than the last one's are left out. None for fewer than two pictures, or if two are too large.
/// @throws DataError for a damaged picture, naming it.
std::optional<ReportFilm> film_of(const std::vector<std::filesystem::path>& files, std::size_t most_frames = 60,
                                  std::size_t most_bytes = 2'000'000);

}  // namespace ganymede::page
