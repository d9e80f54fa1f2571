#include "run/tensorboard_file.hpp"

#include <bit>
#include <cstring>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/proto_message.hpp"

namespace ganymede::run {
namespace {

template <class T>
std::string little_endian(T value) {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

// Event: wall_time, step.
ProtoMessage event(double wall_time, std::int64_t step) {
  ProtoMessage message;
  message.add_double(1, wall_time);
  if (step != 0) message.add_integer(2, step);  // what is not there is 0
  return message;
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

/// Summary.Image: height, width, how many channels, the file.
ProtoMessage image_message(const ImageSummary& image) {
  constexpr std::string_view kPng("\x89PNG\r\n\x1a\n", 8);
  if (!image.png.starts_with(kPng) || image.png.size() < 26) fail<DataError>("{}: wanted a PNG picture", image.tag);
  const std::string_view png = image.png;
  const std::uint32_t width = big_endian(png.substr(16, 4)), height = big_endian(png.substr(20, 4));
  const char colours = png[25];  // 0 grey, 2 colour, 3 a palette of them, 4 grey and 6 colour with opacity
  const int channels = colours == 0 ? 1 : colours == 4 ? 2 : colours == 6 ? 4 : 3;
  ProtoMessage message;
  message.add_integer(1, height);
  message.add_integer(2, width);
  message.add_integer(3, channels);
  message.add_bytes(4, png);
  return message;
}

}  // namespace

std::string version_event(double wall_time) {
  ProtoMessage message = event(wall_time, 0);
  message.add_bytes(3, "brain.Event:2");
  return message.bytes();
}

std::string restart_event(double wall_time, std::int64_t step) {
  ProtoMessage message = event(wall_time, step), session;
  session.add_integer(1, 1);  // SessionLog: START
  message.add_message(7, session);
  return message.bytes();
}

std::string summary_event(double wall_time, std::int64_t step, const std::vector<ScalarSummary>& scalars,
                          const std::vector<ImageSummary>& images) {
  ProtoMessage summary;
  const auto tagged = [](const std::string& tag) {
    ProtoMessage value;
    value.add_bytes(1, tag);
    return value;
  };
  for (const ScalarSummary& scalar : scalars) {
    ProtoMessage value = tagged(scalar.tag);
    value.add_float(2, static_cast<float>(scalar.value));
    summary.add_message(1, value);
  }
  for (const ImageSummary& image : images) {
    ProtoMessage value = tagged(image.tag);
    value.add_message(4, image_message(image));
    summary.add_message(1, value);
  }
  ProtoMessage message = event(wall_time, step);
  message.add_message(5, summary);
  return message.bytes();
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
