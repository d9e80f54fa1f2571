#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "evaluate/doctor/diagnosis.hpp"

namespace ganymede::evaluate {
namespace {

TEST(EveryFailure, IsInTheDocs) {
  const std::string page = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/doctor.md");
  for (const Failure& f : failures()) {
    const std::string row =
        fmt::format("| `{}` | {} | {} | {} |\n", f.name, f.signs, f.for_checkups, f.waits ? "yes" : "no");
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace ganymede::evaluate
