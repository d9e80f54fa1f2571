#pragma once

#include <cstdint>
#include <vector>

namespace ganymede::engine {

/// Zeroed floats on a 64-byte boundary (large ones on huge pages where the system gives them), or a view of others.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::int64_t count);
  /// Floats that somebody else holds, and longer than this.
  static Buffer view(float* data, std::int64_t count);
  ~Buffer();
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;

  float* data() const { return data_; }
  std::int64_t size() const { return size_; }
  /// Of memory that it takes: of a large one whole huge pages, of a view none.
  std::int64_t bytes() const { return bytes_; }

 private:
  float* data_ = nullptr;
  std::int64_t size_ = 0;
  std::int64_t bytes_ = 0;
};

/// Memory that passes use one after the other: nothing in it outlives a call of forward or backward.
struct Workspace {
  Buffer planes;    ///< of a transform whose values are not read again
  Buffer products;  ///< of a weight gradient in the transform's domain
  Buffer data;      ///< of a data gradient's transform, where the input's is to stay

  std::int64_t bytes() const { return planes.bytes() + products.bytes() + data.bytes(); }
};

/// Plans one arena for buffers that live over intervals of time: two buffers share memory if their lives do not
/// overlap.
class ArenaPlan {
 public:
  /// A buffer of `count` floats that lives from time `first` to time `last`, both inclusive; returns its number.
  int add(std::int64_t count, int first, int last);
  /// Places all buffers, largest first, each at the lowest offset that is free over its life.
  void place();
  std::int64_t offset(int buffer) const { return requests_[static_cast<std::size_t>(buffer)].offset; }
  std::int64_t size() const { return size_; }

 private:
  struct Request {
    std::int64_t count, offset;
    int first, last;
  };
  std::vector<Request> requests_;
  std::int64_t size_ = 0;
};

}  // namespace ganymede::engine
