#include "evaluate/folder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "data/files/picture_files.hpp"
#include "data/summary.hpp"
#include "picture/picture_file.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;

/// [H][W][C] as [C, H, W].
void append_planes(std::vector<std::uint8_t>& to, const picture::Image& image) {
  const auto pixels = image.pixels();
  const auto channels = static_cast<std::size_t>(image.channels());
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = c; i < pixels.size(); i += channels) to.push_back(pixels[i]);
  }
}

Tensor with_channels(const Tensor& pictures, std::int64_t channels) {
  Shape shape = pictures.shape();
  shape[1] = channels;
  Tensor result(DType::u8, shape);
  const auto plane = static_cast<std::size_t>(shape[2] * shape[3]);
  auto to = result.values<std::uint8_t>().begin();
  const auto from = pictures.values<std::uint8_t>();
  if (channels == 3) {
    for (std::size_t at = 0; at < from.size(); at += plane) {
      for (int c = 0; c < 3; ++c) to = std::ranges::copy(from.subspan(at, plane), to).out;
    }
    return result;
  }
  for (std::size_t at = 0; at < from.size(); at += 3 * plane) {
    for (std::size_t p = at; p < at + plane; ++p)
      *to++ = picture::grey_of({from[p], from[plane + p], from[2 * plane + p]});
  }
  return result;
}

}  // namespace

PictureSet read_pictures(const fs::path& folder, const Shape& shape) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) fail<DataError>("{}: no such folder", folder.string());
  const data::PictureFiles found = data::find_pictures(folder, data::Split::test);
  PictureSet result;
  result.notes = found.notes;
  if (const std::string formats = data::formats_text(found); !formats.empty()) result.notes.push_back(formats);
  std::vector<std::uint8_t> values;
  std::int64_t count = 0;
  for (const fs::path& relative : found.files) {
    const fs::path file = found.root / relative;
    try {
      const picture::Image image = picture::read_picture(file);
      if (image.height() != shape[1] || image.width() != shape[2]) {
        result.skipped.push_back(fmt::format("{}: wanted {} x {} pixels (H x W), found {} x {}", file.string(),
                                             shape[1], shape[2], image.height(), image.width()));
        continue;
      }
      append_planes(values, image.with_channels(static_cast<int>(shape[0])));
      ++count;
    } catch (const DataError& error) {
      result.skipped.emplace_back(error.what());
    }
  }
  if (count == 0) {
    fail<DataError>("{}: wanted PNG or JPEG pictures of {} x {} pixels (H x W), found none{}", found.root.string(),
                    shape[1], shape[2],
                    !result.skipped.empty() ? "; " + result.skipped.front()
                    : !result.notes.empty() ? "; " + result.notes.back()
                                            : "");
  }
  result.pictures = Tensor::of<std::uint8_t>({count, shape[0], shape[1], shape[2]}, values);
  return result;
}

bool is_data_set(const std::string& source, const std::vector<data::SearchPlace>& places) {
  const auto sets = data::list_datasets(places);
  return std::ranges::any_of(sets, [&](const data::CatalogueEntry& set) { return set.name == source; });
}

Tensor fitted_to(Tensor pictures, const Shape& shape, const std::string& where) {
  if (pictures.dtype() != DType::u8)
    fail<DataError>("{}: wanted pictures of {} x {} pixels (H x W), found symbols of ink", where, shape[1], shape[2]);
  const Shape& found = pictures.shape();
  if (found[2] != shape[1] || found[3] != shape[2]) {
    fail<DataError>("{}: wanted pictures of {} x {} pixels (H x W), found {} x {}; resize them first", where, shape[1],
                    shape[2], found[2], found[3]);
  }
  if (found[1] == shape[0]) return pictures;
  return with_channels(pictures, shape[0]);
}

PictureSet read_picture_set(const std::string& source, const Shape& shape,
                            const std::vector<data::SearchPlace>& places) {
  if (!is_data_set(source, places)) {
    std::error_code ignored;
    if (!fs::exists(source, ignored)) {
      fail<DataError>(
          "{}: no such folder, file or data set; wanted a folder of PNG or JPEG pictures, an NPZ, NPY or IDX file, or "
          "a set that `ganymede data list` names",
          source);
    }
    if (fs::is_directory(source, ignored) && !data::holds_idx_files(source)) return read_pictures(source, shape);
  }
  data::Dataset set = data::open_dataset(source, data::Split::test, places);
  std::vector<std::string> notes = data::notes_of(set);
  return {.pictures = fitted_to(std::move(set.images), shape, source), .skipped = {}, .notes = std::move(notes)};
}

int side_of_pictures(const std::string& source, const std::vector<data::SearchPlace>& places) {
  std::error_code ignored;
  if (is_data_set(source, places) || !fs::exists(source, ignored)) return 0;
  if (!fs::is_directory(source, ignored) || data::holds_idx_files(source)) {
    const Shape shape = data::open_dataset(source, data::Split::test, places).images.shape();
    return shape.size() == 4 && shape[2] == shape[3] ? static_cast<int>(shape[2]) : 0;
  }
  const data::PictureFiles found = data::find_pictures(source, data::Split::test);
  for (const fs::path& file : found.files) {
    if (const auto size = picture::picture_size(found.root / file))  // else it is named where the set is read
      return size->width == size->height ? static_cast<int>(size->width) : 0;
  }
  return 0;
}

}  // namespace ganymede::evaluate
