#include "run/events.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "run/fault_of.hpp"
#include "run/write_plainly.hpp"

namespace ganymede::run {
namespace {

using ganymede::testing::FreshFolder;

std::string event_fault(const std::filesystem::path& path) {
  return fault_of([&] { read_events(path); });
}

TEST(Event, KeepsItsFieldsInOrder) {
  const Event event = Event("epoch")
                          .set("epoch", 3)
                          .set("generator_loss", 0.1)
                          .set("good", true)
                          .set("seed", std::uint64_t{18446744073709551615U})
                          .set("text", "a \"b\"\n")
                          .set("time_seconds", 12.5);
  EXPECT_EQ(event.line(),
            R"({"event": "epoch", "epoch": 3, "generator_loss": 0.1, "good": true, "seed": 18446744073709551615, )"
            R"("text": "a \"b\"\n", "time_seconds": 12.5})");
}

TEST(Event, StaysJsonWithoutFiniteNumbersOrUtf8) {
  const Event event = Event("x").set("a", std::nan("")).set("b", INFINITY).set("c", -INFINITY).set("d", "\xff");
  const auto json = nlohmann::json::parse(event.line());
  EXPECT_EQ(json["a"], "nan");
  EXPECT_EQ(json["b"], "inf");
  EXPECT_EQ(json["c"], "-inf");
}

TEST(Event, WritesDoublesThatReadBackToTheBit) {
  RandomSequence random(Random(1, "event"), 0);
  for (int i = 0; i < 1000; ++i) {
    const double value = random.normal() * std::exp2(static_cast<double>(random.below(200)) - 100);
    EXPECT_EQ(nlohmann::json::parse(Event("x").set("v", value).line())["v"].get<double>(), value);
  }
}

TEST(EventWriter, AppendsLinesThatReadBack) {
  const FreshFolder folder;
  EXPECT_TRUE(read_events(folder / "events.jsonl").empty()) << "no file yet";
  {
    EventWriter writer(folder / "events.jsonl");
    writer.write(Event("start"));
    writer.write(Event("epoch").set("epoch", 1));
    EXPECT_EQ(writer.bytes(), read_file(folder / "events.jsonl").size()) << "not kept in a buffer";
  }
  EventWriter(folder / "events.jsonl").write(Event("end"));
  const auto events = read_events(folder / "events.jsonl");
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[1]["epoch"], 1);
  EXPECT_EQ(events[2]["event"], "end");
}

TEST(EventWriter, CutsTheFileOnResume) {
  const FreshFolder folder;
  std::uint64_t kept = 0;
  {
    EventWriter writer(folder / "events.jsonl");
    writer.write(Event("a"));
    kept = writer.bytes();
    writer.write(Event("b"));
  }
  EventWriter writer(folder / "events.jsonl", kept);
  writer.write(Event("c"));
  EXPECT_EQ(read_event_lines(folder / "events.jsonl"),
            (std::vector<std::string>{R"({"event": "a"})", R"({"event": "c"})"}));
  EXPECT_THROW(EventWriter(folder / "events.jsonl", 1000), DataError);
}

TEST(EventWriter, CutsATornLastLineOff) {
  const FreshFolder folder;
  write_plainly(folder / "events.jsonl", "{\"event\": \"a\"}\n{\"eve");
  EXPECT_EQ(read_events(folder / "events.jsonl").size(), 1u) << "the reader leaves it out";
  EventWriter(folder / "events.jsonl").write(Event("b"));
  EXPECT_EQ(read_events(folder / "events.jsonl").size(), 2u);
}

TEST(EventReader, NamesTheDamagedLine) {
  const FreshFolder folder;
  const auto path = folder / "events.jsonl";
  write_plainly(path, "{\"event\": \"a\"}\n{\"event\": \n{\"event\": \"c\"}\n");
  EXPECT_TRUE(event_fault(path).starts_with(path.string() + ":2: no JSON; the file is damaged: ")) << event_fault(path);
  write_plainly(path, "{\"event\": \"a\"}\n3\n");
  EXPECT_EQ(event_fault(path), path.string() + ":2: not an event (a JSON object with \"event\"); the file is damaged");
}

TEST(EventReader, SurvivesMutations) {
  const FreshFolder folder;
  RandomSequence random(Random(5, "events"), 0);
  std::string text;
  for (int i = 0; i < 20; ++i)
    text += Event("epoch").set("epoch", i).set("loss", 0.5 * i).set("note", "ä").line() + "\n";
  for (int i = 0; i < 300; ++i) {
    write_plainly(folder / "e", ganymede::testing::mutate(text, random));
    try {
      EXPECT_LE(read_events(folder / "e").size(), 100u);
    } catch (const DataError&) {
    }
  }
}

TEST(WithoutTimes, LeavesEverythingElse) {
  EXPECT_EQ(without_times(R"({"event": "e", "time_seconds": 3, "loss": 0.1, "time_rate": 2})"),
            R"({"event":"e","loss":0.1})");
}

}  // namespace
}  // namespace ganymede::run
