#include "fit/show_progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace ganymede::fit {
namespace {

/// What is drawn of a fit of so many steps that each take so long.
std::string drawn(std::int64_t steps, double seconds_a_step) {
  std::ostringstream out;
  double now = 0;
  Progress progress("fit", static_cast<double>(steps),
                    {.style = ProgressStyle::lines, .unit = "steps", .out = &out, .clock = [&] { return now; }});
  const OnProgress on_progress = show_progress(progress);
  for (std::int64_t step = 1; step <= steps; ++step) {
    now += seconds_a_step;
    EXPECT_TRUE(on_progress({.step = step, .steps = steps, .loss = 0.5}));
  }
  return out.str();
}

TEST(ShowProgress, TellsTheTimeToGoByThePaceOfTheFirstSteps) {
  const std::string text = drawn(1000, 0.5);
  const std::string said = "about 8 min 10 s to go, by the pace of its first 20 steps";  // 980 of them at 2 a second
  const std::size_t at = text.find(said);
  ASSERT_NE(at, std::string::npos) << text;
  EXPECT_EQ(text.find("about", at + 1), std::string::npos) << "once";
}

TEST(ShowProgress, SaysNothingOfAShortFit) {
  EXPECT_EQ(drawn(1000, 0.001).find("to go"), std::string::npos);
}

}  // namespace
}  // namespace ganymede::fit
