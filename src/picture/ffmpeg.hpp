#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "picture/image.hpp"

namespace ganymede::picture {

/// The path of the `ffmpeg` program in PATH; empty if there is none.
std::filesystem::path find_ffmpeg();

/// A running ffmpeg that reads raw frames and writes a film into a temporary file, which finish() moves to its place.
class FfmpegFilm {
 public:
  /// `codec`: ffmpeg's output options, such as {"-c:v", "libx264"}; `container`: its name of the format, such as "mp4".
  /// @throws ConfigError where there is no ffmpeg, DataError where it cannot be started or the file cannot be made.
  FfmpegFilm(const std::filesystem::path& path, std::vector<std::string> codec, std::string container,
             double frames_per_second);
  /// Stops ffmpeg and removes what it has written, unless finished.
  ~FfmpegFilm();
  FfmpegFilm(const FfmpegFilm&) = delete;
  FfmpegFilm& operator=(const FfmpegFilm&) = delete;

  /// The first frame decides on size and channels; ffmpeg starts with it. @throws DataError with ffmpeg's words if it
  /// has ended.
  void add(const Image& frame);
  void finish();

 private:
  void start(const Image& frame);
  void send(const Image& frame);
  void wait();
  [[noreturn]] void fail_with_words();

  std::filesystem::path path_, program_, folder_;
  std::vector<std::string> codec_;
  std::string container_;
  double frames_per_second_;
  AtomicFile target_;
  pid_t child_ = -1;
  int input_ = -1;
  int status_ = 0;
};

}  // namespace ganymede::picture
