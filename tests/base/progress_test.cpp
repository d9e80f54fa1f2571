#include "base/progress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace ganymede {
namespace {

// A progress whose time is set by hand and whose output is kept.
struct Stage {
  double now = 100;
  std::ostringstream out;

  ProgressOptions options(ProgressStyle style, int columns = 80) {
    ProgressOptions result;
    result.style = style;
    result.columns = columns;
    result.out = &out;
    result.clock = [this] { return now; };
    return result;
  }

  std::string take() {
    std::string text = out.str();
    out.str("");
    return text;
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(ProgressBar, ShowsEverything) {
  Stage stage;
  Progress progress("epoch 1/3", 1000, stage.options(ProgressStyle::bar));
  stage.now += 10;
  progress.update(250, "d 1.31  g 0.82");
  EXPECT_EQ(stage.take(), "\repoch 1/3  [##---------]   25 %  0:10, 0:30 left  25.0 images/s  d 1.31  g 0.82\x1b[K");
}

TEST(ProgressBar, NeverReachesTheLastColumn) {
  for (int columns = 1; columns < 140; ++columns) {
    Stage stage;
    Progress progress("epoch 1/3 of the größte", 1000, stage.options(ProgressStyle::bar, columns));
    for (const double done : {1.0, 333.0, 999.0, 1000.0}) {
      stage.now += 7;
      progress.update(done, "d 1.31  g 0.82");
      std::string line = stage.take();
      ASSERT_TRUE(line.starts_with("\r") && line.ends_with("\x1b[K"));
      line = line.substr(1, line.size() - 4);
      EXPECT_LE(display_width(line), columns - 1) << line;
      EXPECT_EQ(line.find('\n'), std::string::npos);
    }
  }
}

TEST(ProgressBar, IsRedrawnTenTimesASecondAtMost) {
  Stage stage;
  Progress progress("x", 10000, stage.options(ProgressStyle::bar));
  for (int step = 1; step <= 1000; ++step) {
    stage.now += 0.001;
    progress.update(step);
  }
  const std::string text = stage.take();
  const auto draws = std::count(text.begin(), text.end(), '\r');
  EXPECT_GE(draws, 9);
  EXPECT_LE(draws, 10);
}

TEST(ProgressBar, FinishShowsTheLastStateAndTheMeanRate) {
  Stage stage;
  Progress progress("data", 1000, stage.options(ProgressStyle::bar, 60));
  stage.now += 1;
  progress.update(900);
  stage.now += 9;
  progress.update(1000, "last");
  stage.take();
  progress.finish();
  EXPECT_EQ(stage.take(), "\rdata  [##################]  100 %  0:10  100 images/s  last\x1b[K\n");
  progress.finish();
  progress.update(1000);
  EXPECT_EQ(stage.take(), "");
}

TEST(ProgressBar, MessagesStandAboveIt) {
  Stage stage;
  Progress progress("x", 100, stage.options(ProgressStyle::bar, 40));
  progress.message("before the first draw");
  EXPECT_EQ(stage.take(), "before the first draw\n");
  stage.now += 1;
  progress.update(50);
  const std::string bar = stage.take();
  progress.message("checkpoint written");
  EXPECT_EQ(stage.take(), "\r\x1b[Kcheckpoint written\n" + bar);
}

TEST(ProgressBar, EndsItsLineWhenItIsDestroyed) {
  Stage stage;
  {
    Progress progress("x", 100, stage.options(ProgressStyle::bar));
    stage.now += 1;
    progress.update(50);
    stage.take();
  }
  EXPECT_EQ(stage.take(), "\n");
  { Progress progress("x", 100, stage.options(ProgressStyle::bar)); }
  EXPECT_EQ(stage.take(), "");
}

TEST(ProgressBar, SaysHundredPercentOnlyAtTheEnd) {
  Stage stage;
  Progress progress("x", 1000, stage.options(ProgressStyle::bar));
  stage.now += 1;
  progress.update(999.9);
  EXPECT_NE(stage.take().find(" 99 %"), std::string::npos);
  stage.now += 1;
  progress.update(1200);  // more than was expected
  EXPECT_NE(stage.take().find("100 %"), std::string::npos);
}

TEST(ProgressLines, ComeAtASensiblePace) {
  Stage stage;
  Progress progress("x", 1000, stage.options(ProgressStyle::lines));
  for (int second = 1; second <= 100; ++second) {  // a tenth of the work every 10 s
    stage.now += 1;
    progress.update(second * 10);
  }
  EXPECT_EQ(lines_of(stage.take()).size(), 10u);
}

TEST(ProgressLines, AreFewForShortWork) {
  Stage stage;
  Progress progress("x", 1000, stage.options(ProgressStyle::lines));
  for (int tenth = 1; tenth <= 30; ++tenth) {  // three seconds
    stage.now += 0.1;
    progress.update(tenth * 33);
  }
  EXPECT_LE(lines_of(stage.take()).size(), 3u);
  progress.finish();
  const std::string last = stage.take();
  EXPECT_EQ(last, "x   99 %  0:03  330 images/s\n");
}

TEST(ProgressLines, BecomeRarerInLongWork) {
  Stage stage;
  Progress progress("x", 1e9, stage.options(ProgressStyle::lines));
  for (int second = 1; second <= 36000; ++second) {  // ten hours
    stage.now += 1;
    progress.update(second);
  }
  const std::size_t count = lines_of(stage.take()).size();
  EXPECT_GE(count, 590u);  // one a minute
  EXPECT_LE(count, 640u);
}

TEST(ProgressLines, HoldNoControlCharacters) {
  Stage stage;
  Progress progress("x", 100, stage.options(ProgressStyle::lines));
  stage.now += 11;
  progress.update(50, "d 1.31");
  progress.message("note");
  progress.finish();
  EXPECT_EQ(stage.take(),
            "x   50 %  0:11, 0:11 left  4.55 images/s  d 1.31\nnote\nx   50 %  0:11  4.55 images/s  d 1.31\n");
}

TEST(ProgressQuiet, PrintsNothing) {
  Stage stage;
  {
    Progress progress("x", 100, stage.options(ProgressStyle::quiet));
    stage.now += 100;
    progress.update(50, "text");
    progress.message("note");
    progress.finish();
  }
  EXPECT_EQ(stage.take(), "");
}

TEST(ProgressAutomatic, DrawsNoBarIntoAStream) {
  Stage stage;
  Progress progress("x", 100, stage.options(ProgressStyle::automatic));
  stage.now += 11;
  progress.update(50);
  EXPECT_EQ(stage.take().find_first_of("\r\x1b"), std::string::npos);
}

TEST(ProgressRate, FollowsAChangeSmoothly) {
  Stage stage;
  Progress progress("x", 1e6, stage.options(ProgressStyle::quiet));
  EXPECT_EQ(progress.rate(), 0);
  EXPECT_LT(progress.seconds_left(), 0);

  Progress shown("x", 1e6, stage.options(ProgressStyle::bar));
  double done = 0;
  const auto run = [&](double seconds, double rate) {
    for (int i = 0; i < std::lround(seconds * 10); ++i) {
      stage.now += 0.1001;
      shown.update(done += rate * 0.1001);
    }
  };
  run(60, 100);
  EXPECT_NEAR(shown.rate(), 100, 1e-6);
  EXPECT_NEAR(shown.seconds_left(), (1e6 - done) / 100, 1e-2);
  run(1, 300);
  EXPECT_GT(shown.rate(), 105);  // moves at once
  EXPECT_LT(shown.rate(), 150);  // but one second does not turn it over
  run(60, 300);
  EXPECT_NEAR(shown.rate(), 300, 1);
}

TEST(ProgressRate, DoesNotCountWhatWasDoneBefore) {
  Stage stage;
  ProgressOptions options = stage.options(ProgressStyle::bar);
  options.start = 900;
  Progress progress("x", 1000, options);
  stage.now += 10;
  progress.update(950);
  EXPECT_NEAR(progress.rate(), 5, 1e-9);
  EXPECT_NEAR(progress.seconds_left(), 10, 1e-9);
  stage.take();
  progress.finish();
  EXPECT_NE(stage.take().find(" 5.00 images/s"), std::string::npos);
}

TEST(ProgressBar, OfUnknownLengthShowsTheAmount) {
  Stage stage;
  ProgressOptions options = stage.options(ProgressStyle::bar);
  options.unit = "B";
  Progress progress("mnist", 0, options);
  stage.now += 2;
  progress.update(5e6);
  EXPECT_EQ(stage.take(), "\rmnist  5.00 MB  0:02  2.50 MB/s\x1b[K");
}

}  // namespace
}  // namespace ganymede
