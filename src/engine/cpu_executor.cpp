#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "engine/executor.hpp"
#include "engine/inferer.hpp"
#include "engine/loss.hpp"
#include "engine/player.hpp"
#include "kernels/level.hpp"
#include "kernels/unit.hpp"
#include "kernels/update.hpp"

namespace ganymede::engine {
namespace {

void copy_samples(const Field& from, const float* source, std::int64_t from_total, const Field& to, float* target,
                  std::int64_t to_total, std::int64_t count) {
  const std::int64_t from_stride = from.position_stride(from_total);
  const std::int64_t to_stride = to.position_stride(to_total);
  for (int p = 0; p < to.positions(); ++p) {
    const float* a = source + p * from_stride;
    float* b = target + p * to_stride;
    if (from.sample_stride() == to.sample_stride()) {
      std::memcpy(b, a, static_cast<std::size_t>(count) * to.sample_stride() * sizeof(float));
      continue;
    }
    for (std::int64_t n = 0; n < count; ++n) {
      std::fill_n(b + n * to.sample_stride(), to.sample_stride(), 0.0F);
      std::copy_n(a + n * from.sample_stride(), to.channels, b + n * to.sample_stride());
    }
  }
}

// Whether D treats each sample by itself and puts out nothing but a logit. Then the gradient of G's loss with respect
// to a fake image is a multiple of that of D's loss, and one backward pass serves both.
bool can_share_backward(const net::Network& discriminator) {
  return discriminator.outputs.size() == 1 &&
         std::none_of(discriminator.nodes.begin(), discriminator.nodes.end(),
                      [](const net::Node& node) { return std::holds_alternative<net::BatchNorm>(node.layer); });
}

// The factor of each fake; none where D's gradients are too small to be divided by.
std::vector<float> shared_factors(const std::vector<float>& of_d, const std::vector<float>& of_g) {
  constexpr float kSmallest = 1e-20F;
  std::vector<float> factors(of_d.size());
  for (std::size_t i = 0; i < of_d.size(); ++i) {
    if (std::abs(of_d[i]) < kSmallest) return {};
    factors[i] = of_g[i] / of_d[i];
  }
  return factors;
}

void scale_samples(const Field& field, float* values, std::int64_t total, const std::vector<float>& factors) {
  const int stride = field.sample_stride();
  for (int p = 0; p < field.positions(); ++p) {
    float* at = values + p * field.position_stride(total);
    for (const float factor : factors) {
      for (int c = 0; c < stride; ++c) *at++ *= factor;
    }
  }
}

class CpuExecutor : public Executor {
 public:
  CpuExecutor(const net::Network& generator, const net::Network& discriminator, const ExecutorConfig& config)
      : config_(config),
        mixed_(resolved_precision(config.precision) == "mixed"),
        shares_backward_(config.share_backward && can_share_backward(discriminator)),
        pool_(config.threads),
        g_(generator, config.game.generator,
           {.max_samples = config.batch,
            .training = true,
            .mixed = mixed_,
            .one_backward = true,
            .workspace = &workspace_,
            .kept = {}}),
        d_(discriminator, config.game.discriminator,
           {.max_samples = 2 * std::int64_t{1} * config.batch,
            .training = true,
            .input_gradients = true,
            .mixed = mixed_,
            .workspace = &workspace_,
            .kept = {}}) {
    const Shape image = g_.layout.shapes[generator.index_of(generator.outputs.front())];
    const Shape wanted = std::get<net::Input>(value_input(discriminator).layer).shape;
    if (image != wanted) {
      fail<ShapeError>("the generator puts out {} and the discriminator wants {}", to_string(image), to_string(wanted));
    }
    if (d_.layout.shapes[discriminator.index_of(discriminator.outputs.front())] != Shape{1}) {
      fail<ShapeError>("the discriminator's first output must be one logit, found {}",
                       to_string(d_.layout.shapes[discriminator.index_of(discriminator.outputs.front())]));
    }
    if (config.game.ema_decay > 0) {
      for (Parameter& p : g_.parameters.all()) p.average = Buffer(p.size);
    }
  }

