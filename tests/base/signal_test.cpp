#include "base/signal.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "base/child_process.hpp"

namespace ganymede {
namespace {

using testing::ChildProcess;

TEST(StopSignals, FirstAsksAndCtrlCAfterItEndsTheProcess) {
  for (const int first : {SIGINT, SIGTERM}) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ChildProcess child([&] {
      ::dup2(ends[1], STDERR_FILENO);
      install_stop_handlers();
      set_terminal_line_open(true);
      if (stop_requested()) return 1;
      ::raise(first);
      if (!stop_requested()) return 2;
      ::raise(SIGINT);
      return 3;
    });
    ::close(ends[1]);
    EXPECT_EQ(child.wait(), 130);
    char written[8];
    EXPECT_EQ(::read(ends[0], written, sizeof written), 1);
    EXPECT_EQ(written[0], '\n');
    ::close(ends[0]);
  }
}

// Two servers on one folder may each pause a run.
TEST(StopSignals, TerminationAsksHoweverOftenItComes) {
  ChildProcess child([] {
    install_stop_handlers();
    ::raise(SIGTERM);
    ::raise(SIGTERM);
    return stop_requested() ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

// Shell and system may both send it when a terminal closes.
TEST(StopSignals, HangUpAsksHoweverOftenItComes) {
  ChildProcess child([] {
    ::signal(SIGHUP, SIG_DFL);
    install_stop_handlers();
    ::raise(SIGHUP);
    ::raise(SIGHUP);
    return stop_requested() ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(StopSignals, RequestOfTheProgramDoesNotCountAsASignal) {
  ChildProcess child([] {
    install_stop_handlers();
    request_stop();
    if (!stop_requested()) return 1;
    ::raise(SIGINT);
    clear_stop_request();
    if (stop_requested()) return 2;
    ::raise(SIGINT);
    return stop_requested() ? 0 : 3;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(StopSignals, InterruptedReadsGoOn) {
  int ready[2], data[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(data), 0);
  ChildProcess child([&] {
    install_stop_handlers();
    char byte = 0;
    if (::write(ready[1], "r", 1) != 1) return 1;
    return ::read(data[0], &byte, 1) == 1 && byte == 'x' && stop_requested() ? 0 : 2;
  });
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::usleep(20000);  // time for the child to be inside its read
  ::kill(child.pid(), SIGTERM);
  ::usleep(20000);
  EXPECT_EQ(::write(data[1], "x", 1), 1);
  EXPECT_EQ(child.wait(), 0);
  for (const int end : {ready[0], ready[1], data[0], data[1]}) ::close(end);
}

}  // namespace
}  // namespace ganymede
