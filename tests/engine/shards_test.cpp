#include <mutex>

#include "cluster/thread_group.hpp"
#include "engine/matches.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

ExecutorConfig sharded(const Match& m, int shards, cluster::Group* group = nullptr, int threads = 1) {
  return {.game = m.game, .batch = 40, .threads = threads, .seed = 9, .shards = shards, .group = group};
}

std::unique_ptr<Executor> make_sharded(const Match& m, const ExecutorConfig& config) {
  auto executor = make_cpu_executor(m.generator, m.discriminator, config);
  executor->set_state(start(m));
  return executor;
}

/// Two steps of both players, one of each alone, and a shorter batch; its losses are `losses`.
NamedTensors play(const Match& m, const ExecutorConfig& config, std::vector<double>* losses = nullptr) {
  auto executor = make_sharded(m, config);
  std::uint32_t number = 0;
  for (const Phase phase : {Phase::both, Phase::discriminator, Phase::generator, Phase::both, Phase::both}) {
    const std::int64_t count = number == 4 ? 22 : 40;
    const Data data = make_data(m, count, number);
    const StepResult result = executor->step(data.batch(count, number++), phase);
    if (losses == nullptr) continue;
    for (const double loss : {result.generator_loss, result.discriminator_loss, result.real_accuracy})
      losses->push_back(loss);
    for (const GradientNorm& norm : result.gradient_norms) losses->push_back(norm.norm);
  }
  return executor->state();
}

// BatchNorm in both networks, dropout, rrelu, classes: everything that a shard has of its own.
Match everything() {
  Match m = noisy_match();
  auto d = small_discriminator();
  d.norm = net::Norm::batch;
  d.dropout = 0.3F;
  d.classes = 3;
  d.condition = net::Condition::embedding;
  m.discriminator = net::digits_discriminator(d);
  m.game.ema_decay = 0.9;
  return m;
}

// Samples by themselves: a batch in shards is the batch.
Match uncoupled() {
  auto g = small_generator();
  auto d = small_discriminator();
  g.norm = d.norm = net::Norm::none;
  return family(g, d);
}

TEST(Shards, GiveTheSameBitsForOneTwoAndFourProcesses) {
  Match with_penalty = uncoupled();
  with_penalty.game.penalty = Penalty::wgan_gp;
  for (const Match& m : {everything(), with_penalty}) {
    std::vector<double> losses;
    const NamedTensors alone = play(m, sharded(m, 4), &losses);
    for (const int size : {2, 4}) {
      std::mutex mutex;
      cluster::together(size, [&](cluster::Group& group) {
        std::vector<double> its_losses;
        const NamedTensors its = play(m, sharded(m, 4, &group), &its_losses);
        const std::scoped_lock lock(mutex);
        EXPECT_TRUE(its == alone) << "process " << group.rank() << " of " << size;
        EXPECT_EQ(its_losses, losses) << "process " << group.rank() << " of " << size;
      });
    }
  }
}

TEST(Shards, GiveTheSameBitsWhateverTheThreads) {
  const Match m = everything();
  EXPECT_TRUE(play(m, sharded(m, 2, nullptr, 1)) == play(m, sharded(m, 2, nullptr, 2)));
}

TEST(Shards, OneIsTheBatchAsItIs) {
  const Match m = everything();
  auto whole = make_fast(m, 40, 1);
  auto one = make_sharded(m, sharded(m, 1));
  const Data data = make_data(m, 40, 0);
  whole->step(data.batch(40, 0), Phase::both);
  one->step(data.batch(40, 0), Phase::both);
  EXPECT_TRUE(whole->state() == one->state());
}

