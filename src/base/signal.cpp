#include "base/signal.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace ganymede {
namespace {

std::atomic<bool> stop_wanted{false};
std::atomic<int> signals_seen{0};
std::atomic<bool> line_open{false};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void on_stop_signal(int number) {
  const bool asked_before = number != SIGHUP && signals_seen.fetch_add(1) > 0;
  if (number == SIGINT && asked_before) {
    if (line_open.load()) {
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, "\n", 1);
    }
    ::_exit(130);
  }
  stop_wanted.store(true);
}

}  // namespace

void install_stop_handlers() {
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGTERM);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  struct sigaction before {};
  if (::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
    ::sigaction(SIGHUP, &action, nullptr);
  }
  ::signal(SIGPIPE, SIG_IGN);
}

void stop_on_signal(int number) {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_wanted.store(true); };
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

void make_file_limits_errors() {
  ::signal(SIGXFSZ, SIG_IGN);
}

bool stop_requested() {
  return stop_wanted.load(std::memory_order_relaxed);
}

void request_stop() {
  stop_wanted.store(true);
}

void clear_stop_request() {
  stop_wanted.store(false);
  signals_seen.store(0);
}

void set_terminal_line_open(bool open) {
  line_open.store(open);
}

}  // namespace ganymede
