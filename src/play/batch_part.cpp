#include "play/batch_part.hpp"

namespace ganymede::play {

Batch part_of(const Batch& batch, std::int64_t first, std::int64_t count) {
  const auto some = [&](auto all) {
    const std::size_t each = all.size() / static_cast<std::size_t>(batch.count);
    return all.subspan(static_cast<std::size_t>(first) * each, static_cast<std::size_t>(count) * each);
  };
  Batch part{.count = count,
             .real = some(batch.real),
             .z = some(batch.z),
             .real_classes = some(batch.real_classes),
             .fake_classes = some(batch.fake_classes),
             .real_conditions = some(batch.real_conditions),
             .fake_conditions = some(batch.fake_conditions),
             .step = batch.step};
  for (const Batch& more : batch.unrolled) part.unrolled.push_back(part_of(more, first, count));
  return part;
}

}  // namespace ganymede::play
