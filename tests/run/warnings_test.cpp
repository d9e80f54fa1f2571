#include "run/warnings.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "run/events.hpp"

namespace ganymede::run {
namespace {

TEST(OpenWarnings, AreThoseThatAreNotOver) {
  const ganymede::testing::FreshFolder folder;
  const auto path = folder / "events.jsonl";
  EXPECT_TRUE(open_warnings(path).empty());
  EventWriter events(path);
  const auto tell = [&](const char* kind, const char* reason) { events.write(Event(kind).set("reason", reason)); };
  tell("warning", "collapse");
  tell("warning", "loss");
  tell("stop", "a warning of another kind");
  tell("warning", "collapse");
  EXPECT_EQ(open_warnings(path), (std::vector<std::string>{"collapse", "loss"}));
  tell("recovered", "collapse");
  EXPECT_EQ(open_warnings(path), std::vector<std::string>{"loss"});
  tell("warning", "collapse");
  EXPECT_EQ(open_warnings(path), (std::vector<std::string>{"loss", "collapse"}));
}

TEST(OpenWarnings, PassOverLinesThatCannotBeRead) {
  const ganymede::testing::FreshFolder folder;
  write_file_atomically(folder / "events.jsonl",
                        "{\"event\": \"warning\", \"reason\": 3}\n{\"event\": \"warning\"\n[\"warning\"]\n"
                        "{\"event\": \"warning\", \"reason\": \"plateau\"}\n");
  EXPECT_EQ(open_warnings(folder / "events.jsonl"), std::vector<std::string>{"plateau"});
}

}  // namespace
}  // namespace ganymede::run
