#include "base/claim.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <vector>

#include "base/file.hpp"
#include "base/fresh_folder.hpp"

namespace ganymede {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

void put_old_claim_of_another_machine(const fs::path& path) {
  std::ofstream(path) << "1 elsewhere pid:[1]\n.elsewhere-1-0\n";
  fs::last_write_time(path, fs::file_time_type::clock::now() - 1h);
}

TEST(Claim, IsTakenOnceAndGivenBack) {
  const testing::FreshFolder folder;
  const fs::path path = folder / "below" / "run";
  {
    const auto mine = Claim::take(path);
    ASSERT_TRUE(mine);
    EXPECT_FALSE(Claim::take(path));
    EXPECT_NE(Claim::holder(path).find(std::to_string(getpid())), std::string::npos);
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(Claim::holder(path), "");
  EXPECT_TRUE(Claim::take(path));
  EXPECT_EQ(std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()), 0)
      << "nothing is left";
}

TEST(Claim, OfAProcessOfThisMachineThatIsGoneIsTakenAtOnce) {
  const testing::FreshFolder folder;
  const fs::path path = folder / "run";
  const pid_t child = fork();
  if (child == 0) {
    const auto its = Claim::take(path);
    _exit(its ? 0 : 1);  // without giving it back
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(fs::exists(path));
  EXPECT_TRUE(Claim::take(path));
}

TEST(Claim, OfAnotherMachineIsTakenWhenItIsNoLongerTouched) {
  const testing::FreshFolder folder;
  const fs::path path = folder / "run";
  std::ofstream(path) << "1 elsewhere pid:[1]\n.elsewhere-1-0\n";
  EXPECT_FALSE(Claim::take(path)) << "its holder may live";
  EXPECT_EQ(Claim::holder(path), "process 1 on elsewhere");
  put_old_claim_of_another_machine(path);
  EXPECT_TRUE(Claim::take(path));
}

TEST(Claim, IsTouchedWhileItIsHeld) {
  const testing::FreshFolder folder;
  const fs::path path = folder / "run";
  const auto mine = Claim::take(path, Claim::kStaleAfter, 5ms);
  const auto before = fs::last_write_time(path);
  for (int i = 0; i < 1000 && fs::last_write_time(path) == before; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_GT(fs::last_write_time(path), before);
}

TEST(Claim, GoesToOneOfManyWhoFindAnOldOne) {
  for (int round = 0; round < 20; ++round) {
    const testing::FreshFolder folder;
    const fs::path path = folder / "run";
    put_old_claim_of_another_machine(path);
    std::vector<std::optional<Claim>> taken(8);
    std::vector<std::thread> threads;
    threads.reserve(taken.size());
    for (auto& one : taken) threads.emplace_back([&] { one = Claim::take(path); });
    for (std::thread& thread : threads) thread.join();
    int count = 0;
    for (const auto& one : taken) count += one ? 1 : 0;
    EXPECT_EQ(count, 1);
  }
}

}  // namespace
}  // namespace ganymede
