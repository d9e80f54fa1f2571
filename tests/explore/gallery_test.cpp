#include "explore/gallery.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "explore/tiny.hpp"
#include "explore/weights.hpp"
#include "run/checkpoint.hpp"

namespace ganymede::explore {
namespace {

using testing::TinyRuns;

constexpr std::int64_t kPlenty = 1LL << 40;

/// A newer checkpoint that is not whole: loading passes it over with a word.
std::filesystem::path damage_newest(const run::RunDirectory& run) {
  std::filesystem::path damaged = run.checkpoints() / "step-000099999.safetensors";
  std::filesystem::copy_file(run::list_checkpoints(run.checkpoints()).back(), damaged);
  std::filesystem::resize_file(damaged, 100);
  return damaged;
}

struct Halls : ::testing::Test {
  TinyRuns tiny;
  run::RunDirectory a = tiny.train("a"), b = tiny.train("b"), c = tiny.train("c");
  const play::Backend& backend = engine::cpu_backend();
};

TEST_F(Halls, KeepsWhatWasOpened) {
  Gallery gallery(backend, {.threads = 1, .most_bytes = kPlenty});
  const auto first = gallery.open(a);
  EXPECT_EQ(gallery.open(a), first);
  EXPECT_NE(gallery.open(a, {.plan = Plan::quick}), first);
  EXPECT_NE(gallery.open(a, {.epoch = 0}), first);
  EXPECT_NE(gallery.open(b), first);
  EXPECT_EQ(gallery.count(), 4U);
  EXPECT_EQ(first->file, load_weights(a).file);
  EXPECT_EQ(first->generator.about().epoch, 1U);
  EXPECT_EQ(gallery.open(a, {.epoch = 0})->generator.about().epoch, 0U);
}

TEST_F(Halls, TheLeastRecentlyAskedForGoesFirst) {
  Gallery whole(backend, {.threads = 1, .most_bytes = kPlenty});
  const std::int64_t one = whole.open(a)->generator.bytes();
  Gallery gallery(backend, {.threads = 1, .most_bytes = 2 * one + one / 2});  // room for two
  const TrainedGenerator* const of_a = &gallery.open(a)->generator;
  gallery.open(b);
  EXPECT_EQ(&gallery.open(a)->generator, of_a);  // b is the older now
  gallery.open(c);
  EXPECT_EQ(gallery.count(), 2U);
  EXPECT_LE(gallery.bytes(), 2 * one + one / 2);
  const std::weak_ptr<Exhibit> still = gallery.open(a);
  EXPECT_EQ(&still.lock()->generator, of_a) << "a was asked for after b";
  gallery.open(b);  // in the place of c
  EXPECT_FALSE(still.expired());
  gallery.open(c);  // in the place of a
  EXPECT_TRUE(still.expired());
}

TEST_F(Halls, NobodyLosesWhatIsHeld) {
  Gallery gallery(backend, {.threads = 1, .most_bytes = 0});
  auto held = gallery.open(a);
  const Tensor before = held->generator.draw(3, 4);
  const std::weak_ptr<Exhibit> of_b = gallery.open(b);
  EXPECT_FALSE(of_b.expired()) << "the last one stays until another is asked for";
  gallery.open(c);
  EXPECT_TRUE(of_b.expired());
  EXPECT_EQ(gallery.open(a), held);
  EXPECT_EQ(held->generator.draw(3, 4), before);
  const std::weak_ptr<Exhibit> of_a = held;
  held.reset();
  gallery.open(b);
  EXPECT_TRUE(of_a.expired());
}

TEST_F(Halls, WhatIsCompiledLaterCountsAtTheNextOpening) {
  Gallery gallery(backend, {.threads = 1, .most_bytes = kPlenty});
  const auto held = gallery.open(a);
  const std::int64_t before = gallery.bytes();
  held->generator.draw(0, 1);
  EXPECT_GT(gallery.bytes(), before);
}

TEST_F(Halls, LoadsAgainWhenTheFileIsAnother) {
  Gallery gallery(backend, {.threads = 1, .most_bytes = kPlenty});
  const auto first = gallery.open(a);
  const auto file = first->file;
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + std::chrono::seconds(2));
  EXPECT_NE(gallery.open(a), first);
  EXPECT_THROW(gallery.open(a, {.epoch = 7}), DataError);
}

TEST_F(Halls, SaysWhatIsToBeKnownOnce) {
  const std::filesystem::path damaged = damage_newest(a);
  std::vector<std::string> said;
  Gallery gallery(backend, {.threads = 1, .say = [&](const std::string& line) { said.push_back(line); }});
  const auto held = gallery.open(a);
  EXPECT_EQ(gallery.open(a), held);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find(damaged.filename().string()), std::string::npos) << said[0];
}

