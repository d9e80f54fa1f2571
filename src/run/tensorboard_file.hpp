#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::run {

// TensorBoard's event files (tensorflow/core/util/event.proto, framework/summary.proto), as many of their fields as
// scalars and pictures take. Written by hand: four kinds of messages with a dozen fields, whose form has not changed in
// ten years, are shorter than a call of libprotobuf with its generated sources, and ./quickstart has no package more to
// install and to compile against.

/// A number of a curve.
struct ScalarSummary {
  std::string tag;  ///< "epoch/generator_loss": what stands before the slash is a group on TensorBoard's page
  double value = 0;
};
/// A picture.
struct ImageSummary {
  std::string tag;
  std::string png;  ///< the bytes of its file
};

/// The bytes of a tensorflow.Event that holds `file_version` "brain.Event:2", the first of a file.
std::string version_event(double wall_time);
/// One with SessionLog START: a reader forgets what it read before of this step and later ones, because a run that was
/// resumed tells of them again.
std::string restart_event(double wall_time, std::int64_t step);
/// One with a Summary. @throws DataError for an image that is no PNG.
std::string summary_event(double wall_time, std::int64_t step, const std::vector<ScalarSummary>& scalars,
                          const std::vector<ImageSummary>& images = {});

/// A TFRecord: length u64, masked CRC-32C of it, the bytes, masked CRC-32C of them.
std::string tf_record(std::string_view bytes);
/// ((c >> 15) | (c << 17)) + 0xa282ead8 of the CRC-32C c.
std::uint32_t masked_crc32c(std::string_view bytes);

struct TfRecords {
  std::vector<std::string_view> records;  ///< of `file`
  std::vector<std::size_t> ends;          ///< bytes of the file up to and with each of them
};
/// The whole records at the beginning of a file's bytes: up to a torn or damaged one.
TfRecords read_tf_records(std::string_view file);

}  // namespace ganymede::run
