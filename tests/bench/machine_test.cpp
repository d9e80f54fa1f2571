#include "bench/machine.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ganymede::bench {
namespace {

const Budget kBrief{.seconds = 0.02, .warm_up = 0, .least = 3, .most = 3};

TEST(MeasurePeak, AddsUpTheThreads) {
  const Spread peak = measure_peak(kernels::PeakKind::f32, 1, kBrief);
  EXPECT_EQ(peak.count, 5);
  EXPECT_GT(peak.least, 1e8);  // slower than any CPU that the program supports
}

TEST(MeasureStart, RunsTheProgram) {
  EXPECT_EQ(measure_start("/bin/true", kBrief).count, 3);
}

TEST(MeasureStart, ReportsAProgramThatFails) {
  EXPECT_THROW(measure_start("/bin/false", kBrief), Error);
  EXPECT_THROW(measure_start("/nowhere/program", kBrief), Error);
}

TEST(ThisProgram, IsTheTest) {
  EXPECT_EQ(this_program().filename(), "bench_test");
}

}  // namespace
}  // namespace ganymede::bench
