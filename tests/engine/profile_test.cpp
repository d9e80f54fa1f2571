#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "base/philox.hpp"
#include "engine/executor.hpp"
#include "engine/plan/pass_clock.hpp"
#include "net/families.hpp"

namespace ganymede::engine {
namespace {

constexpr int kBatch = 3;
constexpr int kClasses = 2;

/// A conditional game with BatchNorm: joins, copies and norms are passes too.
std::unique_ptr<Executor> make_executor(bool profile) {
  const net::Network generator = net::digits_generator(
      {.latent_dim = 4, .classes = kClasses, .condition = net::Condition::embedding, .width = 8, .image_size = 12});
  const net::Network discriminator = net::digits_discriminator(
      {.classes = kClasses, .condition = net::Condition::embedding, .width = 8, .image_size = 12, .dropout = 0.2F});
  auto executor = make_cpu_executor(generator, discriminator, {.batch = kBatch, .threads = 1, .profile = profile});
  NamedTensors state = net::initialise(generator, 1);
  for (auto& [name, tensor] : net::initialise(discriminator, 2)) state[name] = tensor;
  executor->set_state(state);
  return executor;
}

void take_steps(Executor& executor, int steps, Phase phase = Phase::both) {
  std::vector<float> real(std::size_t{kBatch} * 12 * 12, 0.5F);
  std::vector<float> z(std::size_t{kBatch} * 4);
  const std::vector<std::int32_t> classes = {0, 1, 1};
  for (int step = 0; step < steps; ++step) {
    Random(1, "z").normal(static_cast<std::uint32_t>(step), z);
    executor.step({.count = kBatch,
                   .real = real,
                   .z = z,
                   .real_classes = classes,
                   .fake_classes = classes,
                   .step = static_cast<std::uint32_t>(step)},
                  phase);
  }
}

auto line(const PassInfo& p) {
  return std::tuple(p.network, p.node, p.pass, p.kernel, p.flops);
}

const PassTime* find(const std::vector<PassTime>& times, const std::string& network, const std::string& node,
                     const std::string& pass) {
  for (const PassTime& t : times) {
    if (t.pass.network == network && t.pass.node.starts_with(node) && t.pass.pass == pass) return &t;
  }
  return nullptr;
}

TEST(Profile, TimesEveryPassOfThePlanInEveryStep) {
  const auto executor = make_executor(true);
  take_steps(*executor, 4);
  const std::vector<PassTime> times = executor->profile();
  for (const PassInfo& pass : executor->plan()) {
    const auto found =
        std::find_if(times.begin(), times.end(), [&](const PassTime& t) { return line(t.pass) == line(pass); });
    ASSERT_NE(found, times.end()) << pass.network << " " << pass.node << " " << pass.pass;
    EXPECT_EQ(found->runs, 4) << pass.network << " " << pass.node << " " << pass.pass;
    EXPECT_GT(found->seconds, 0) << pass.network << " " << pass.node << " " << pass.pass;
  }
  for (const char* name : {"copy", "loss"}) {
    const auto found = std::find_if(times.begin(), times.end(), [&](const PassTime& t) { return t.pass.pass == name; });
    ASSERT_NE(found, times.end()) << name;
    EXPECT_EQ(found->runs, 4) << name;
  }
}

TEST(Profile, CountsTheSamplesThatWentThroughAPass) {
  const auto executor = make_executor(true);
  take_steps(*executor, 2);
  const std::vector<PassTime> times = executor->profile();
  EXPECT_EQ(find(times, "generator", "conv", "forward")->samples, 2 * kBatch);
  EXPECT_EQ(find(times, "discriminator", "conv", "forward")->samples, 2 * 2 * kBatch);
  EXPECT_EQ(find(times, "discriminator", "conv", "backward weights")->samples, 2 * 2 * kBatch);
}

TEST(Profile, LeavesOutWhatAPhaseDoesNot) {
  const auto executor = make_executor(true);
  take_steps(*executor, 1, Phase::generator);
  const std::vector<PassTime> times = executor->profile();
  EXPECT_EQ(find(times, "discriminator", "conv", "backward weights")->runs, 0);
  EXPECT_EQ(find(times, "discriminator", "all", "update")->runs, 0);
  EXPECT_EQ(find(times, "discriminator", "conv", "backward data")->runs, 1);
  EXPECT_EQ(find(times, "generator", "conv", "backward weights")->runs, 1);
}

TEST(Profile, StartsAnewAfterReset) {
  const auto executor = make_executor(true);
  take_steps(*executor, 3);
  executor->reset_profile();
  EXPECT_EQ(executor->profile().front().runs, 0);
  EXPECT_EQ(executor->profile().front().seconds, 0);
  take_steps(*executor, 1);
  EXPECT_EQ(executor->profile().front().runs, 1);
}

TEST(Profile, IsEmptyUnlessAskedFor) {
  const auto executor = make_executor(false);
  take_steps(*executor, 1);
  EXPECT_TRUE(executor->profile().empty());
}

TEST(Profile, ChangesNoBit) {
  const auto timed = make_executor(true);
  const auto plain = make_executor(false);
  take_steps(*timed, 2);
  take_steps(*plain, 2);
  EXPECT_EQ(timed->state(), plain->state());
}

TEST(PassClock, GivesThePartThatHasNoLineOfItsOwnToTheOneThatHas) {
  PassClock clock;
  clock.begin_step();
  clock.mark(&clock, PassPart::forward, 5);
  clock.mark(&clock, PassPart::backward_weights, 5);
  clock.mark(&clock, PassPart::backward_data, 5);
  const auto seconds = [&](const char* pass, bool splits) {
    return clock.time_of(&clock, {.pass = pass}, splits).seconds;
  };
  const double forward = clock.total(&clock, PassPart::forward).seconds;
  const double weights = clock.total(&clock, PassPart::backward_weights).seconds;
  const double data = clock.total(&clock, PassPart::backward_data).seconds;
  EXPECT_EQ(seconds("forward", true), forward);
  EXPECT_EQ(seconds("backward weights", true), weights);
  EXPECT_EQ(seconds("backward data", true), data);
  EXPECT_EQ(seconds("backward weights", false), weights + data);
  EXPECT_EQ(seconds("backward", false), weights + data);
  EXPECT_EQ(seconds("forward, backward", false), forward + weights + data);
}

}  // namespace
}  // namespace ganymede::engine
