#include "picture/png.hpp"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_kind.hpp"
#include "picture/exif.hpp"
#include "picture/size_limits.hpp"

// libpng leaves by longjmp. Everything that a call of it can need is therefore kept in a context that outlives the
// jump, and the functions that set the jump have no objects of their own.

namespace ganymede::picture {
namespace {

constexpr std::uint64_t kLargestRatio = 1032;  // of deflate: a match of 258 bytes takes at least two bits
constexpr std::size_t kSignature = 8;          // bytes
constexpr int kCompression = 6;
// Chunks that say what colours the samples stand for. They are passed over: a network learns the samples as they are
// stored, and libpng would otherwise lay transparent ones over white in the light of the profile.
constexpr png_byte kColourChunks[] = "cHRM\0gAMA\0iCCP\0sRGB";
constexpr int kColourChunkCount = sizeof kColourChunks / 5;

struct Context {
  std::string message;
  std::string output;
  std::string_view input;
  std::vector<png_byte> pixels;
  std::vector<png_bytep> rows;
  std::vector<png_text> texts;
  int height = 0, width = 0, channels = 0;
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  static_cast<Context*>(png_get_error_ptr(png))->message = message;
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void put_bytes(png_structp png, png_bytep bytes, size_t count) {
  static_cast<Context*>(png_get_io_ptr(png))->output.append(reinterpret_cast<const char*>(bytes), count);
}

void take_bytes(png_structp png, png_bytep bytes, size_t count) {
  std::string_view& input = static_cast<Context*>(png_get_io_ptr(png))->input;
  if (count > input.size()) png_error(png, "the file ends too early");
  std::memcpy(bytes, input.data(), count);
  input.remove_prefix(count);
}

void set_rows(Context& c) {
  c.rows.resize(c.height);
  for (int y = 0; y < c.height; ++y) c.rows[y] = c.pixels.data() + static_cast<std::size_t>(y) * c.width * c.channels;
}

bool encode(png_structp png, png_infop info, Context& c) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_write_fn(png, &c, put_bytes, nullptr);
  png_set_compression_level(png, kCompression);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, c.channels == 1 ? PNG_FILTER_NONE : PNG_FILTER_PAETH);
  png_set_IHDR(png, info, c.width, c.height, 8, c.channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!c.texts.empty()) png_set_text(png, info, c.texts.data(), static_cast<int>(c.texts.size()));
  png_write_info(png, info);
  png_write_image(png, c.rows.data());
  png_write_end(png, nullptr);
  return true;
}

// Sets the size and asks libpng for 8 bits of grey or RGB over white.
bool decode_header(png_structp png, png_infop info, Context& c) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_read_fn(png, &c, take_bytes);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, kColourChunks, kColourChunkCount);
  png_set_user_limits(png, kLargestPictureSide, kLargestPictureSide);
  png_read_info(png, info);
  const std::uint64_t height = png_get_image_height(png, info);
  if (png_get_rowbytes(png, info) * height / kLargestRatio > c.input.size())
    png_error(png, "more pixels than the file can hold");
  png_set_expand(png);
  png_set_scale_16(png);
  png_color_16 white{0, 255, 255, 255, 255};
  png_set_background(png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  c.width = static_cast<int>(png_get_image_width(png, info));
  c.height = static_cast<int>(png_get_image_height(png, info));
  c.channels = png_get_channels(png, info);
  if ((c.channels != 1 && c.channels != 3) || png_get_bit_depth(png, info) != 8) png_error(png, "unknown colour type");
  return true;
}

bool decode_pixels(png_structp png, png_infop info, Context& c) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_read_image(png, c.rows.data());
  png_read_end(png, info);
  return true;
}

struct Reader {
  explicit Reader(Context& c) : png(png_create_read_struct(PNG_LIBPNG_VER_STRING, &c, on_error, on_warning)) {
    if (png == nullptr) throw Error("PNG: libpng could not be started");
    info = png_create_info_struct(png);
  }
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  png_structp png;
  png_infop info = nullptr;
};

struct Writer {
  explicit Writer(Context& c) : png(png_create_write_struct(PNG_LIBPNG_VER_STRING, &c, on_error, on_warning)) {
    if (png == nullptr) throw Error("PNG: libpng could not be started");
    info = png_create_info_struct(png);
  }
  ~Writer() { png_destroy_write_struct(&png, &info); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  png_structp png;
  png_infop info = nullptr;
};

// Whether every chunk ends within the file: libpng would first reserve what a damaged length asks for.
bool chunks_fit(std::string_view rest) {
  rest.remove_prefix(kSignature);
  while (rest.size() >= 12) {  // length, name, checksum
    const auto byte = [&](int i) { return std::size_t{static_cast<unsigned char>(rest[i])}; };
    const std::size_t length = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
    if (length > rest.size() - 12) return false;
    if (rest.substr(4, 4) == "IEND") return true;
    rest.remove_prefix(length + 12);
  }
  return false;
}

// IHDR is the first chunk: width and height follow its name.
void check_size(std::string_view bytes, const std::string& name) {
  const auto number = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  };
  if (bytes.size() < 24 || bytes.substr(12, 4) != "IHDR") return;  // libpng says so
  if (const std::string fault = size_fault(number(16), number(20)); !fault.empty())
    fail<DataError>("{}: {}", name, fault);
}