  StepResult step(const Batch& batch, Phase phase) override;
  NamedTensors gradients() const override;
  Inference infer(const std::string& network, const Inputs& inputs, bool ema, const std::vector<std::string>& taps,
                  const std::vector<Override>& overrides) override;
  NamedTensors state() const override;
  void set_state(const NamedTensors& state) override;

  std::vector<PassInfo> plan() const override {
    std::vector<PassInfo> passes;
    g_.program.describe(passes);
    d_.program.describe(passes);
    passes.push_back({"generator", "all parameters", "update", "element-wise " + kernels::level(), 0});
    passes.push_back({"discriminator", "all parameters", "update", "element-wise " + kernels::level(), 0});
    return passes;
  }
  std::string plan_name() const override { return plan_name_of(plan(), mixed_); }
  std::vector<PassTime> profile() const override {
    std::vector<PassTime> times;
    if (!config_.profile) return times;
    g_.program.profile(clock_, times);
    d_.program.profile(clock_, times);
    const auto add = [&](const PassInfo& info, const void* worker, PassPart part) {
      const PassClock::Total t = clock_.total(worker, part);
      times.push_back({.pass = info, .seconds = t.seconds, .runs = t.steps, .samples = t.samples});
    };
    for (const PassInfo& info : plan()) {
      if (info.pass == "update") add(info, info.network == g_.network.name ? &g_ : &d_, PassPart::update);
    }
    add({"", "images", "copy", "copy", 0}, this, PassPart::copy);
    add({"", "logits", "loss", "plain loops", 0}, this, PassPart::loss);
    return times;
  }
  void reset_profile() override { clock_.reset(); }
  std::int64_t memory_bytes() const override {
    return workspace_.bytes() + g_.program.bytes() + d_.program.bytes() + g_.parameters.bytes() + d_.parameters.bytes();
  }

 private:
  // Pictures come in pieces: no more memory than Model's, and the same family of bits as the training's plan.
  std::int64_t inference_batch() const { return std::min(config_.batch, 64); }
  bool auxiliary() const { return d_.network.outputs.size() > 1; }
  const Field& logits() const { return d_.program.field(d_.network.outputs[0]); }
  const Field& class_logits() const { return d_.program.field(d_.network.outputs[1]); }
  StepResult advance(const Batch& batch, Phase phase);
  void check(const Batch& batch, Phase phase) const;

