#include "evaluate/doctor/doctor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "evaluate/doctor/diagnosis.hpp"
#include "evaluate/tiny.hpp"
#include "explore/weights.hpp"
#include "run/events.hpp"

namespace ganymede::evaluate {
namespace {

struct DoctorOfRuns : ::testing::Test {
  DoctorOfRuns() {
    tiny.train_on_points("ring", 10240);
    tiny.recipe.train.batch = 256;
    tiny.recipe.train.epochs = 12;
    tiny.recipe.latent.dim = 2;
    tiny.session.observers.emplace_back([this](const train::ObserverContext& context) {
      return make_doctor(context, 1, [this](const std::string& line) { said.push_back(line); });
    });
  }
  // G stays where it begins: near one place.
  void make_lazy() {
    tiny.recipe.generator.initializer = "normal";
    tiny.recipe.generator.initializer_scale = 0.01;
    tiny.recipe.generator.optimizer.learning_rate = 1e-9;
  }
  static std::vector<nlohmann::json> told_by(const run::RunDirectory& run, const std::string& kind) {
    std::vector<nlohmann::json> told;
    for (auto event : run::read_events(run.events_path())) {
      event.erase("time_seconds");
      if (event.at("event") == kind) told.push_back(event);
    }
    return told;
  }
  static int count_of(const std::vector<nlohmann::json>& warnings, const std::string& reason) {
    return static_cast<int>(
        std::ranges::count_if(warnings, [&](const nlohmann::json& w) { return w.at("reason") == reason; }));
  }
  testing::TinyRuns tiny;
  std::vector<std::string> said;
};

TEST_F(DoctorOfRuns, TakesACheckupAfterEveryEpoch) {
  tiny.recipe.train.epochs = 3;
  const auto checkups = checkups_in(run::read_events(tiny.train("a").events_path()));
  ASSERT_EQ(checkups.size(), 3U);
  EXPECT_FALSE(checkups[0].moved);
  for (const Checkup& c : checkups) {
    EXPECT_GT(c.diversity, 0);
    EXPECT_GE(c.told_apart, 0.5);
    EXPECT_LE(c.told_apart, 1);
    EXPECT_EQ(c.groups_of, 8) << "modes of the ring";
  }
  EXPECT_GT(checkups[1].moved.value(), 0);
}

TEST_F(DoctorOfRuns, LooksAtTheAxesOfZWhereHeIsAsked) {
  tiny.recipe.train.epochs = 2;
  for (const Checkup& c : checkups_in(run::read_events(tiny.train("without").events_path()))) EXPECT_FALSE(c.best_axis);
  tiny.recipe.evaluate.axes = true;
  for (const Checkup& c : checkups_in(run::read_events(tiny.train("with").events_path()))) {
    ASSERT_TRUE(c.best_axis);
    EXPECT_GT(*c.best_axis, 0);
    EXPECT_LE(*c.best_axis, 1);
  }
}

TEST_F(DoctorOfRuns, NamesACollapseOnceAndSaysWhatMayHelp) {
  make_lazy();
  const run::RunDirectory run = tiny.train("lazy");
  const auto warnings = told_by(run, "warning");
  ASSERT_EQ(count_of(warnings, "collapse"), 1);
  for (const auto& warning : warnings) {
    for (const char* key : {"sentence", "evidence", "remedy", "since_epoch", "since_step", "epoch", "step"})
      EXPECT_TRUE(warning.contains(key)) << key;
  }
  const auto line = std::ranges::find_if(said, [](const std::string& s) { return s.find("collapse") != s.npos; });
  ASSERT_NE(line, said.end());
  EXPECT_NE(line->find("game.unroll"), std::string::npos) << *line;
}

TEST_F(DoctorOfRuns, AResumedRunTellsTheSame) {
  make_lazy();
  const run::RunDirectory whole = tiny.train("whole");
  tiny.recipe.train.epochs = 11;
  tiny.train("halves");
  tiny.recipe.train.epochs = 12;
  const run::RunDirectory halves = tiny.resume("halves");
  for (const char* kind : {"checkup", "warning", "recovered"})
    EXPECT_EQ(told_by(whole, kind), told_by(halves, kind)) << kind;
}

TEST_F(DoctorOfRuns, SmallEpochsWaitForOneAnother) {
  testing::TinyRuns bars;  // 300 in an epoch: 10,000 images
  bars.recipe.train.epochs = 69;
  bars.session.observers.emplace_back(
      [](const train::ObserverContext& context) { return make_doctor(context, 1, {}); });
  std::vector<std::int64_t> epochs;
  for (const Checkup& checkup : checkups_in(run::read_events(bars.train("a").events_path())))
    epochs.push_back(checkup.epoch);
  EXPECT_EQ(epochs, (std::vector<std::int64_t>{34, 68}));
}

TEST_F(DoctorOfRuns, TrainedWeightsDoNotDependOnHim) {
  tiny.recipe.train.epochs = 2;
  const auto with = explore::load_weights(tiny.train("with")).snapshot.tensors;
  tiny.recipe.evaluate.doctor_every = 0;
  const run::RunDirectory without = tiny.train("without");
  EXPECT_TRUE(told_by(without, "checkup").empty());
  EXPECT_EQ(explore::load_weights(without).snapshot.tensors, with);
}

// Gives training samples for fakes, from the first on.
class Copier : public play::Executor {
 public:
  explicit Copier(const data::Dataset& data) : data_(data) {}
  play::Inference infer(const std::string&, const play::Inputs& inputs, bool, const std::vector<std::string>&,
                        const std::vector<play::Override>&) override {
    play::Inference found;
    found.output = Tensor(DType::f32, {inputs.count, 1, 8, 8});
    const auto bytes = data_.images.values<std::uint8_t>();
    const auto out = found.output.values<float>();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(bytes[i]) / 127.5F - 1;
    return found;
  }
  play::StepResult step(const play::Batch&, play::Phase) override { return {}; }
  NamedTensors gradients() const override { return {}; }
  NamedTensors state() const override { return {}; }
  void set_state(const NamedTensors&) override {}
  std::vector<play::PassInfo> plan() const override { return {}; }
  std::string plan_name() const override { return ""; }
  std::int64_t memory_bytes() const override { return 0; }

 private:
  const data::Dataset& data_;
};

TEST(CheckupTaker, TellsCopiesFromSamplesOfItsOwn) {
  const testing::TinyRuns bars;
  auto setup = train::prepare(bars.recipe, bars.session);
  CheckupTaker taker(setup, 1);
  const train::Meter meter;
  const train::Position position{.step = 1, .epoch = 1};
  const play::StepResult result;
  const train::Moment moment{position, play::Phase::both, 1, result, true, true, meter, 0};
  const Checkup fresh = taker.take(moment);
  EXPECT_GT(fresh.nearest, 1);
  EXPECT_EQ(fresh.groups_of, 3);
  setup.executor = std::make_unique<Copier>(setup.dataset);
  const Checkup copied = taker.take(moment);
  EXPECT_LT(copied.nearest, 0.01);
  EXPECT_NEAR(copied.diversity, 1, 0.05);
  EXPECT_EQ(copied.groups, 3);
  EXPECT_GT(copied.moved.value(), 0.3) << "from the fresh samples to the copies";
  EXPECT_EQ(taker.take(moment).moved.value(), 0);
}

}  // namespace
}  // namespace ganymede::evaluate
