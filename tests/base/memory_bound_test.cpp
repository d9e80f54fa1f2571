#include "base/memory_bound.hpp"

#include <gtest/gtest.h>

#include "base/environment.hpp"
#include "base/error.hpp"

namespace ganymede {
namespace {

TEST(MemoryBound, IsTheMachinesMemory) {
  EXPECT_GT(physical_memory_bytes(), std::uint64_t{1} << 28);
  check_memory(physical_memory_bytes(), "a/file");
  EXPECT_THROW(check_memory(physical_memory_bytes() + 1, "a/file"), DataError);
  try {
    check_memory(std::uint64_t{1} << 62, "a/file");
    FAIL();
  } catch (const DataError& e) {
    EXPECT_TRUE(std::string(e.what()).starts_with("a/file: would take 4.61 EB of memory, more than the ")) << e.what();
  }
}

}  // namespace
}  // namespace ganymede
