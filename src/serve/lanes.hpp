#pragma once

#include <utility>  // Asio 1.74 lacks it

#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "serve/message.hpp"

// Of connection.cpp and server.cpp alone: includes Boost.

namespace ganymede::serve {

/// The one thread that runs models. Looks and pieces of long works take turns: a look waits for one piece at most,
/// however many maps are under way, and they go on however fast looks come.
class ModelLane {
 public:
  ModelLane() : thread_([this] { run(); }) {}
  ~ModelLane() { stop(); }
  ModelLane(const ModelLane&) = delete;
  ModelLane& operator=(const ModelLane&) = delete;

  void post(bool is_look, std::function<void()> work);
  /// What waits is dropped; returns when the work that runs has ended.
  void stop();

 private:
  void run();
  /// What is next; nothing if it is to stop.
  std::function<void()> take();

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> looks_, pieces_;
  bool was_look_ = false, stopped_ = false;
  std::thread thread_;
};

/// The threads behind all lanes.
class Lanes {
 public:
  Lanes();
  /// `work` must not throw.
  void post(Lane lane, std::function<void()> work);
  void stop();

 private:
  boost::asio::thread_pool readers_{4}, controller_{1}, librarian_{1}, player_{1};
  ModelLane models_;
};

}  // namespace ganymede::serve
