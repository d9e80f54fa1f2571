#include <regex>
#include <thread>

#include "run/events.hpp"
#include "serve/digest.hpp"
#include "serve/served.hpp"

namespace ganymede::serve {
namespace {

struct Followers : Served {
  /// Follows a run's events; the head of the answer is taken off.
  Client follow(const std::string& run, const std::string& query = "", const Headers& headers = {}) {
    Client client(port);
    client.send(request_text(port, "GET", "/api/v1/runs/" + run + "/events" + query, headers));
    EXPECT_TRUE(client.until("\r\n\r\n").starts_with("HTTP/1.1 200"));
    return client;
  }
  /// Follows a run to the last of three lines.
  Client follow_three_lines(const run::RunDirectory& run) {
    write(run.events_path(), step_line(1) + step_line(2) + step_line(3));
    start();
    Client client = follow(run.name());
    client.until("\"step\": 3");
    return client;
  }
  /// The ids of the lines (not of other events) in what was received.
  static std::vector<std::size_t> ids_of(const std::string& text) {
    std::vector<std::size_t> ids;
    const std::regex line("(^|[\r\n])id: ([0-9]+)\ndata: \\{\"event\"");
    for (std::sregex_iterator i(text.begin(), text.end(), line), end; i != end; ++i) ids.push_back(std::stoul((*i)[2]));
    return ids;
  }
};

TEST_F(Followers, EveryLineComesWithTheOffsetBehindIt) {
  write(make_run("a").events_path(), step_line(1) + step_line(2));
  start();
  const std::string text = follow("a").rest();
  EXPECT_NE(text.find("event: state\nid: 0\ndata: {\"state\":\"finished\",\"alive\":false}"), std::string::npos)
      << text;
  const std::size_t first = step_line(1).size();
  EXPECT_EQ(ids_of(text), (std::vector<std::size_t>{first, first + step_line(2).size()}));
}

TEST_F(Followers, AFinishedRunsStreamEnds) {
  make_run("a");
  start();
  Client client(port);
  client.send(request_text(port, "GET", "/api/v1/runs/a/events"));
  const std::string text = client.rest();
  EXPECT_NE(text.find("event: end\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\r\n0\r\n\r\n"));  // whole, not cut off
}

TEST_F(Followers, TheyGoOnWhereTheyWereCutOff) {
  write(make_run("a").events_path(), step_line(1) + step_line(2) + step_line(3));
  const std::size_t line = step_line(1).size();
  start();
  const std::string from = std::to_string(line);
  const std::vector<std::size_t> wanted = {2 * line, 3 * line};
  EXPECT_EQ(ids_of(follow("a", "?from=" + from).rest()), wanted);
  EXPECT_EQ(ids_of(follow("a", "?from=0", {{"Last-Event-ID", from}}).rest()),
            wanted);  // browsers send it by themselves
  EXPECT_EQ(get("/api/v1/runs/a/events?from=x").status, 400);
  EXPECT_EQ(get("/api/v1/runs/a/events?from=-1").status, 400);
}

TEST_F(Followers, LinesComeAsTheyAreWritten) {
  const run::RunDirectory run = make_run("a", run::RunState::running);
  start();
  Client client = follow("a");
  client.until("\"start\"");
  write(run.events_path(), step_line(1).substr(0, 20), true);  // torn: waits for its end
  EXPECT_EQ(client.until("\"generator_loss\"", 100).find("\"event\""), std::string::npos);
  write(run.events_path(), step_line(1).substr(20), true);
  EXPECT_NE(client.until("\"generator_loss\"").find("{\"event\": \"step\", \"step\": 1,"), std::string::npos);
}

TEST_F(Followers, ACutByAResumeIsToldAndFollowed) {
  const run::RunDirectory run = make_run("a", run::RunState::running);
  Client client = follow_three_lines(run);
  const std::size_t line = step_line(1).size();
  fs::resize_file(run.events_path(), line);
  EXPECT_NE(client.until("{\"bytes\":" + std::to_string(line) + "}").find("event: cut"), std::string::npos);
  write(run.events_path(), step_line(7), true);
  EXPECT_NE(client.until("\"step\": 7").find("id: " + std::to_string(line + step_line(7).size())), std::string::npos);
}

TEST_F(Followers, ACutThatHasGrownAgainIsSeenToo) {
  const run::RunDirectory run = make_run("a", run::RunState::running);
  Client client = follow_three_lines(run);
  const std::size_t line = step_line(1).size();
  // In one go, between two looks: the first line stays, others of the same length take the places.
  write(run.path() / "next", step_line(1) + step_line(8) + step_line(9) + step_line(6));
  fs::rename(run.path() / "next", run.events_path());
  const std::string text = client.until("\"step\": 6");
  EXPECT_NE(text.find("event: cut\nid: " + std::to_string(line) + "\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\"step\": 8"), std::string::npos);
}

TEST_F(Followers, AnOffsetThatIsNoLinesStartBeginsAnew) {
  make_run("a");
  start();
  for (const char* from : {"?from=5", "?from=999999"}) {
    const std::string text = follow("a", from).until("\"start\"");
    EXPECT_NE(text.find("event: cut\nid: 0\ndata: {\"bytes\":0}"), std::string::npos) << text;
  }
}

TEST_F(Followers, StatesComeAndARemovedRunEnds) {
  auto run = std::make_unique<run::RunDirectory>(make_run("a", run::RunState::running));
  start();
  Client client = follow("a");
  client.until("\"running\"");
  run::RunInfo info = run->info();
  info.state = run::RunState::paused;
  run->write_info(info);
  run.reset();
  EXPECT_NE(client.until("\"paused\"").find("event: state"), std::string::npos);
  write(folder / "a" / "events.jsonl", step_line(1));
  client.until("\"step\": 1");
  fs::remove_all(folder / "a");
  const std::string last = client.rest();
  EXPECT_NE(last.find("event: end"), std::string::npos);
  EXPECT_EQ(last.find("event: cut"), std::string::npos) << "what was seen stands";
}

TEST_F(Followers, OneTooManyIsToldSo) {
  make_run("a", run::RunState::paused);
  options.limits.streams = 2;
  start();
  {
    const Client first = follow("a"), second = follow("a");
    EXPECT_EQ(get("/api/v1/runs/a/events").status, 503);
    EXPECT_EQ(get("/api/v1/runs").status, 200);
  }
  // Their places are free again as soon as they have gone.
  int status = 503;
  for (int i = 0; i < 100 && status == 503; ++i) {
    Client client(port);
    client.send(request_text(port, "GET", "/api/v1/runs/a/events"));
    status = std::stoi(client.until("\r\n\r\n").substr(9, 3));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(status, 200);
}

TEST(Digest, EndsAWarningThatIsOver) {
  const ganymede::testing::FreshFolder folder;
  run::EventWriter events(folder / "events.jsonl");
  events.write(run::Event("warning").set("reason", "collapse").set("epoch", 3));
  events.write(run::Event("warning").set("reason", "loss").set("epoch", 4));
  events.write(run::Event("recovered").set("reason", "collapse").set("epoch", 5));
  Digest digest;
  digest.read(folder.path());
  ASSERT_EQ(digest.warnings().size(), 2U);
  EXPECT_EQ(run::json_of(digest.warnings()[0]).at("until_epoch"), 5);
  EXPECT_FALSE(run::json_of(digest.warnings()[1]).contains("until_epoch"));
}

TEST(Digest, ReadsOnlyWhatIsNewAndAllAfterACut) {
  const ganymede::testing::FreshFolder run;
  const auto losses = [](const Digest& digest) {
    std::vector<double> values;
    for (const auto& loss : digest.losses()) values.push_back(loss.discriminator);
    return values;
  };
  Digest digest;
  digest.read(run);
  EXPECT_TRUE(digest.losses().empty());
  write(run / "events.jsonl", step_line(1) + step_line(2) + "{\"event\": \"st");
  digest.read(run);
  EXPECT_EQ(losses(digest), (std::vector<double>{1, 2}));
  write(run / "events.jsonl", "ep\"}\nno json\n[]\n" + step_line(3), true);
  digest.read(run);
  EXPECT_EQ(digest.step(), 3);
  EXPECT_EQ(digest.losses().back().discriminator, 3);
  write(run / "events.jsonl", step_line(1) + step_line(8) + step_line(9));
  digest.read(run);
  EXPECT_EQ(losses(digest), (std::vector<double>{1, 8, 9}));
  std::string many;
  for (int step = 1; step <= 5000; ++step) many += step_line(step);
  write(run / "events.jsonl", many);
  digest.read(run);
  EXPECT_EQ(digest.losses().size(), 60U);
  EXPECT_EQ(digest.losses().front().discriminator, 4941);
  write(run / "events.jsonl", std::string(3 << 20, 'x'));  // a line without an end
  digest.read(run);
  EXPECT_TRUE(digest.losses().empty());
}

}  // namespace
}  // namespace ganymede::serve
