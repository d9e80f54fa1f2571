#pragma once

#include <cstdio>  // jpeglib.h wants it first
// clang-format off
#include <jpeglib.h>
// clang-format on

#include <cstdlib>
#include <string>
#include <vector>

#include "picture/image.hpp"

namespace ganymede::testing {

struct JpegKind {
  int quality = 95;
  bool progressive = false;
  bool cmyk = false;      ///< four channels as Adobe stores them, inverted: pixels are taken as C, M, Y with K = 255
  std::string exif = {};  ///< content of an APP1 marker
};

/// A JPEG file of the image, by libjpeg.
inline std::string jpeg_bytes(const picture::Image& image, const JpegKind& kind = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): libjpeg's type
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = static_cast<JDIMENSION>(image.width());
  info.image_height = static_cast<JDIMENSION>(image.height());
  info.input_components = kind.cmyk ? 4 : image.channels();
  info.in_color_space = kind.cmyk ? JCS_CMYK : image.channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, kind.quality, TRUE);
  for (int c = 0; c < info.num_components; ++c) info.comp_info[c].h_samp_factor = info.comp_info[c].v_samp_factor = 1;
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (!kind.exif.empty()) {
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(kind.exif.data()),
                      static_cast<unsigned>(kind.exif.size()));
  }
  std::vector<JSAMPLE> row;
  for (int y = 0; y < image.height(); ++y) {
    row.clear();
    for (int x = 0; x < image.width(); ++x) {
      for (int c = 0; c < image.channels(); ++c)
        row.push_back(image.row(y)[static_cast<std::size_t>(x) * image.channels() + c]);
      if (kind.cmyk) row.push_back(255);
    }
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&info, &pointer, 1);
  }
  jpeg_finish_compress(&info);
  std::string bytes(reinterpret_cast<const char*>(buffer), size);
  jpeg_destroy_compress(&info);
  std::free(buffer);
  return bytes;
}

/// EXIF data that names an orientation, little or big endian.
inline std::string exif_bytes(int orientation, bool little) {
  using namespace std::string_literals;
  std::string bytes = little ? "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s
                             : "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s;
  bytes += static_cast<char>(orientation);
  bytes.append(little ? 7 : 6, '\0');
  return bytes;
}

}  // namespace ganymede::testing
