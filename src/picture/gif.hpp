#pragma once

#include <filesystem>
#include <memory>

#include "picture/image.hpp"

namespace ganymede::picture {

struct GifStyle {
  int delay_ms = 100;  ///< time of a frame, rounded to the format's 10 ms
  int loops = 0;       ///< 0: for ever
};

/// Writes an animated GIF frame by frame. Grey frames are kept exactly (256 levels), colour frames too when they have
/// at most 256 colours, else they are reduced by median cut. The file appears whole at finish(); without it nothing is
/// left.
class GifWriter {
 public:
  /// @throws DataError if the file cannot be made there.
  explicit GifWriter(const std::filesystem::path& path, const GifStyle& style = {});
  ~GifWriter();
  GifWriter(GifWriter&&) noexcept;
  GifWriter& operator=(GifWriter&&) noexcept;

  /// All frames must have the first one's size (ShapeError). delay_ms < 0 takes the style's.
  void add(const Image& frame, int delay_ms = -1);
  /// Needs at least one frame (DataError).
  void finish();

 private:
  struct File;
  std::unique_ptr<File> file_;
};

}  // namespace ganymede::picture
