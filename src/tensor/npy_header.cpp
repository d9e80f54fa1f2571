#include "tensor/npy_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/file_kind.hpp"
#include "tensor/npy.hpp"

namespace ganymede {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kMostAxes = 64;  // NumPy's own limit

// As which type elements of a kind and size are kept; the first of each type is how that type is written.
struct NpyType {
  const char* name;  // without the byte order
  DType type;
};
constexpr NpyType kNpyTypes[] = {{"u1", DType::u8},  {"i4", DType::i32}, {"i8", DType::i64}, {"f4", DType::f32},
                                 {"f8", DType::f64}, {"b1", DType::u8},  {"i1", DType::i32}, {"i2", DType::i32},
                                 {"u2", DType::i32}, {"u4", DType::i64}, {"u8", DType::i64}};

template <class... Args>
[[noreturn]] void reject_npy(const std::string& where, fmt::format_string<Args...> format, Args&&... args) {
  fail<DataError>("{}: not a valid NPY file: {}", where, fmt::format(format, std::forward<Args>(args)...));
}

// Reads the one kind of Python text that NumPy writes: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class Dictionary {
 public:
  Dictionary(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  NpyHeader read() {
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !type_) {
        read_type();
      } else if (key == "fortran_order" && !fortran_order_) {
        fortran_order_ = truth();
      } else if (key == "shape" && !shape_) {
        shape_ = tuple();
      } else {
        reject_npy(where_, "the key '{}' is unknown or stands twice", key);
      }
      if (take(',')) continue;
      expect('}');
      break;
    }
    skip_blanks();
    if (at_ != text_.size()) unexpected("the end");
    if (!type_ || !fortran_order_ || !shape_) reject_npy(where_, "wanted the keys descr, fortran_order and shape");
    NpyHeader header;
    header.type = *type_;
    header.element = element_;
    header.fortran_order = *fortran_order_;
    header.shape = std::move(*shape_);
    return header;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }

  [[noreturn]] void unexpected(std::string_view wanted) {
    reject_npy(where_, "at byte {} of its dictionary: wanted {}", at_, wanted);
  }

  bool take(std::string_view word) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool take(char ch) { return take(std::string_view(&ch, 1)); }

  void expect(char ch) {
    if (!take(ch)) unexpected(std::string(1, ch));
  }

  std::string quoted() {
    const char quote = take('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) unexpected("the end of a text");
    std::string result(text_.substr(at_, end - at_));
    at_ = end + 1;
    return result;
  }

  bool truth() {
    if (take("True")) return true;
    if (take("False")) return false;
    unexpected("True or False");
  }

  void read_type() {
    if (take('[')) {
      fail<UnsupportedArray>("{}: arrays of records are not supported; save one array for each field", where_);
    }
    const std::string found = quoted();
    for (const NpyType& known : kNpyTypes) {
      if (found.size() != 3 || found.substr(1) != known.name || std::string_view("<>=|").find(found[0]) == npos)
        continue;
      type_ = known.type;
      element_ = {known.name[0], static_cast<std::size_t>(known.name[1] - '0'), found[0] == '>'};
      return;
    }
    fail<UnsupportedArray>(
        "{}: arrays of type '{}' are not supported; convert it in Python with .astype('<f4') (or '<f8', '<i4', '<i8', "
        "'u1')",
        where_, found);
  }

  Shape tuple() {
    Shape shape;
    expect('(');
    while (!take(')')) {
      skip_blanks();
      std::int64_t extent = -1;
      const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), extent);
      if (error != std::errc() || extent < 0) unexpected("a number of elements");
      at_ = static_cast<std::size_t>(end - text_.data());
      shape.push_back(extent);
      if (shape.size() > kMostAxes) reject_npy(where_, "more than {} axes", kMostAxes);
      if (take(',')) continue;
      expect(')');
      break;
    }
    return shape;
  }

  static constexpr std::size_t npos = std::string_view::npos;
  std::string_view text_;
  std::string where_;
  std::size_t at_ = 0;
  std::optional<DType> type_;
  NpyElement element_;
  std::optional<bool> fortran_order_;
  std::optional<Shape> shape_;
};

}  // namespace

std::string npy_header(DType type, const Shape& shape) {
  const auto known =
      std::find_if(std::begin(kNpyTypes), std::end(kNpyTypes), [&](const auto& t) { return t.type == type; });
  const std::string descr = fmt::format("{}{}", type == DType::u8 ? "|" : "<", known->name);
  // A tuple of one has a comma: (3,).
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", descr,
                                 fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  const std::size_t before = kMagic.size() + 2 + 2;
  text.resize((before + text.size() + 1 + 63) / 64 * 64 - before - 1, ' ');
  text += '\n';
  if (shape.size() > kMostAxes) fail<DataError>("an NPY file cannot hold an array of {} axes", shape.size());
  std::string bytes(kMagic);
  bytes += {'\x01', '\x00', static_cast<char>(text.size() & 255), static_cast<char>(text.size() >> 8)};
  return bytes + text;
}

NpyHeader parse_npy_header(std::string_view bytes, const std::string& where) {
  if (!bytes.starts_with(kMagic)) reject_npy(where, "wanted \\x93NUMPY at the start, found {}", kind_of_file(bytes));
  if (bytes.size() < 12) reject_npy(where, "wanted a header, found {} bytes", bytes.size());
  const int version = static_cast<unsigned char>(bytes[6]);
  if ((version != 1 && version != 2) || bytes[7] != 0) {
    reject_npy(where, "wanted version 1.0 or 2.0, found {}.{}", version, static_cast<unsigned char>(bytes[7]));
  }
  const std::size_t before = version == 1 ? 10 : 12;
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, before - 8);
  if (length > kLongestNpyHeader || length > bytes.size() - before) {
    reject_npy(where, "its header is said to have {} bytes, but {} follow (at most {} are allowed)", length,
               bytes.size() - before, kLongestNpyHeader);
  }
  NpyHeader header = Dictionary(bytes.substr(before, length), where).read();
  header.header_bytes = before + length;
  auto data_bytes = static_cast<std::int64_t>(header.element.bytes);
  for (const std::int64_t extent : header.shape) {
    if (__builtin_mul_overflow(data_bytes, extent, &data_bytes)) {
      reject_npy(where, "no memory holds the shape {}", to_string(header.shape));
    }
  }
  const auto growth = static_cast<std::int64_t>(size_of(header.type) / header.element.bytes);
  if (std::int64_t in_memory; __builtin_mul_overflow(data_bytes, growth, &in_memory)) {
    reject_npy(where, "no memory holds the shape {}", to_string(header.shape));
  }
  header.data_bytes = static_cast<std::uint64_t>(data_bytes);
  return header;
}

}  // namespace ganymede
