#include "page/report_film.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "picture/film.hpp"
#include "picture/png.hpp"

namespace ganymede::page {
namespace {

namespace fs = std::filesystem;

constexpr double kFramesPerSecond = 8;

/// A new folder, removed with all in it at the end: films are written to files alone.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "ganymede-report-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) fail<Error>("{}: cannot make a folder for a film", name);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

std::string epoch_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  const std::string_view digits = std::string_view(stem).substr(std::min(stem.size(), stem.find('-') + 1));
  long epoch = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), epoch);
  return fault == std::errc() && end == digits.data() + digits.size() ? fmt::format("epoch {}", epoch) : stem;
}

std::optional<ReportFilm> film_of(const std::vector<fs::path>& files, std::size_t most_frames, std::size_t most_bytes) {
  if (files.size() < 2) return {};
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "film.gif";
  const picture::Image last = picture::read_png(files.back()).image;
  for (std::size_t wanted = std::min(most_frames, files.size()); wanted >= 2; wanted /= 2) {
    ReportFilm film{.gif = {}, .frames = 0, .of = files.size()};
    picture::FilmWriter writer(file, {.frames_per_second = kFramesPerSecond, .hold_last_seconds = 2});
    for (std::size_t i = 0; i < wanted; ++i) {
      const fs::path& one = files[i * (files.size() - 1) / (wanted - 1)];
      const picture::Image frame = picture::read_png(one).image;
      if (frame.height() != last.height() || frame.width() != last.width() || frame.channels() != last.channels())
        continue;
      writer.add(frame, epoch_of(one));
      ++film.frames;
    }
    if (film.frames < 2) return {};
    writer.finish();
    film.gif = read_file(file);
    if (film.gif.size() <= most_bytes) return film;
  }
  return {};
}

}  // namespace ganymede::page