TEST(Shards, OfIndependentSamplesGiveTheGradientsOfTheBatch) {
  Match m = uncoupled();
  for (const Penalty penalty : {Penalty::none, Penalty::r1}) {
    m.game.penalty = penalty;
    auto whole = make_sharded(m, sharded(m, 1));
    auto cut = make_sharded(m, sharded(m, 4));
    for (const std::int64_t count : {40, 22}) {
      const Data data = make_data(m, count, 0);
      cut->set_state(whole->state());
      const StepResult w = whole->step(data.batch(count, 0), Phase::both);
      const StepResult c = cut->step(data.batch(count, 0), Phase::both);
      expect_close(cut->gradients(), whole->gradients(), 1e-5, "gradient");
      EXPECT_NEAR(c.generator_loss, w.generator_loss, 1e-6);
      EXPECT_NEAR(c.discriminator_loss, w.discriminator_loss, 1e-6);
      EXPECT_NEAR(c.real_accuracy, w.real_accuracy, 1e-12);
      EXPECT_NEAR(c.penalty.value_or(0), w.penalty.value_or(0), 1e-6);
    }
  }
}

// Of four shards of ten: what four games make of ten samples each, from the same state.
TEST(Shards, GiveTheMeanOfSmallBatchesAndOfTheirRunningStatistics) {
  Match m = family(small_generator(), small_discriminator());
  auto d = small_discriminator();
  d.norm = net::Norm::batch;
  m.discriminator = net::digits_discriminator(d);
  auto cut = make_sharded(m, sharded(m, 4));
  const Data data = make_data(m, 40, 0);
  cut->step(data.batch(40, 0), Phase::both);
  NamedTensors gradients, state;
  const auto add_quarter = [](NamedTensors& sum, const NamedTensors& some) {
    for (const auto& [name, tensor] : some) {
      if (tensor.dtype() != DType::f32) continue;
      Tensor& into = sum.try_emplace(name, DType::f32, tensor.shape()).first->second;
      for (std::size_t i = 0; i < into.values<float>().size(); ++i)
        into.values<float>()[i] += tensor.values<float>()[i] / 4;
    }
  };
  for (int part = 0; part < 4; ++part) {
    auto small = make_fast(m, 10, 1);
    Data some = data;
    const auto from = [&](std::vector<float>& values) {
      const auto each = static_cast<std::ptrdiff_t>(values.size() / 4);
      values = std::vector<float>(values.begin() + part * each, values.begin() + (part + 1) * each);
    };
    from(some.real);
    from(some.z);
    small->step(some.batch(10, 0), Phase::both);
    add_quarter(gradients, small->gradients());
    add_quarter(state, small->state());
  }
  expect_close(cut->gradients(), gradients, 1e-5, "gradient");
  NamedTensors running;
  for (const auto& [name, tensor] : state) {
    if (name.find("running_") != std::string::npos) running[name] = tensor;
  }
  ASSERT_GE(running.size(), 4U);
  expect_close(cut->state(), running, 1e-5, "statistics");
}

// With statistics of the whole batch, BatchNorm sees it as if it were not cut.
TEST(Shards, WithStatisticsOfTheBatchGiveItsGradientsThroughBatchNorm) {
  Match m = family(small_generator(), small_discriminator());
  auto d = small_discriminator();
  d.norm = net::Norm::batch;
  m.discriminator = net::digits_discriminator(d);
  for (const std::int64_t count : {40, 22}) {
    auto whole = make_sharded(m, sharded(m, 1));
    ExecutorConfig config = sharded(m, 4);
    config.statistics = ShardStatistics::batch;
    auto cut = make_sharded(m, config);
    const Data data = make_data(m, count, 0);
    whole->step(data.batch(count, 0), Phase::both);
    cut->step(data.batch(count, 0), Phase::both);
    expect_close(cut->gradients(), whole->gradients(), 2e-5, "gradient");
    NamedTensors running;
    for (const auto& [name, tensor] : whole->state()) {
      if (name.find("running_") != std::string::npos) running[name] = tensor;
    }
    expect_close(cut->state(), running, 1e-5, "statistics");
  }
}