TEST_F(Halls, NobodyWaitsForWeightsThatOthersLoad) {
  damage_newest(a);  // so that loading says a word
  bool answered = false;
  Gallery* gallery = nullptr;
  Gallery made(backend, {.threads = 1, .most_bytes = kPlenty, .say = [&](const std::string&) {
                           auto other = std::async(std::launch::async, [&] { return gallery->open(b); });
                           answered = other.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
                         }});
  gallery = &made;
  made.open(a);
  EXPECT_TRUE(answered);
  EXPECT_EQ(made.count(), 2U);
}

TEST_F(Halls, LoadOnceWhatSeveralAskFor) {
  Gallery gallery(backend, {.threads = 1, .most_bytes = kPlenty});
  std::vector<std::future<std::shared_ptr<Exhibit>>> asked;
  for (int i = 0; i < 8; ++i)
    asked.push_back(std::async(std::launch::async, [&, i] { return gallery.open(i % 2 == 0 ? a : b); }));
  std::vector<std::shared_ptr<Exhibit>> found;
  for (auto& one : asked) found.push_back(one.get());
  for (std::size_t i = 2; i < found.size(); ++i) EXPECT_EQ(found[i], found[i - 2]);
  EXPECT_EQ(gallery.count(), 2U);
}

TEST_F(Halls, WhatCannotBeLoadedIsAskedForAgain) {
  Gallery gallery(backend, {.threads = 1});
  for (int i = 0; i < 2; ++i) EXPECT_THROW(gallery.open(a, {.checkpoint = a.events_path().string()}), DataError);
  EXPECT_EQ(gallery.count(), 0U);
}

// Threads that draw, look inside and map at once, with generators that come and go, all see what one alone sees.
TEST_F(Halls, GivesTheSameBitsToSeveralThreads) {
  const std::vector<const run::RunDirectory*> runs{&a, &b, &c};
  const auto work = [](Gallery& gallery, const run::RunDirectory& run, std::uint64_t seed) {
    const auto exhibit = gallery.open(run);
    TrainedGenerator& generator = exhibit->generator;
    std::vector<Tensor> found{generator.draw(seed, 9)};
    const Dissection inside = generator.inspect(generator.samples(seed, 2), {"act1"});
    found.push_back(inside.layers[0].values);
    found.push_back(
        generator.walk(generator.samples(seed, 1).z, generator.samples(seed + 1, 1).z, {.steps = 3}).pictures);
    return found;
  };
  Gallery alone(backend, {.threads = 1, .most_bytes = kPlenty});
  Gallery crowded(backend, {.threads = 2, .most_bytes = 0});
  constexpr std::size_t kThreads = 4, kRounds = 6;
  std::vector<std::vector<std::vector<Tensor>>> found(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t round = 0; round < kRounds; ++round)
        found[t].push_back(work(crowded, *runs[(t + round) % runs.size()], 10 * t + round));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t t = 0; t < kThreads; ++t) {
    for (std::size_t round = 0; round < kRounds; ++round)
      EXPECT_EQ(found[t][round], work(alone, *runs[(t + round) % runs.size()], 10 * t + round)) << t << " " << round;
  }
}

}  // namespace
}  // namespace ganymede::explore