// Of the chunk eXIf, else of the text in which older programs keep EXIF data.
int orientation_of(png_structp png, png_infop info, const PngText& text) {
  png_bytep exif = nullptr;
  png_uint_32 count = 0;
  if (png_get_eXIf_1(png, info, &count, &exif) != 0) {
    const std::string_view bytes(reinterpret_cast<const char*>(exif), count);
    const int found = bytes.starts_with("Exif") ? exif_orientation(bytes) : tiff_orientation(bytes);
    if (found > 0) return found;
  }
  for (const char* key : {"Raw profile type exif", "Raw profile type APP1"}) {
    const auto profile = text.find(key);
    if (profile == text.end()) continue;
    const int found = exif_orientation(exif_of_raw_profile(profile->second));
    if (found > 0) return found;
  }
  return 1;
}

void check_keyword(const std::string& keyword) {
  const bool printable =
      std::all_of(keyword.begin(), keyword.end(), [](unsigned char ch) { return ch >= 32 && ch < 127; });
  if (keyword.empty() || keyword.size() > 79 || !printable || keyword.front() == ' ' || keyword.back() == ' ' ||
      keyword.find("  ") != std::string::npos) {
    fail<DataError>("PNG text: a keyword has 1 to 79 printable ASCII characters, single spaces inside (got \"{}\")",
                    keyword);
  }
}

}  // namespace

std::string encode_png(const Image& image, const PngText& text) {
  if (image.empty()) fail<DataError>("PNG: an empty image cannot be written");
  Context c;
  c.height = image.height(), c.width = image.width(), c.channels = image.channels();
  c.pixels.assign(image.pixels().begin(), image.pixels().end());
  set_rows(c);
  for (const auto& [keyword, value] : text) {
    check_keyword(keyword);
    if (value.find('\0') != std::string::npos)
      fail<DataError>("PNG text \"{}\": a zero byte cannot be stored", keyword);
    png_text entry{};
    entry.compression = PNG_TEXT_COMPRESSION_NONE;
    entry.key = const_cast<char*>(keyword.c_str());  // libpng only reads it
    entry.text = const_cast<char*>(value.c_str());
    entry.text_length = value.size();
    c.texts.push_back(entry);
  }
  Writer writer(c);
  if (writer.info == nullptr || !encode(writer.png, writer.info, c))
    fail<DataError>("PNG: cannot be written: {}", c.message);
  return std::move(c.output);
}

Png decode_png(std::string_view bytes, const std::string& name) {
  if (bytes.size() < kSignature || png_sig_cmp(reinterpret_cast<png_const_bytep>(bytes.data()), 0, kSignature) != 0) {
    fail<DataError>("{}: wanted a PNG file, found {}", name, kind_of_file(bytes));
  }
  if (!chunks_fit(bytes)) fail<DataError>("{}: this PNG file is damaged: it ends too early", name);
  check_size(bytes, name);
  Context c;
  c.input = bytes;
  Reader reader(c);
  bool whole = reader.info != nullptr && decode_header(reader.png, reader.info, c);
  if (whole) {
    c.pixels.resize(static_cast<std::size_t>(c.height) * c.width * c.channels);
    set_rows(c);
    whole = decode_pixels(reader.png, reader.info, c);
  }
  if (!whole) fail<DataError>("{}: this PNG file is damaged or not supported: {}", name, c.message);
  Png png{Image(c.height, c.width, c.channels, std::move(c.pixels)), {}};
  png_textp texts = nullptr;
  const int count = png_get_text(reader.png, reader.info, &texts, nullptr);
  for (int i = 0; i < count; ++i) png.text[texts[i].key] = texts[i].text;
  png.image = upright(png.image, orientation_of(reader.png, reader.info, png.text));
  return png;
}

void write_png(const std::filesystem::path& path, const Image& image, const PngText& text) {
  write_file_atomically(path, encode_png(image, text));
}

Png read_png(const std::filesystem::path& path) {
  return decode_png(read_file(path, kLargestPictureFile), path.string());
}

}  // namespace ganymede::picture
