#include "run/tensorboard_file.hpp"

#include <bit>
#include <cstring>

#include "base/checksum.hpp"
#include "base/error.hpp"

namespace ganymede::run {
namespace {

// How a message of protocol buffers is written: one field after another, each as a key (its number times 8 plus how it
// is coded) and its value: 0 a whole number in groups of seven bits, the lowest first; 1 and 5 eight and four bytes; 2
// a length and so many bytes, a text or a message within.

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 128; value >>= 7) bytes += static_cast<char>((value & 127) | 128);
  return bytes + static_cast<char>(value);
}

template <class T>
std::string little_endian(T value) {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string key(int field, int coding) {
  return varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(coding));
}
std::string whole_field(int field, std::int64_t value) {
  if (value == 0) return {};  // what is not there is 0
  return key(field, 0) + varint(static_cast<std::uint64_t>(value));
}
std::string double_field(int field, double value) {
  return key(field, 1) + little_endian(value);
}
std::string float_field(int field, float value) {
  return key(field, 5) + little_endian(value);
}
std::string bytes_field(int field, std::string_view bytes) {
  return key(field, 2) + varint(bytes.size()) + std::string(bytes);
}

std::string event(double wall_time, std::int64_t step, const std::string& what) {
  return double_field(1, wall_time) + whole_field(2, step) + what;
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

/// Summary.Image: height, width, how many channels, the file.
std::string image_message(const ImageSummary& image) {
  constexpr std::string_view kPng("\x89PNG\r\n\x1a\n", 8);
  if (!image.png.starts_with(kPng) || image.png.size() < 26) fail<DataError>("{}: wanted a PNG picture", image.tag);
  const std::string_view png = image.png;
  const std::uint32_t width = big_endian(png.substr(16, 4)), height = big_endian(png.substr(20, 4));
  const char colours = png[25];  // 0 grey, 2 colour, 3 a palette of them, 4 grey and 6 colour with opacity
  const int channels = colours == 0 ? 1 : colours == 4 ? 2 : colours == 6 ? 4 : 3;
  return whole_field(1, height) + whole_field(2, width) + whole_field(3, channels) + bytes_field(4, png);
}

}  // namespace

std::string version_event(double wall_time) {
  return double_field(1, wall_time) + bytes_field(3, "brain.Event:2");
}

std::string restart_event(double wall_time, std::int64_t step) {
  return event(wall_time, step, bytes_field(7, whole_field(1, 1)));
}

std::string summary_event(double wall_time, std::int64_t step, const std::vector<ScalarSummary>& scalars,
                          const std::vector<ImageSummary>& images) {
  std::string summary;
  for (const ScalarSummary& scalar : scalars) {
    summary += bytes_field(1, bytes_field(1, scalar.tag) + float_field(2, static_cast<float>(scalar.value)));
  }
  for (const ImageSummary& image : images)
    summary += bytes_field(1, bytes_field(1, image.tag) + bytes_field(4, image_message(image)));
  return event(wall_time, step, bytes_field(5, summary));
}

std::uint32_t masked_crc32c(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xa282ead8U;
}

std::string tf_record(std::string_view bytes) {
  const std::string length = little_endian(static_cast<std::uint64_t>(bytes.size()));
  return length + little_endian(masked_crc32c(length)) + std::string(bytes) + little_endian(masked_crc32c(bytes));
}

TfRecords read_tf_records(std::string_view file) {
  constexpr std::size_t kHead = 12, kTail = 4;
  TfRecords found;
  const auto same = [](std::string_view crc, std::string_view of) { return crc == little_endian(masked_crc32c(of)); };
  for (std::size_t at = 0; file.size() - at >= kHead + kTail;) {
    const std::string_view length_bytes = file.substr(at, 8);
    std::uint64_t length = 0;
    std::memcpy(&length, length_bytes.data(), sizeof length);
    if (!same(file.substr(at + 8, 4), length_bytes) || length > file.size() - at - kHead - kTail) break;
    const std::string_view bytes = file.substr(at + kHead, length);
    if (!same(file.substr(at + kHead + length, kTail), bytes)) break;
    at += kHead + length + kTail;
    found.records.push_back(bytes);
    found.ends.push_back(at);
  }
  return found;
}

}  // namespace ganymede::run
