#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ganymede::data {

/// Reads bytes that may be gzip (told by the first two: 1f 8b; members may follow each other) or plain, piece by piece,
/// so that nothing is ever larger than what the reader asks for. The bytes must outlive the reader.
class InflateReader {
 public:
  InflateReader(std::string_view bytes, std::string where);
  ~InflateReader();
  InflateReader(const InflateReader&) = delete;
  InflateReader& operator=(const InflateReader&) = delete;

  /// Fills `out` as far as there are bytes and returns how many. @throws DataError on damaged or truncated gzip.
  std::size_t read(std::span<char> out);
  /// An upper bound of what `read` can still give: exact for plain bytes, 1032 times the rest for gzip (deflate's
  /// limit).
  std::uint64_t most_left() const;

 private:
  struct Gzip;
  std::string_view rest_;
  std::string where_;
  std::unique_ptr<Gzip> gzip_;
};

bool is_gzip(std::string_view bytes);
/// `bytes` as one gzip member without name or time: the same content gives the same bytes.
std::string to_gzip(std::string_view bytes);

}  // namespace ganymede::data
