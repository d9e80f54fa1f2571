#include "data/files/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace ganymede::data {
namespace {

constexpr int kGzipWindow = 15 + 16;          // largest window, gzip wrapper
constexpr std::size_t kZlibPiece = 1u << 30;  // zlib counts in 32 bits

}  // namespace

struct InflateReader::Gzip {
  z_stream stream{};
  bool ended = false;  // the last member is complete
  Gzip() {
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw Error("zlib cannot start (out of memory)");
  }
  ~Gzip() { inflateEnd(&stream); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
};

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

InflateReader::InflateReader(std::string_view bytes, std::string where) : rest_(bytes), where_(std::move(where)) {
  if (is_gzip(bytes)) gzip_ = std::make_unique<Gzip>();
}

InflateReader::~InflateReader() = default;

std::uint64_t InflateReader::most_left() const {
  // What zlib has taken in but not yet given out fits its window many times over: a window on top bounds it.
  return gzip_ ? (rest_.size() + 1) * std::uint64_t{1032} + 65536 : rest_.size();
}

std::size_t InflateReader::read(std::span<char> out) {
  if (!gzip_) {
    const std::size_t count = std::min(out.size(), rest_.size());
    std::copy_n(rest_.data(), count, out.data());
    rest_.remove_prefix(count);
    return count;
  }
  z_stream& z = gzip_->stream;
  std::size_t given = 0;
  while (given < out.size()) {
    if (gzip_->ended) {
      if (rest_.empty()) break;
      if (!is_gzip(rest_)) fail<DataError>("{}: {} bytes that are not gzip follow the gzip data", where_, rest_.size());
      inflateReset(&z);
      gzip_->ended = false;
    }
    const std::size_t in_size = std::min(rest_.size(), kZlibPiece);
    const std::size_t out_size = std::min(out.size() - given, kZlibPiece);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
    z.avail_in = static_cast<uInt>(in_size);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + given);
    z.avail_out = static_cast<uInt>(out_size);
    const int code = inflate(&z, Z_NO_FLUSH);
    rest_.remove_prefix(in_size - z.avail_in);
    given += out_size - z.avail_out;
    if (code == Z_STREAM_END) {
      gzip_->ended = true;
    } else if (code == Z_BUF_ERROR || (code == Z_OK && rest_.empty() && z.avail_out > 0)) {
      fail<DataError>("{}: the gzip data end too early: the file is truncated; get it again", where_);
    } else if (code != Z_OK) {
      fail<DataError>("{}: damaged gzip data ({}); get the file again", where_, z.msg ? z.msg : "unknown reason");
    }
  }
  return given;
}

std::string to_gzip(std::string_view bytes) {
  z_stream z{};
  if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw Error("zlib cannot start (out of memory)");
  }
  std::string out(deflateBound(&z, bytes.size()), '\0');
  std::size_t taken = 0, given = 0;
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    const std::size_t in_size = std::min(bytes.size() - taken, kZlibPiece);
    const std::size_t out_size = std::min(out.size() - given, kZlibPiece);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + taken));
    z.avail_in = static_cast<uInt>(in_size);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + given);
    z.avail_out = static_cast<uInt>(out_size);
    code = deflate(&z, taken + in_size == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    taken += in_size - z.avail_in;
    given += out_size - z.avail_out;
  }
  deflateEnd(&z);
  out.resize(given);
  return out;
}

}  // namespace ganymede::data
