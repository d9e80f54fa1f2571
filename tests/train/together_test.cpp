#include "train/together.hpp"

#include <mutex>

#include "cluster/thread_group.hpp"
#include "run/recipe_file.hpp"
#include "train/fake_executor.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

Likeness usual() {
  return {.machine = "node0",
          .version = "0.1.0",
          .commit = "abc",
          .plan = "f32 avx512 transform/1",
          .recipe = run::to_toml(tiny_recipe()),
          .data = "00000001",
          .latent = "00000002"};
}

std::string reason_with(const std::function<void(Likeness&)>& change) {
  std::vector<Likeness> processes(3, usual());
  processes[2].machine = "node2";
  change(processes[2]);
  return unlike(processes);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Likeness, NamesTheProcessThatDiffersAndHow) {
  EXPECT_EQ(reason_with([](Likeness&) {}), "") << "the machine may be another";
  const std::string version = reason_with([](Likeness& one) { one.commit = "def"; });
  EXPECT_TRUE(has(version, "process 2 of 3 (on node2) is another version of the program: 0.1.0 def")) << version;
  const std::string level = reason_with([](Likeness& one) { one.plan = "f32 avx2 transform/1"; });
  EXPECT_TRUE(has(level, "process 2 of 3") && has(level, "f32 avx2 transform/1")) << level;
  const std::string data = reason_with([](Likeness& one) { one.data = "0000000f"; });
  EXPECT_TRUE(has(data, "process 2 of 3") && has(data, "content 0000000f, and not 00000001")) << data;
  const std::string latent = reason_with([](Likeness& one) { one.latent = "0000000f"; });
  EXPECT_TRUE(has(latent, "another partition")) << latent;
  const std::string recipe = reason_with([](Likeness& one) {
    run::Recipe other = tiny_recipe();
    other.train.batch = 2;
    one.recipe = run::to_toml(other);
  });
  EXPECT_TRUE(has(recipe, "train.batch: 4 -> 2")) << recipe;
  const std::string error = reason_with([](Likeness& one) { one.error = "mnist: not found"; });
  EXPECT_EQ(error, "process 2 of 3 (on node2): mnist: not found");
}

TEST(Likeness, ComesBackFromItsText) {
  Likeness likeness = usual();
  likeness.error = "a\nb";
  likeness.exit_code = 2;
  EXPECT_EQ(likeness_from_json(to_json(likeness)), likeness);
}

/// Makes executors without arithmetic, and keeps what they were asked.
class Watcher : public Observer {
 public:
  explicit Watcher(std::int64_t stop_at) : stop_at_(stop_at) {}
  bool may_stop(const Moment& m) override { return m.position.tick == stop_at_; }
  void on_step(const Moment& m) override {
    if (throw_at > 0 && m.position.tick == throw_at) throw GuardError("the disk is full");
  }
  std::int64_t throw_at = 0;

 private:
  std::int64_t stop_at_;
};

struct Process {
  explicit Process(cluster::Group* group) : loop(recipe, feed, executor, group) {}
  run::Recipe recipe = tiny_recipe();
  data::Dataset dataset = numbered_images(10);
  run::Networks networks = networks_for(recipe, dataset);
  Feed feed{dataset, recipe, networks};
  FakeExecutor executor{networks.generator, networks.discriminator, {}};
  Loop loop;
};

TEST(LoopTogether, EndsAtTheSameUpdateWhoeverAsks) {
  for (const int asks : {0, 2}) {
    cluster::together(4, [&](cluster::Group& group) {
      Process process(&group);
      Watcher watcher(group.rank() == asks ? 3 : 0);
      process.loop.add(watcher);
      EXPECT_EQ(process.loop.run(), Ending::interrupted);
      EXPECT_EQ(process.loop.state().position.tick, 3) << "process " << group.rank();
    });
  }
}

TEST(LoopTogether, EndsEverywhereWhereOneObserverThrows) {
  std::mutex mutex;
  int told = 0;
  cluster::together(4, [&](cluster::Group& group) {
    Process process(&group);
    Watcher watcher(0);
    if (group.is_first()) watcher.throw_at = 2;
    process.loop.add(watcher);
    try {
      process.loop.run();
      ADD_FAILURE() << "process " << group.rank() << " goes on";
    } catch (const cluster::SaidByFirst& error) {
      const std::scoped_lock lock(mutex);
      ++told;
      EXPECT_EQ(error.exit_code(), 3);
    } catch (const GuardError& error) {
      EXPECT_STREQ(error.what(), "the disk is full");
    }
    EXPECT_TRUE(group.failed_together);
  });
  EXPECT_EQ(told, 3);
}

}  // namespace
}  // namespace ganymede::train
