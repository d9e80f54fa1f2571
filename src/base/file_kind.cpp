#include "base/file_kind.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace ganymede {
namespace {

using namespace std::string_view_literals;

constexpr const char* kUnpack = ": unpack it and name what is inside";

struct Signature {
  std::string_view bytes;
  const char* kind;
  const char* remedy;
};
constexpr Signature kSignatures[] = {
    {"version https://git-lfs.github.com/spec/"sv, "a Git LFS pointer instead of the file",
     ": run `git lfs pull` where it was cloned"},
    {"/annex/objects/"sv, "a git-annex pointer instead of the file", ": run `git annex get` where it was cloned"},
    {"PK\3\4"sv, "a zip archive", kUnpack},
    {"\xfd"
     "7zXZ"sv,
     "an xz archive", kUnpack},
    {"7z\xbc\xaf"sv, "a 7z archive", kUnpack},
    {"Rar!"sv, "a RAR archive", kUnpack},
    {"BZh"sv, "a bzip2 archive", kUnpack},
    {"\x28\xb5\x2f\xfd"sv, "a zstd archive", kUnpack},
    {"\x1f\x8b"sv, "gzip data", kUnpack},
    {"\x93NUMPY"sv, "a NumPy array", ": its name must end in .npy"},
    {"\x89HDF\r\n"sv, "an HDF5 file", kAsNpz},
    {"\x80\2"sv, "a Python pickle", kAsNpz},
    {"\x80\3"sv, "a Python pickle", kAsNpz},
    {"\x80\4"sv, "a Python pickle", kAsNpz},
    {"\x80\5"sv, "a Python pickle", kAsNpz},
    {"PAR1"sv, "a Parquet table", kAsNpz},
    {"MATLAB 5"sv, "a MATLAB file", kAsNpz},
    {"\x89PNG"sv, "a PNG picture", ": name the folder that it lies in"},
    {"\xff\xd8\xff"sv, "a JPEG picture", ": name the folder that it lies in"},
    {"GIF8"sv, "a GIF picture", ": convert it to PNG"},
    {"BM"sv, "a BMP picture", ": convert it to PNG"},
    {"II*\0"sv, "a TIFF picture", ": convert it to PNG"},
    {"MM\0*"sv, "a TIFF picture", ": convert it to PNG"},
    {"%PDF"sv, "a PDF document", ""},
};

bool holds(std::string_view bytes, std::size_t at, std::string_view wanted) {
  return bytes.size() >= at && bytes.substr(at).starts_with(wanted);
}

bool starts_with_any_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

std::string_view without_blanks(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // byte order mark
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char ch) {
    const auto byte = static_cast<unsigned char>(ch);
    return byte >= 32 ? byte != 127 : byte == '\n' || byte == '\r' || byte == '\t';
  });
}

// Numbers or words with as many commas, semicolons or tabs in the second line as in the first.
bool is_table(std::string_view text) {
  const std::size_t end = text.find('\n');
  const std::string_view first = text.substr(0, end);
  std::string_view second = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  const bool second_is_whole = second.find('\n') != std::string_view::npos;
  second = second.substr(0, second.find('\n'));
  return std::any_of(std::begin(",;\t"), std::end(",;\t") - 1, [&](char separator) {
    const auto here = std::count(first.begin(), first.end(), separator);
    return here > 0 && (!second_is_whole || here == std::count(second.begin(), second.end(), separator));
  });
}

}  // namespace

std::string kind_of_file(std::string_view bytes) {
  if (bytes.empty()) return "nothing";
  bytes = bytes.substr(0, kKindBytes);
  for (const Signature& known : kSignatures) {
    if (bytes.starts_with(known.bytes)) return std::string(known.kind) + known.remedy;
  }
  if (bytes.starts_with("RIFF") && holds(bytes, 8, "WEBP")) return "a WebP picture: convert it to PNG";
  if (holds(bytes, 4, "ftyp")) return "a HEIC or AVIF picture, or a film: convert it to PNG";
  if (holds(bytes, 257, "ustar")) return std::string("a tar archive") + kUnpack;
  const std::string_view text = without_blanks(bytes);
  if (starts_with_any_case(text, "<!doctype html") || starts_with_any_case(text, "<html"))
    return "a web page (HTML) that was saved instead of the file: download the file itself";
  if (starts_with_any_case(text, "<?xml") || starts_with_any_case(text, "<svg")) return "an XML text";
  if (!is_text(text)) return "something else (other first bytes)";
  if (text.starts_with('{') || text.starts_with('[')) return "a JSON text";
  if (is_table(text)) return std::string("a text table (CSV)") + kAsNpz;
  return "a text";
}

}  // namespace ganymede
