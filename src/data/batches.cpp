#include "data/batches.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::data {

LastBatch last_batch_from(const std::string& name) {
  if (name == "keep") return LastBatch::keep;
  if (name == "drop") return LastBatch::drop;
  fail<ConfigError>("data.last_batch: wanted \"keep\" or \"drop\", found \"{}\"", name);
}

void BatchPlan::check() const {
  if (batch < 1) fail<ConfigError>("train.batch: wanted at least 1, found {}", batch);
  if (count < 1) fail<ConfigError>("data: no images to make batches of");
  if (last == LastBatch::drop && count < batch) {
    fail<ConfigError>(
        "{} images are less than one batch of {}, and data.last_batch = \"drop\" leaves none: use \"keep\" "
        "or a smaller train.batch",
        count, batch);
  }
}

std::int64_t BatchPlan::batches() const {
  return last == LastBatch::drop ? count / batch : (count + batch - 1) / batch;
}

std::int64_t BatchPlan::size_of(std::int64_t b) const {
  return std::min(batch, count - b * batch);
}

std::vector<std::uint32_t> epoch_order(std::int64_t count, std::uint64_t seed, std::int64_t epoch) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0u);
  RandomSequence random(Random(seed, "data.shuffle"), static_cast<std::uint32_t>(epoch));
  for (auto i = static_cast<std::uint32_t>(count - 1); i >= 1; --i) std::swap(order[i], order[random.below(i + 1)]);
  return order;
}

Batches::Batches(const Dataset& dataset, std::int64_t batch, LastBatch last, std::uint64_t seed)
    : dataset_(dataset), plan_{dataset.size(), batch, last}, seed_(seed) {
  plan_.check();
}

std::span<const std::uint32_t> Batches::indices(std::int64_t epoch, std::int64_t b) {
  if (b < 0 || b >= batches()) fail<Error>("batch {} of an epoch of {} batches", b, batches());
  if (epoch != cached_epoch_) {
    order_ = epoch_order(plan_.count, seed_, epoch);
    cached_epoch_ = epoch;
  }
  return std::span(order_).subspan(static_cast<std::size_t>(b * plan_.batch), static_cast<std::size_t>(size_of(b)));
}

std::int64_t Batches::fill(std::int64_t epoch, std::int64_t b, std::span<float> images,
                           std::span<std::int32_t> labels) {
  const auto rows = indices(epoch, b);
  const auto pixels = static_cast<std::size_t>(dataset_.pixels_per_image());
  if (images.size() < rows.size() * pixels || (!labels.empty() && labels.size() < rows.size())) {
    fail<ShapeError>("a batch of {} images of {} pixels does not fit {} pixels and {} labels", rows.size(), pixels,
                     images.size(), labels.size());
  }
  for (std::size_t n = 0; n < rows.size(); ++n) {
    copy_values(dataset_, rows[n], images.subspan(n * pixels, pixels));
    if (!labels.empty()) labels[n] = dataset_.has_labels() ? dataset_.labels[rows[n]] : 0;
  }
  return static_cast<std::int64_t>(rows.size());
}

void Batches::fill_conditions(std::int64_t epoch, std::int64_t b, std::span<float> conditions) {
  auto to = conditions.begin();
  for (const std::uint32_t row : indices(epoch, b)) to = std::ranges::copy(dataset_.condition(row), to).out;
}

}  // namespace ganymede::data
