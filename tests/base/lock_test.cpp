#include "base/lock.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <optional>
#include <string>
#include <thread>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"

namespace ganymede {
namespace {

using testing::ChildProcess;
using testing::FreshFolder;

TEST(FileLock, SecondOneIsToldWhoHoldsIt) {
  const FreshFolder folder;
  const FileLock lock(folder / "run.lock");
  const std::string pid = std::to_string(::getpid());
  EXPECT_EQ(read_file(folder / "run.lock"), pid + "\n");
  EXPECT_EQ(FileLock::holder(folder / "run.lock"), ::getpid());
  try {
    const FileLock second(folder / "run.lock");
    FAIL() << "taken twice";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("in use by process " + pid), std::string::npos) << error.what();
    EXPECT_EQ(error.exit_code(), 2);
  }
}

TEST(FileLock, ReplacesALinkAndWritesNothingThroughIt) {
  const FreshFolder folder;
  write_file_atomically(folder / "theirs", "precious");
  std::filesystem::create_symlink(folder / "theirs", folder / "run.lock");
  const FileLock lock(folder / "run.lock");
  EXPECT_EQ(read_file(folder / "theirs"), "precious");
  EXPECT_EQ(read_file(folder / "run.lock"), std::to_string(::getpid()) + "\n");
}

TEST(FileLock, LeavesTheOtherNamesOfItsFileAlone) {
  const FreshFolder folder;
  write_file_atomically(folder / "theirs", "precious");
  std::filesystem::create_hard_link(folder / "theirs", folder / "run.lock");
  {
    const FileLock lock(folder / "run.lock");
    EXPECT_EQ(read_file(folder / "run.lock"), std::to_string(::getpid()) + "\n");
    EXPECT_THROW(FileLock(folder / "run.lock"), UserError) << "held under its name";
  }
  EXPECT_EQ(read_file(folder / "theirs"), "precious");
}

// A lock in use is not replaced because somebody has given its file a second name.
TEST(FileLock, HoldsWhenItsFileGetsAnotherName) {
  const FreshFolder folder;
  const FileLock lock(folder / "run.lock");
  std::filesystem::create_hard_link(folder / "run.lock", folder / "backup");
  EXPECT_THROW(FileLock(folder / "run.lock"), UserError);
}

TEST(FileLock, IsFreeAfterItsScope) {
  const FreshFolder folder;
  { const FileLock lock(folder / "run.lock"); }
  EXPECT_EQ(FileLock::holder(folder / "run.lock"), std::nullopt);
  EXPECT_EQ(read_file(folder / "run.lock"), "");
  EXPECT_NO_THROW(FileLock(folder / "run.lock"));
}

TEST(FileLock, MovesWithItsOwner) {
  const FreshFolder folder;
  std::optional<FileLock> first(folder / "a.lock");
  FileLock second = std::move(*first);
  first.reset();
  EXPECT_EQ(FileLock::holder(folder / "a.lock"), ::getpid());
  second = FileLock(folder / "b.lock");
  EXPECT_EQ(FileLock::holder(folder / "a.lock"), std::nullopt);
  EXPECT_EQ(FileLock::holder(folder / "b.lock"), ::getpid());
}

TEST(FileLock, ExcludesOtherProcessesAndEndsWithTheirDeath) {
  const FreshFolder folder;
  const auto path = folder / "run.lock";
  ChildProcess child([&] {
    const FileLock lock(path);
    for (;;) ::pause();
    return 0;
  });
  while (FileLock::holder(path).value_or(0) != child.pid()) std::this_thread::yield();
  EXPECT_THROW(FileLock{path}, UserError);
  child.kill();
  EXPECT_EQ(FileLock::holder(path), std::nullopt);
  EXPECT_NO_THROW(FileLock{path});
}

TEST(FileLock, NobodyHoldsAMissingFile) {
  const FreshFolder folder;
  EXPECT_EQ(FileLock::holder(folder / "none"), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(folder / "none"));
  EXPECT_THROW(FileLock(folder / "none/run.lock"), DataError);
}

TEST(WaitingLock, WaitsForOtherThreadsAndProcesses) {
  const FreshFolder folder;
  const std::filesystem::path path = folder / "lock", count = folder / "count";
  write_file_atomically(count, "0");
  const auto add = [&] {
    for (int i = 0; i < 200; ++i) {
      const WaitingLock lock(path);
      write_file_atomically(count, std::to_string(std::stoi(read_file(count)) + 1));
    }
    return 0;
  };
  ChildProcess child(add);
  std::thread beside(add);
  add();
  beside.join();
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(read_file(count), "600");
}

TEST(WaitingLock, SaysWhyItIsNotHeld) {
  const FreshFolder folder;
  EXPECT_EQ(WaitingLock(folder / "none" / "lock").fault(), ENOENT);
  std::filesystem::create_symlink(folder / "other", folder / "link");
  EXPECT_EQ(WaitingLock(folder / "link").fault(), ELOOP);
  EXPECT_FALSE(std::filesystem::exists(folder / "other"));
  EXPECT_EQ(WaitingLock(folder / "lock").fault(), 0);
}

}  // namespace
}  // namespace ganymede
