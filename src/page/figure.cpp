#include "page/figure.hpp"

#include <algorithm>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "picture/gif.hpp"
#include "picture/png.hpp"

namespace ganymede::page {
namespace {

constexpr std::string_view kFigures = "figures/";
constexpr std::uint64_t kLargestFigure = std::uint64_t{1} << 26;  // bytes; a page holds them all
constexpr int kHoldLast = 2000;                                   // of a film, in ms
constexpr const char* kAgain = "the study's command, called again, draws it and measures nothing anew";

}  // namespace

FigureWriter::FigureWriter(const std::filesystem::path& folder) : folder_(folder) {
  make_own_folder(folder_ / kFigures.substr(0, kFigures.size() - 1));
}

Figure FigureWriter::write(const std::string& file, std::string_view bytes, std::string caption) const {
  if (!is_figure_name(file)) fail<Error>("internal: no name of a figure: {}", file);
  write_file_atomically(folder_ / file, bytes);
  return {.file = file, .crc32 = crc32(bytes), .caption = std::move(caption)};
}

Figure FigureWriter::png(const std::string& name, const picture::Image& image, std::string caption) const {
  return write(std::string(kFigures) + name + ".png", picture::encode_png(image), std::move(caption));
}

Figure FigureWriter::svg(const std::string& name, std::string_view document, std::string caption) const {
  return write(std::string(kFigures) + name + ".svg", document, std::move(caption));
}

Figure FigureWriter::gif(const std::string& name, const std::vector<picture::Image>& frames, int frame_ms,
                         std::string caption) const {
  const std::string file = std::string(kFigures) + name + ".gif";
  if (!is_figure_name(file)) fail<Error>("internal: no name of a figure: {}", file);
  picture::GifWriter writer(folder_ / file, {.delay_ms = frame_ms});
  for (std::size_t i = 0; i < frames.size(); ++i)
    writer.add(frames[i], i + 1 < frames.size() ? frame_ms : frame_ms + kHoldLast);
  writer.finish();
  return {.file = file, .crc32 = crc32(read_file(folder_ / file, kLargestFigure)), .caption = std::move(caption)};
}

bool is_figure_name(std::string_view file) {
  if (!file.starts_with(kFigures)) return false;
  file.remove_prefix(kFigures.size());
  if (!file.ends_with(".png") && !file.ends_with(".svg") && !file.ends_with(".gif")) return false;
  return file.size() <= 200 && file[0] != '.' && std::ranges::all_of(file, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

std::string read_figure(const std::filesystem::path& folder, const Figure& figure) {
  const std::filesystem::path file = folder / figure.file;
  std::string bytes;
  try {
    bytes = read_file(file, kLargestFigure);
  } catch (const DataError& error) {
    fail<DataError>("{}; {}", error.what(), kAgain);
  }
  if (crc32(bytes) != figure.crc32) {
    fail<DataError>("{}: not the figure that results.json was written with (CRC-32 {}, found {}); {}", file.string(),
                    hex(figure.crc32), hex(crc32(bytes)), kAgain);
  }
  return bytes;
}

}  // namespace ganymede::page
