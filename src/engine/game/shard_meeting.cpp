#include "engine/game/shard_meeting.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "cluster/group.hpp"

namespace ganymede::engine {
namespace {

// Mean, sum of squared distances from it and count of both together (Chan, Golub, LeVeque 1979), of each three numbers.
void merge_moments(std::span<double> left, std::span<const double> right) {
  for (std::size_t i = 0; i < left.size(); i += 3) {
    const double count = left[i + 2] + right[i + 2], delta = right[i] - left[i];
    left[i] += delta * right[i + 2] / count;
    left[i + 1] += right[i + 1] + delta * delta * left[i + 2] * right[i + 2] / count;
    left[i + 2] = count;
  }
}

void merge_sums(std::span<double> left, std::span<const double> right) {
  for (std::size_t i = 0; i < left.size(); ++i) left[i] += right[i];
}

}  // namespace

void ShardMeeting::meet(int lane, std::span<double> values, Merge merge) {
  std::unique_lock lock(mutex_);
  if (failed_) fail<Error>("another shard of the batch has failed");
  seats_[static_cast<std::size_t>(lane)] = values;
  const std::int64_t this_one = meetings_;
  if (++here_ == seats_.size()) {
    merge_all(merge);
    here_ = 0;
    ++meetings_;
    done_.notify_all();
    return;
  }
  done_.wait(lock, [&] { return meetings_ > this_one || failed_; });
  if (meetings_ == this_one) fail<Error>("another shard of the batch has failed");
}

void ShardMeeting::give_up() {
  const std::scoped_lock lock(mutex_);
  failed_ = true;
  done_.notify_all();
}

void ShardMeeting::merge_all(Merge merge) {
  for (std::size_t distance = 1; distance < seats_.size(); distance *= 2) {
    for (std::size_t i = 0; i < seats_.size(); i += 2 * distance) merge(seats_[i], seats_[i + distance]);
  }
  const std::span<double> all = seats_.front();
  if (group_ != nullptr) {
    std::vector<double> others(all.size());
    for (int distance = 1; distance < group_->size(); distance *= 2) {
      const int partner = group_->rank() ^ distance;
      group_->exchange(partner, std::as_bytes(all), std::as_writable_bytes(std::span(others)));
      if (partner < group_->rank()) std::swap_ranges(all.begin(), all.end(), others.begin());  // it stands on the left
      merge(all, others);
    }
  }
  for (const std::span<double> seat : std::span(seats_).subspan(1)) std::ranges::copy(all, seat.begin());
}

void ShardSeat::moments(std::span<double> values) {
  meeting_.meet(lane_, values, merge_moments);
}

void ShardSeat::sums(std::span<double> values) {
  for (double& value : values) value *= weight_;
  meeting_.meet(lane_, values, merge_sums);
}

}  // namespace ganymede::engine
