#include <gtest/gtest.h>

#include <cstdio>
#include <span>
#include <vector>

#include "base/child_process.hpp"
#include "base/environment.hpp"
#include "engine/executor.hpp"
#include "net/families.hpp"

namespace ganymede::engine {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// Whether a model says how much it takes: the process grows by that. In a process of its own, whose allocator
// holds back nothing large of what came before.
bool tells_what_it_takes(const net::Network& network, bool alone) {
  testing::ChildProcess child([&] {
    const NamedTensors weights = net::initialise(network, 1);
    const std::uint64_t before = peak_memory_bytes();
    Model model(network, 64, 1);
    model.load(weights);
    const std::vector<float> z(64 * 100);
    model.infer({.count = 64, .values = z});
    if (alone) model.infer({.count = 1, .values = std::span(z).first(100), .by_itself = true});
    const double said = static_cast<double>(model.memory_bytes());
    const double grown = static_cast<double>(peak_memory_bytes() - before);
    std::fprintf(stderr, "said %.1f MB, grown by %.1f\n", said / 1e6, grown / 1e6);
    constexpr double kProgram = 16e6;  // code that runs for the first time, inputs, results
    return said > 0.97 * (grown - kProgram) && said < 1.1 * grown ? 0 : 1;
  });
  return child.wait() == 0;
}

TEST(ModelMemory, IsWhatTheProcessGrowsBy) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's allocator takes more";
  if (!reset_peak_memory()) GTEST_SKIP() << "the system does not tell a peak";
  EXPECT_TRUE(tells_what_it_takes(net::photo_generator({.image_size = 32}), false));
  EXPECT_TRUE(tells_what_it_takes(net::photo_generator({.image_size = 32}), true));
  EXPECT_TRUE(tells_what_it_takes(net::digits_generator({.latent_dim = 100}), true));
}

}  // namespace
}  // namespace ganymede::engine
