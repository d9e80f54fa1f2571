#include "engine/plan/memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numeric>
#include <utility>

namespace ganymede::engine {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

}  // namespace

Buffer::Buffer(std::int64_t count) : size_(count) {
  const std::size_t bytes = static_cast<std::size_t>(std::max<std::int64_t>(count, 16)) * 4;
  const std::size_t boundary = bytes >= kHugePage / 4 ? kHugePage : 64;
  const std::size_t rounded = (bytes + boundary - 1) / boundary * boundary;
  data_ = static_cast<float*>(std::aligned_alloc(boundary, rounded));
  if (data_ == nullptr) throw std::bad_alloc();
  bytes_ = static_cast<std::int64_t>(rounded);
  if (boundary == kHugePage) madvise(data_, rounded, MADV_HUGEPAGE);
  std::memset(data_, 0, rounded);
}

Buffer Buffer::view(float* data, std::int64_t count) {
  Buffer view;
  view.data_ = data;
  view.size_ = count;
  return view;
}

Buffer::~Buffer() {
  if (bytes_ > 0) std::free(data_);
}

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      bytes_(std::exchange(other.bytes_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

int ArenaPlan::add(std::int64_t count, int first, int last) {
  requests_.push_back({(count + 15) / 16 * 16, 0, first, last});
  return static_cast<int>(requests_.size()) - 1;
}

void ArenaPlan::place() {
  std::vector<int> order(requests_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return requests_[a].count > requests_[b].count; });
  std::vector<int> placed;
  for (const int index : order) {
    Request& wanted = requests_[index];
    std::vector<std::pair<std::int64_t, std::int64_t>>
        taken;  // [begin, end) of placed buffers that live at the same time
    for (const int other : placed) {
      const Request& r = requests_[other];
      if (r.first <= wanted.last && wanted.first <= r.last) taken.emplace_back(r.offset, r.offset + r.count);
    }
    std::sort(taken.begin(), taken.end());
    std::int64_t offset = 0;
    for (const auto& [begin, end] : taken) {
      if (offset + wanted.count <= begin) break;
      offset = std::max(offset, end);
    }
    wanted.offset = offset;
    size_ = std::max(size_, offset + wanted.count);
    placed.push_back(index);
  }
}

}  // namespace ganymede::engine
