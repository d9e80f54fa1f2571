#include "run/tensorboard.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "run/write_plainly.hpp"

namespace ganymede::run {
namespace {

using ganymede::testing::FreshFolder;
using Json = nlohmann::json;

Json start() {
  return {{"event", "start"}, {"step", 0}, {"epoch", 0}, {"time_utc", "1970-01-02T00:00:00Z"}};
}
Json step(int number, double seconds) {
  return {{"event", "step"}, {"step", number}, {"generator_loss", number / 8.}, {"time_seconds", seconds}};
}

/// What the records of all files tell, those that every file begins with left out.
std::vector<std::string> told(const std::filesystem::path& folder) {
  std::vector<std::string> all;
  for (std::int64_t session = 1; session < 20; ++session) {
    const auto file = folder / tensorboard_name(session);
    if (!std::filesystem::exists(file)) continue;
    const std::string bytes = read_file(file);
    const TfRecords found = read_tf_records(bytes);
    for (std::size_t i = 2; i < found.records.size(); ++i) all.emplace_back(found.records[i]);
  }
  return all;
}

std::string told_of(int number, double wall_time) {
  return summary_event(wall_time, number, {{"step/generator_loss", number / 8.}});
}

constexpr double kDay = 86400;

TEST(TensorBoardLog, TellsEventsAsTheyCome) {
  const FreshFolder run;
  TensorBoardLog log(run.path(), run / "tensorboard", {});
  log.add(start().dump());
  for (const int i : {1, 2}) log.add(step(i, i).dump());
  EXPECT_EQ(told(run / "tensorboard"), (std::vector{told_of(1, kDay + 1), told_of(2, kDay + 2)}));
}

// Killed at step 5, resumed from the checkpoint of step 3: a record of step 3 is never there twice.
TEST(TensorBoardLog, OfAResumedRunIsThatOfOneThatNeverStopped) {
  const FreshFolder run;
  const std::vector<Json> kept{start(), step(1, 1), step(2, 2), step(3, 3)};
  {
    TensorBoardLog log(run.path(), run / "tensorboard", {});
    for (const Json& event : kept) log.add(event.dump());
    for (const int i : {4, 5}) log.add(step(i, i).dump());
  }
  const auto first = run / "tensorboard" / tensorboard_name(1);
  write_plainly(first, read_file(first) + tf_record("torn").substr(0, 9));
  {
    TensorBoardLog log(run.path(), run / "tensorboard", kept);
    EXPECT_EQ(told(run / "tensorboard").size(), 3U);
    for (const int i : {4, 5}) log.add(step(i, i - 3).dump());
  }
  EXPECT_EQ(told(run / "tensorboard"), (std::vector{told_of(1, kDay + 1), told_of(2, kDay + 2), told_of(3, kDay + 3),
                                                    told_of(4, kDay + 4), told_of(5, kDay + 5)}));
  const std::string second = read_file(run / "tensorboard" / tensorboard_name(2));
  EXPECT_EQ(read_tf_records(second).records[1], restart_event(kDay + 3, 4)) << "what a reader has to forget";
}

// The key was switched on late, or the last records were lost: the new file tells them first.
TEST(TensorBoardLog, TellsWhatIsMissing) {
  const FreshFolder run;
  const std::vector<Json> kept{start(), step(1, 1), step(2, 2), step(3, 3)};
  { const TensorBoardLog log(run.path(), run / "tensorboard", kept); }
  EXPECT_EQ(told(run / "tensorboard").size(), 3U);
  const auto first = run / "tensorboard" / tensorboard_name(1);
  const std::string bytes = read_file(first);
  write_plainly(first, bytes.substr(0, bytes.size() - 1));
  { const TensorBoardLog log(run.path(), run / "tensorboard", kept); }
  EXPECT_EQ(told(run / "tensorboard"), (std::vector{told_of(1, kDay + 1), told_of(2, kDay + 2), told_of(3, kDay + 3)}));
}

TEST(TensorBoardLog, ForgetsFilesOfWhichNothingIsKept) {
  const FreshFolder run;
  {
    TensorBoardLog log(run.path(), run / "tensorboard", {});
    log.add(step(1, 1).dump());
  }
  { const TensorBoardLog log(run.path(), run / "tensorboard", {}); }
  EXPECT_TRUE(told(run / "tensorboard").empty());
  EXPECT_FALSE(std::filesystem::exists(run / "tensorboard" / tensorboard_name(1)));
  EXPECT_TRUE(std::filesystem::exists(run / "tensorboard" / tensorboard_name(2)));
}

TEST(TensorBoardLog, LeavesOtherFilesAlone) {
  const FreshFolder run;
  std::filesystem::create_directories(run / "tensorboard");
  write_plainly(run / "tensorboard/events.out.tfevents.1700000000.host.17.0", "another program's");
  write_plainly(run / "tensorboard/notes.txt", "mine");
  { const TensorBoardLog log(run.path(), run / "tensorboard", {step(1, 1)}); }
  EXPECT_EQ(read_file(run / "tensorboard/events.out.tfevents.1700000000.host.17.0"), "another program's");
  EXPECT_EQ(read_file(run / "tensorboard/notes.txt"), "mine");
}

TEST(TensorBoardFile, HoldsPicturesOfEpochs) {
  const FreshFolder run;
  std::filesystem::create_directories(run / "samples");
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x2c\0\0\0\x05\x08\0", 26);
  write_plainly(run / "samples/epoch-0000.png", png);
  const Json epoch{{"event", "epoch"}, {"step", 4}, {"epoch", 1}, {"generator_loss", 2}};
  const std::string file = tensorboard_file(run.path(), {start(), epoch}, {{4, {"measures/frechet10k_x", 7}}});
  const TfRecords found = read_tf_records(file);
  ASSERT_EQ(found.records.size(), 5U);
  EXPECT_EQ(found.records[2], summary_event(kDay, 0, {}, {{"samples", png}}));
  EXPECT_EQ(found.records[3], summary_event(kDay, 4, {{"epoch/generator_loss", 2}})) << "its picture is gone";
  EXPECT_EQ(found.records[4], summary_event(kDay, 4, {{"measures/frechet10k_x", 7}}));
}

}  // namespace
}  // namespace ganymede::run
