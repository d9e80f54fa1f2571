#include "base/shell_word.hpp"

#include <gtest/gtest.h>

namespace ganymede {
namespace {

TEST(ShellWord, IsQuotedOnlyWhereAShellWouldReadMore) {
  EXPECT_EQ(shell_word("/tmp/my-hand_2.json"), "/tmp/my-hand_2.json");
  EXPECT_EQ(shell_word("my hand"), "'my hand'");
  EXPECT_EQ(shell_word("ann's $HOME"), "'ann'\\''s $HOME'");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("~/x"), "'~/x'");
}

}  // namespace
}  // namespace ganymede
