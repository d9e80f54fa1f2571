#include "serve/lanes.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

namespace ganymede::serve {

void ModelLane::post(bool is_look, std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    (is_look ? looks_ : pieces_).push_back(std::move(work));
  }
  came_.notify_one();
}

void ModelLane::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  came_.notify_one();
  if (thread_.joinable()) thread_.join();
  looks_.clear();
  pieces_.clear();
}

std::function<void()> ModelLane::take() {
  std::unique_lock lock(mutex_);
  came_.wait(lock, [this] { return stopped_ || !looks_.empty() || !pieces_.empty(); });
  if (stopped_) return {};
  was_look_ = !looks_.empty() && (pieces_.empty() || !was_look_);
  auto& from = was_look_ ? looks_ : pieces_;
  std::function<void()> work = std::move(from.front());
  from.pop_front();
  return work;
}

void ModelLane::run() {
  while (const std::function<void()> work = take()) work();
}

// A live game stands a little behind a training beside it: Linux counts niceness by thread. Far behind, it would get a
// tenth of a core where all are taken, and no frame would come in time.
Lanes::Lanes() {
  constexpr int kNice = 3;
  boost::asio::post(player_, [] { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNice); });
}

void Lanes::post(Lane lane, std::function<void()> work) {
  switch (lane) {
    case Lane::files:
      return boost::asio::post(readers_, std::move(work));
    case Lane::control:
      return boost::asio::post(controller_, std::move(work));
    case Lane::data:
      return boost::asio::post(librarian_, std::move(work));
    case Lane::games:
      return boost::asio::post(player_, std::move(work));
    case Lane::looks:
    case Lane::pieces:
      return models_.post(lane == Lane::looks, std::move(work));
  }
}

void Lanes::stop() {
  models_.stop();
  for (boost::asio::thread_pool* pool : {&readers_, &controller_, &librarian_, &player_}) {
    pool->stop();
    pool->join();
  }
}

}  // namespace ganymede::serve
