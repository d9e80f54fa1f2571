#include <sys/resource.h>

#include <thread>

#include "base/mutate.hpp"
#include "serve/served.hpp"

namespace ganymede::serve {
namespace {

using Clock = std::chrono::steady_clock;

std::size_t entries_of(const char* folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// How much more the process may hold after all clients have gone; a sanitizer keeps back what was freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kSpareBytes = std::size_t{1} << 30;
#else
constexpr std::size_t kSpareBytes = std::size_t{64} << 20;
#endif

std::size_t resident_bytes() {
  std::size_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * 4096;
}

struct Hostile : Served {
  Hostile() {
    const run::RunDirectory run = make_run("a", run::RunState::paused);
    write(run.events_path(), step_line(1) + step_line(2));
    write(run.samples() / "large.png", std::string(4 << 20, 'x'));
  }
  /// Seconds until a client that wants nothing bad has its answer.
  double honest() {
    const auto begin = Clock::now();
    EXPECT_EQ(get("/api/v1/runs").status, 200);
    EXPECT_EQ(get("/api/v1/runs/a/files/samples/latest.png").body, "a picture");
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }
  /// What the process holds, once the server has let go of all clients.
  struct Held {
    std::size_t files, threads;
  };
  Held held() {
    for (int i = 0; i < 1000 && server->connections() > 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(server->connections(), 0U);
    return {entries_of("/proc/self/fd"), entries_of("/proc/self/task")};
  }
};

TEST_F(Hostile, AThousandMalformedRequestsAreAnsweredOrCutOff) {
  options.limits.request = std::chrono::milliseconds(1000);
  start();
  honest();
  const Held before = held();
  const std::string token = server->token();
  const std::vector<std::string> good = {
      request_text(port, "GET", "/api/v1/runs"),
      request_text(port, "GET", "/api/v1/runs/a/files/samples/large.png", {{"Range", "bytes=1-2"}}),
      request_text(port, "GET", "/api/v1/runs/a/events?from=3", {{"Last-Event-ID", "7"}}),
      request_text(port, "POST", "/api/v1/control", {{"X-Ganymede-Token", token}}, R"({"action":"pause","run":"a"})"),
      request_text(port, "POST", "/api/v1/control", {{"Transfer-Encoding", "chunked"}, {"X-Ganymede-Token", token}}) +
          "2\r\n{}\r\n0\r\n\r\n"};
  RandomSequence random(Random(1, "hostile"), 0);
  for (int i = 0; i < 1000; ++i) {
    Client client(port);
    client.send(ganymede::testing::mutate(good[static_cast<std::size_t>(i) % good.size()], random));
    client.end_sending();
    const std::string answer = client.until("\r\n\r\n");
    if (!answer.empty()) {
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 ")) << answer;
      EXPECT_FALSE(answer.starts_with("HTTP/1.1 500")) << answer;
    }
  }
  EXPECT_LT(honest(), 1);
  const Held after = held();
  EXPECT_EQ(after.files, before.files);
  EXPECT_EQ(after.threads, before.threads);
}

TEST_F(Hostile, WhatIsTooLongIsRefused) {
  start();
  const auto status_of = [&](const std::string& text) {
    Client client(port);
    client.send(text);
    return client.answer().status;
  };
  const Headers token = {{"X-Ganymede-Token", server->token()}};
  EXPECT_EQ(status_of(request_text(port, "GET", "/" + std::string(20'000, 'a'))), 431);
  EXPECT_EQ(status_of(request_text(port, "GET", "/", {{"X", std::string(20'000, 'a')}})), 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 5000; ++i) many += "X: y\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 431);
  EXPECT_EQ(status_of(request_text(port, "POST", "/api/v1/control", token, std::string(270'000, ' '))), 413);
  EXPECT_EQ(status_of("POST /api/v1/control HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n"), 413);
  const std::string brackets(60'000, '[');
  EXPECT_EQ(status_of(request_text(port, "POST", "/api/v1/control", token, brackets)), 400);
  for (const char* text : {"\x16\x03\x01\x02", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nA\r\n\r\n",
                           "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", "\r\n\r\n\r\n\r\n junk",
                           "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                           "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                           "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    Client client(port);
    client.send(text);
    client.end_sending();
    const int status = client.answer().status;
    EXPECT_TRUE(status == 400 || status == 421 || status == 0) << text << status;
  }
  EXPECT_LT(honest(), 1);
}

TEST_F(Hostile, ARequestThatDoesNotBecomeWholeIsCutOffHoweverSlowlyItComes) {
  options.limits.request = std::chrono::milliseconds(300);
  start();
  Client client(port);
  client.send("GET / HTTP/1.1\r\nX: ");
  const auto begin = Clock::now();
  while (client.send("x") && !client.ends_within(20) && Clock::now() - begin < std::chrono::seconds(5)) {
  }
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(3));
  EXPECT_EQ(held().threads, entries_of("/proc/self/task"));
}

TEST_F(Hostile, AClientThatStopsReadingIsCutOff) {
  options.limits.answer = std::chrono::milliseconds(300);
  start();
  const std::size_t memory = resident_bytes();
  std::vector<Client> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(port, 4096);
    clients.back().send(request_text(port, "GET", "/api/v1/runs/a/files/samples/large.png"));
  }
  EXPECT_LT(honest(), 1);
  held();  // all are gone, though no client has closed anything
  EXPECT_LT(resident_bytes(), memory + kSpareBytes);
}

TEST_F(Hostile, FiveHundredSlowClientsKeepNobodyWaiting) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < 2048) GTEST_SKIP() << "this system allows too few open files";
  options.limits.poll = Limits{}.poll;
  start();
  honest();
  const double alone = honest();  // milliseconds, but on a machine that is busy with other things
  const Held before = held();
  const std::size_t memory = resident_bytes();
  double slowest = 0;
  {
    std::vector<Client> clients;
    for (int i = 0; i < 500; ++i) {
      clients.emplace_back(port, 4096);
      const int kind = i % 4;
      if (kind == 0) clients.back().send("GET /api/v1/runs HTTP/1.1\r\nHost: 127");
      if (kind == 1) clients.back().send(request_text(port, "POST", "/api/v1/control", {}, "{}").substr(0, 80));
      if (kind == 2) clients.back().send(request_text(port, "GET", "/api/v1/runs/a/events"));
      if (kind == 3) clients.back().send(request_text(port, "GET", "/api/v1/runs/a/files/samples/large.png"));
      if (i % 50 == 49) slowest = std::max(slowest, honest());
    }
    EXPECT_GE(server->connections(), 490U);
    for (int round = 0; round < 5; ++round) {
      for (std::size_t i = 0; i < clients.size(); i += 4) clients[i].send("1");
      slowest = std::max(slowest, honest());
    }
    // More than there is room for: those that were silent for longest give way.
    for (int i = 0; i < 100; ++i) clients.emplace_back(port);
    slowest = std::max(slowest, honest());
    EXPECT_LE(server->connections(), options.limits.connections);
  }
  EXPECT_LT(slowest, 1 + 20 * alone);
  const Held after = held();
  EXPECT_EQ(after.files, before.files);
  EXPECT_EQ(after.threads, before.threads);
  EXPECT_LT(resident_bytes(), memory + kSpareBytes);
  RecordProperty("slowest_ms", static_cast<int>(1000 * slowest));
}

TEST_F(Hostile, TheServerEndsAtOnceWhateverItsClientsDo) {
  start();
  std::vector<Client> clients;
  for (int i = 0; i < 30; ++i) {
    clients.emplace_back(port, 4096);
    clients.back().send(
        request_text(port, "GET", i % 2 == 0 ? "/api/v1/runs/a/events" : "/api/v1/runs/a/files/samples/large.png"));
  }
  clients.emplace_back(port);
  clients.back().send("GET /");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto begin = Clock::now();
  server.reset();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(1));
}

}  // namespace
}  // namespace ganymede::serve
