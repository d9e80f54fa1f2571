#include "evaluate/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "picture/png.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> png_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (auto it = fs::recursive_directory_iterator(folder, error); !error && it != fs::end(it); it.increment(error)) {
    std::string ending = it->path().extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
    std::error_code ignored;
    if (ending == ".png" && it->is_regular_file(ignored)) files.push_back(it->path());
  }
  if (error) fail<DataError>("{}: cannot read the folder: {}", folder.string(), error.message());
  std::ranges::sort(files);
  return files;
}

/// [H][W][C] as [C, H, W].
void append_planes(std::vector<std::uint8_t>& to, const picture::Image& image) {
  const auto pixels = image.pixels();
  const auto channels = static_cast<std::size_t>(image.channels());
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = c; i < pixels.size(); i += channels) to.push_back(pixels[i]);
  }
}

}  // namespace

PictureFolder read_pictures(const fs::path& folder, const Shape& shape) {
  PictureFolder result;
  std::vector<std::uint8_t> values;
  for (const fs::path& file : png_files(folder)) {
    try {
      const picture::Image image = picture::read_png(file).image;
      if (image.height() != shape[1] || image.width() != shape[2]) {
        result.skipped.push_back(fmt::format("{}: wanted {} x {} pixels (H x W), found {} x {}", file.string(),
                                             shape[1], shape[2], image.height(), image.width()));
        continue;
      }
      append_planes(values, image.with_channels(static_cast<int>(shape[0])));
      result.files.push_back(file);
    } catch (const DataError& error) {
      result.skipped.emplace_back(error.what());
    }
  }
  if (result.files.empty()) {
    fail<DataError>("{}: wanted PNG pictures of {} x {} pixels (H x W), found none{}", folder.string(), shape[1],
                    shape[2], result.skipped.empty() ? "" : "; " + result.skipped.front());
  }
  Shape all{static_cast<std::int64_t>(result.files.size())};
  all.insert(all.end(), shape.begin(), shape.end());
  result.pictures = Tensor::of<std::uint8_t>(all, values);
  return result;
}

}  // namespace ganymede::evaluate