  ExecutorConfig config_;
  bool mixed_;
  bool shares_backward_;
  ThreadPool pool_;
  Workspace workspace_;
  Player g_, d_;
  PassClock clock_;
};

void CpuExecutor::check(const Batch& batch, Phase phase) const {
  if (batch.count < 1 || batch.count > config_.batch)
    fail<ShapeError>("a batch of {} samples does not fit a plan for 1 .. {}", batch.count, config_.batch);
  const auto expect = [&](const char* what, std::size_t found, std::int64_t features) {
    if (static_cast<std::int64_t>(found) != batch.count * features) {
      fail<ShapeError>("batch.{}: wanted {} samples of {} values, found {} values", what, batch.count, features, found);
    }
  };
  expect("z", batch.z.size(), element_count(std::get<net::Input>(value_input(g_.network).layer).shape));
  if (phase != Phase::generator)
    expect("real", batch.real.size(), element_count(std::get<net::Input>(value_input(d_.network).layer).shape));
  check_classes(g_.network, batch.fake_classes, batch.count);
  check_classes(d_.network, batch.fake_classes, batch.count);
  if (phase != Phase::generator) check_classes(d_.network, batch.real_classes, batch.count);
}

StepResult CpuExecutor::step(const Batch& batch, Phase phase) {
  const auto g_statistics = g_.statistics();
  const auto d_statistics = d_.statistics();
  try {
    return advance(batch, phase);
  } catch (const NonFiniteError&) {
    g_.restore_statistics(g_statistics);
    d_.restore_statistics(d_statistics);
    throw;
  }
}

StepResult CpuExecutor::advance(const Batch& batch, Phase phase) {
  check(batch, phase);
  const std::int64_t n = batch.count;
  const bool with_real = phase != Phase::generator;
  const std::int64_t total = with_real ? 2 * n : n;
  StepResult result;
  PassClock* const clock = config_.profile ? &clock_ : nullptr;
  const auto mark = [&](const void* worker, PassPart part) {
    if (clock != nullptr) clock->mark(worker, part, n);
  };
  if (clock != nullptr) clock->begin_step();

  Step g_step{.pool = pool_,
              .samples = n,
              .training = true,
              .seed = config_.seed,
              .number = batch.step,
              .classes = batch.fake_classes,
              .clock = clock};
  const Field& z = g_.program.field(value_input(g_.network).name);
  scatter_samples(z, z.value, n, 0, n, batch.z.data());
  mark(this, PassPart::copy);
  g_.program.forward(g_step);

  // The fakes lie before the reals: their gradients are then always those of the first samples.
  std::vector<std::int32_t> classes(batch.fake_classes.begin(), batch.fake_classes.end());
  if (with_real) classes.insert(classes.end(), batch.real_classes.begin(), batch.real_classes.end());
  Step d_step{.pool = pool_,
              .samples = total,
              .groups = with_real ? 2 : 1,
              .training = true,
              .seed = config_.seed,
              .number = batch.step,
              .classes = classes,
              .clock = clock};
  const Field& fake = g_.program.field(g_.network.outputs.front());
  const Field& image = d_.program.field(value_input(d_.network).name);
  copy_samples(fake, fake.value, n, image, image.value, total, n);
  if (with_real) scatter_samples(image, image.value, total, n, n, batch.real.data());
  mark(this, PassPart::copy);
  d_.program.forward(d_step);

  const std::vector<float> fake_logits = read_samples(logits(), total, 0, n);
  const auto g_head = generator_head<float>(config_.game, fake_logits);
  result.generator_loss = g_head.loss;
  result.fake_accuracy = g_head.fake_accuracy;
  ClassHead<float> fake_class;
  if (auxiliary()) {
    const std::vector<float> values = read_samples(class_logits(), total, 0, n);
    fake_class = class_head<float>(config_.game, values, batch.fake_classes);
    result.generator_loss += fake_class.loss;
  }

  std::vector<double> d_norms, g_norms;
  std::vector<float> share;
  if (with_real) {
    const std::vector<float> real_logits = read_samples(logits(), total, n, n);
    const auto head = discriminator_head<float>(config_.game, real_logits, fake_logits);
    result.discriminator_real_loss = head.real_loss;
    result.discriminator_fake_loss = head.fake_loss;
    result.discriminator_loss = head.loss();
    result.real_accuracy = head.real_accuracy;
    result.fake_accuracy = head.fake_accuracy;
    if (phase == Phase::both && shares_backward_) share = shared_factors(head.fake_gradient, g_head.gradient);
    write_gradient(logits(), total, 0, head.fake_gradient);
    write_gradient(logits(), total, n, head.real_gradient);
    if (auxiliary()) {
      const std::vector<float> values = read_samples(class_logits(), total, n, n);
      const auto real_class = class_head<float>(config_.game, values, batch.real_classes);
      result.discriminator_loss += real_class.loss + fake_class.loss;
      write_gradient(class_logits(), total, 0, fake_class.gradient);
      write_gradient(class_logits(), total, n, real_class.gradient);
    }
    if (!std::isfinite(result.discriminator_loss))
      throw NonFiniteError("loss of discriminator", result.discriminator_loss);
    mark(this, PassPart::loss);
    d_step.backward_samples = total;
    d_step.input_samples = static_cast<std::int64_t>(share.size());
    d_.program.backward(d_step);
    d_norms = d_.gradient_norms(pool_, result.gradient_norms);
    mark(&d_, PassPart::update);
  }
  if (!std::isfinite(result.generator_loss)) throw NonFiniteError("loss of generator", result.generator_loss);

  if (phase != Phase::discriminator) {
    if (share.empty()) {
      write_gradient(logits(), total, 0, g_head.gradient);
      if (auxiliary()) write_gradient(class_logits(), total, 0, fake_class.gradient);
      d_step.backward_samples = n;
      d_step.parameter_gradients = false;
      d_step.input_samples = n;
      mark(this, PassPart::loss);
      d_.program.backward(d_step);
    }
    copy_samples(image, image.gradient, total, fake, fake.gradient, n, n);
    if (!share.empty()) scale_samples(fake, fake.gradient, n, share);
    mark(this, PassPart::copy);
    g_step.backward_samples = n;
    g_.program.backward(g_step);
    g_norms = g_.gradient_norms(pool_, result.gradient_norms);
    mark(&g_, PassPart::update);
  }

  if (with_real) {
    d_.rule.update(pool_, d_norms);
    if (config_.game.weight_clip > 0) {
      for_pieces(pool_, d_.parameters.all(), true, [&](Parameter& p, std::int64_t first, std::int64_t count) {
        kernels::clamp(p.value.data() + first, count, static_cast<float>(config_.game.weight_clip));
      });
    }
    d_.changed();
    mark(&d_, PassPart::update);
  }
  if (phase != Phase::discriminator) {
    g_.rule.update(pool_, g_norms);
    if (config_.game.ema_decay > 0) {
      for_pieces(pool_, g_.parameters.all(), false, [&](Parameter& p, std::int64_t first, std::int64_t count) {
        const float decay = p.trainable ? static_cast<float>(config_.game.ema_decay) : 0.0F;
        kernels::update_average(p.average.data() + first, p.value.data() + first, count, decay);
      });
    }
    g_.changed();
    mark(&g_, PassPart::update);
  }
  return result;
}

NamedTensors CpuExecutor::gradients() const {
  NamedTensors result;
  g_.store_gradients(result);
  d_.store_gradients(result);
  return result;
}

Inference CpuExecutor::infer(const std::string& network, const Inputs& inputs, bool ema,
                             const std::vector<std::string>& taps, const std::vector<Override>& overrides) {
  if (network != g_.network.name && network != d_.network.name) {
    fail<ConfigError>("there is no network '{}': wanted {} or {}", network, g_.network.name, d_.network.name);
  }
  // Compiled anew each time: pictures are few, and their plan would hold its memory through the training.
  Player& player = network == g_.network.name ? g_ : d_;
  ParameterSet* parameters = &player.parameters;
  std::optional<ParameterSet> average;
  if (ema && &player == &g_ && config_.game.ema_decay > 0) {
    average.emplace(player.network, player.layout);
    average->copy_values(player.parameters, true);
    parameters = &*average;
  }
  return Inferer(player.network, player.layout, *parameters, pool_, inference_batch()).infer(inputs, taps, overrides);
}

NamedTensors CpuExecutor::state() const {
  NamedTensors result;
  g_.store_state(result);
  d_.store_state(result);
  return result;
}

void CpuExecutor::set_state(const NamedTensors& state) {
  const std::size_t used = g_.load_state(state) + d_.load_state(state);
  if (used != state.size()) check_known(state, this->state(), "game");
}

}  // namespace

NonFiniteError::NonFiniteError(const std::string& tensor, double value)
    : GuardError(fmt::format("{} is {}", tensor, value)), tensor_(tensor) {}

std::string resolved_precision(const std::string& wanted) {
  if (wanted != "f32" && wanted != "mixed" && wanted != "auto")
    fail<ConfigError>("train.precision: wanted f32, mixed or auto, found '{}'", wanted);
  return wanted == "f32" || kernels::unit() == kernels::Unit::none ? "f32" : "mixed";
}

std::unique_ptr<Executor> make_cpu_executor(const net::Network& generator, const net::Network& discriminator,
                                            const ExecutorConfig& config) {
  kernels::level();
  return std::make_unique<CpuExecutor>(generator, discriminator, config);
}

}  // namespace ganymede::engine
