#include "picture/jpeg.hpp"

#include <cstdio>  // jpeglib.h wants it first
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <array>
#include <csetjmp>
#include <vector>

#include "base/error.hpp"
#include "base/file_kind.hpp"
#include "picture/exif.hpp"
#include "picture/size_limits.hpp"

// libjpeg leaves by longjmp; as with libpng, everything that a call of it can need outlives the jump.

namespace ganymede::picture {
namespace {

// Pixels that a byte can stand for: the first scan spends at least a bit on each block, that is 18 bits on 1,024 pixels
// where colour is stored at a quarter of the resolution both ways.
constexpr std::uint64_t kLargestRatio = 512;
constexpr int kMostScans = 64;
constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr unsigned kExifLimit = 65533;

struct Context {
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  std::string message;
  std::vector<JSAMPLE> pixels;
  int orientation = 1;
  std::string size_fault;
  int height = 0, width = 0, components = 0;
  bool inverted = false;  // CMYK as Adobe stores it
};

Context& context_of(j_common_ptr info) {
  return *static_cast<Context*>(info->client_data);
}

[[noreturn]] void leave(j_common_ptr info) {
  std::longjmp(context_of(info).jump, 1);
}

[[noreturn]] void on_error(j_common_ptr info) {
  std::array<char, JMSG_LENGTH_MAX> text{};
  info->err->format_message(info, text.data());
  context_of(info).message = text.data();
  leave(info);
}

// libjpeg calls it a warning when data is missing and fills the rest with grey.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  const int code = info->err->msg_code;
  if (code != JWRN_EXTRANEOUS_DATA && code != JWRN_ADOBE_XFORM && code != JWRN_JFIF_MAJOR && code != JWRN_BOGUS_ICC)
    on_error(info);
}

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMostScans) return;
  context_of(info).message = "too many scans";
  leave(info);
}

int smallest_scale(int side, int least_side) {
  for (const int denominator : {8, 4, 2}) {
    if (least_side > 0 && side / denominator >= least_side) return denominator;
  }
  return 1;
}

// The first that a segment names: others, of XMP or without an orientation, may stand in front.
int orientation_of(jpeg_saved_marker_ptr marker) {
  for (; marker != nullptr; marker = marker->next) {
    if (marker->marker != kExifMarker) continue;
    const int found = exif_orientation({reinterpret_cast<const char*>(marker->data), marker->data_length});
    if (found > 0) return found;
  }
  return 1;
}

bool decode_header(jpeg_decompress_struct& info, Context& c, std::string_view bytes, int least_side) {
  if (setjmp(c.jump) != 0) return false;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_save_markers(&info, kExifMarker, kExifLimit);
  jpeg_read_header(&info, TRUE);
  const std::uint64_t width = info.image_width, height = info.image_height;
  c.size_fault = size_fault(width, height);
  if (!c.size_fault.empty()) return false;
  if (width * height / kLargestRatio > bytes.size()) {
    c.message = "more pixels than the file can hold";
    return false;
  }
  c.orientation = orientation_of(info.marker_list);
  info.scale_num = 1;
  info.scale_denom = static_cast<unsigned>(smallest_scale(static_cast<int>(std::min(width, height)), least_side));
  info.dct_method = JDCT_ISLOW;
  const bool cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
  info.out_color_space = cmyk ? JCS_CMYK : info.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  c.inverted = info.saw_Adobe_marker != 0;
  jpeg_start_decompress(&info);
  c.height = static_cast<int>(info.output_height), c.width = static_cast<int>(info.output_width);
  c.components = info.output_components;
  return true;
}

bool decode_pixels(jpeg_decompress_struct& info, Context& c) {
  if (setjmp(c.jump) != 0) return false;
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = c.pixels.data() + static_cast<std::size_t>(info.output_scanline) * c.width * c.components;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

struct Reader {
  explicit Reader(Context& c) {
    info.err = jpeg_std_error(&c.errors);
    c.errors.error_exit = on_error;
    c.errors.emit_message = on_message;
    info.client_data = &c;
    if (setjmp(c.jump) != 0) return;
    jpeg_create_decompress(&info);
    c.progress.progress_monitor = on_progress;
    info.progress = &c.progress;
    ready = true;
  }
  ~Reader() { jpeg_destroy_decompress(&info); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  jpeg_decompress_struct info{};
  bool ready = false;
};

std::vector<std::uint8_t> rgb_of_cmyk(const std::vector<JSAMPLE>& cmyk, bool inverted) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(cmyk.size() / 4 * 3);
  for (std::size_t i = 0; i + 3 < cmyk.size(); i += 4) {
    const auto light = [&](std::size_t k) { return inverted ? int{cmyk[i + k]} : 255 - int{cmyk[i + k]}; };
    for (const std::size_t k : {0, 1, 2}) rgb.push_back(static_cast<std::uint8_t>((light(k) * light(3) + 127) / 255));
  }
  return rgb;
}

}  // namespace

Image decode_jpeg(std::string_view bytes, const std::string& name, int least_side) {
  if (bytes.size() < 4 || !bytes.starts_with("\xff\xd8\xff")) {
    fail<DataError>("{}: wanted a JPEG file, found {}", name, kind_of_file(bytes));
  }
  Context c;
  Reader reader(c);
  bool whole = reader.ready && decode_header(reader.info, c, bytes, least_side);
  if (whole) {
    c.pixels.resize(static_cast<std::size_t>(c.height) * c.width * c.components);
    whole = decode_pixels(reader.info, c);
  }
  if (!c.size_fault.empty()) fail<DataError>("{}: {}", name, c.size_fault);
  if (!whole) fail<DataError>("{}: this JPEG file is damaged or not supported: {}", name, c.message);
  if (c.components == 4) return upright(Image(c.height, c.width, 3, rgb_of_cmyk(c.pixels, c.inverted)), c.orientation);
  return upright(Image(c.height, c.width, c.components, std::move(c.pixels)), c.orientation);
}

}  // namespace ganymede::picture
