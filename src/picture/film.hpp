#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "picture/image.hpp"

namespace ganymede::picture {

/// Of every film; viewers of GIF play no faster.
constexpr double kLeastFramesPerSecond = 0.1, kMostFramesPerSecond = 50;

struct FilmStyle {
  double frames_per_second = 10;  ///< GIF rounds to hundredths of a second and carries the rest over
  double hold_last_seconds = 1;   ///< the last frame stays this much longer
  int loops = 0;                  ///< GIF alone; 0: for ever
};

/// Whether the `ffmpeg` program is found in PATH.
bool ffmpeg_available();

/// Writes a film: .gif always, .mp4 (H.264) and .webm (VP9) by a pipe to the `ffmpeg` program. The file appears whole
/// at finish(); without it nothing is left. Frames are padded at the right and bottom to even sizes where the format
/// needs it.
class FilmWriter {
 public:
  /// @throws ConfigError for another extension or where ffmpeg is missing (says what to install), DataError where the
  /// file cannot be made.
  explicit FilmWriter(const std::filesystem::path& path, const FilmStyle& style = {});
  ~FilmWriter();
  FilmWriter(FilmWriter&&) noexcept;
  FilmWriter& operator=(FilmWriter&&) noexcept;

  /// All frames must have the first one's size and channels (ShapeError). If the first frame has a caption, every frame
  /// gets a strip under it for one.
  void add(const Image& frame, std::string_view caption = {});
  /// Needs at least one frame; @throws DataError with ffmpeg's own last lines when it failed.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ganymede::picture
