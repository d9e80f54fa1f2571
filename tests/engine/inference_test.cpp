#include "engine/matches.hpp"
#include "engine/reference_game.hpp"

namespace ganymede::engine {
namespace {

// A step of one player moves the running statistics of both.
TEST(Inference, SeesTheRunningStatisticsThatAStepHasMoved) {
  const Match m = family(small_generator(), small_discriminator());
  auto fast = make_fast(m, 8, 2);
  ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = 8});
  slow.set_state(start(m));
  const Data data = make_data(m, 8, 0);
  const Inputs inputs{.count = 8, .values = data.z, .classes = {}};
  const Tensor before = fast->infer("generator", inputs).output;
  fast->step(data.batch(8, 0), Phase::discriminator);
  slow.step(data.batch(8, 0), Phase::discriminator);
  const Tensor after = fast->infer("generator", inputs).output;
  EXPECT_NE(after, before);
  expect_close({{"generator", after}}, {{"generator", slow.infer("generator", inputs, false, {}, {}).output}}, 1e-5,
               "inference");
}

}  // namespace
}  // namespace ganymede::engine