TEST(Shards, WithStatisticsOfTheBatchGiveTheSameBitsForOneTwoAndFourProcesses) {
  const Match m = everything();
  ExecutorConfig config = sharded(m, 4);
  config.statistics = ShardStatistics::batch;
  const NamedTensors alone = play(m, config);
  config.threads = 3;
  EXPECT_TRUE(play(m, config) == alone) << "threads";
  for (const int size : {2, 4}) {
    std::mutex mutex;
    cluster::together(size, [&](cluster::Group& group) {
      ExecutorConfig its = sharded(m, 4, &group);
      its.statistics = ShardStatistics::batch;
      const NamedTensors state = play(m, its);
      const std::scoped_lock lock(mutex);
      EXPECT_TRUE(state == alone) << "process " << group.rank() << " of " << size;
    });
  }
}

TEST(Shards, DrawEachFromASeedOfItsOwn) {
  EXPECT_EQ(shard_seed(5, 0), 5U);
  EXPECT_NE(shard_seed(5, 1), shard_seed(5, 2));
  EXPECT_NE(shard_seed(5, 1), shard_seed(6, 1));
  // The same sample in both halves: without a draw of its own, the halves would be the same batch twice.
  Match m = uncoupled();
  auto d = small_discriminator();
  d.norm = net::Norm::none;
  d.dropout = 0.5F;
  m.discriminator = net::digits_discriminator(d);
  Data data = make_data(m, 40, 0);
  for (std::vector<float>* values : {&data.real, &data.z})
    std::copy_n(values->begin(), values->size() / 2, values->begin() + static_cast<std::ptrdiff_t>(values->size() / 2));
  auto cut = make_sharded(m, sharded(m, 2));
  auto half = make_fast(m, 20, 1);
  cut->step(data.batch(40, 0), Phase::both);
  Data first = data;
  first.real.resize(first.real.size() / 2);
  first.z.resize(first.z.size() / 2);
  half->step(first.batch(20, 0), Phase::both);
  EXPECT_FALSE(cut->gradients() == half->gradients());
}

TEST(Shards, AllRefuseAStepOfWhichOneIsNotFinite) {
  const Match m = uncoupled();
  Data data = make_data(m, 40, 0);
  data.real[data.real.size() - 1] = std::numeric_limits<float>::quiet_NaN();  // in the last shard
  cluster::together(2, [&](cluster::Group& group) {
    auto executor = make_sharded(m, sharded(m, 2, &group));
    const NamedTensors before = executor->state();
    EXPECT_THROW(executor->step(data.batch(40, 0), Phase::both), NonFiniteError) << group.rank();
    EXPECT_TRUE(executor->state() == before) << group.rank();
  });
}

TEST(Shards, GiveTheLossesOfTheStepToCome) {
  const Match m = everything();
  auto executor = make_sharded(m, sharded(m, 2));
  const Data data = make_data(m, 40, 0);
  const NamedTensors before = executor->state();
  const StepResult told = executor->losses(data.batch(40, 0));
  EXPECT_TRUE(executor->state() == before);
  const StepResult taken = executor->step(data.batch(40, 0), Phase::both);
  EXPECT_EQ(told.generator_loss, taken.generator_loss);
  EXPECT_EQ(told.discriminator_loss, taken.discriminator_loss);
}

TEST(Shards, NeedLessMemoryThanTheBatch) {
  const Match m = uncoupled();
  EXPECT_LT(make_sharded(m, sharded(m, 8))->memory_bytes(), make_sharded(m, sharded(m, 1))->memory_bytes());
}

TEST(Shards, RefuseWhatTheyCannotDoByName) {
  Match m = uncoupled();
  EXPECT_THROW(make_sharded(m, sharded(m, 3)), ConfigError);
  cluster::together(4, [&](cluster::Group& group) {
    EXPECT_THROW(make_sharded(m, sharded(m, 2, &group)), ConfigError) << "more processes than shards";
  });
  auto executor = make_sharded(m, sharded(m, 8));
  const Data data = make_data(m, 7, 0);
  EXPECT_THROW(executor->step(data.batch(7, 0), Phase::both), ShapeError) << "fewer samples than shards";
  m.game.unroll = 2;
  EXPECT_THROW(make_sharded(m, sharded(m, 2)), ConfigError);
}

}  // namespace
}  // namespace ganymede::engine
