#include "engine/classifier_trainer.hpp"

#include <cmath>

#include "base/error.hpp"
#include "engine/inferer.hpp"
#include "engine/loss.hpp"
#include "engine/player.hpp"
#include "kernels/level.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

constexpr std::int64_t kInferenceBatch = 128;

const net::Network& checked(const net::Network& network) {
  if (network.outputs.size() != 1) {
    fail<ConfigError>("network {}: a classifier has one output, its logits; found {}", network.name,
                      network.outputs.size());
  }
  if (net::class_count(network) > 0)
    fail<ConfigError>("network {}: a classifier finds the class and takes none", network.name);
  net::value_input(network);
  const Shape shape = net::infer_shapes(network)[network.index_of(network.outputs.front())];
  if (shape.size() != 1) {
    fail<ShapeError>("network {}: a classifier puts out logits [K], found {} from node {}", network.name,
                     to_string(shape), network.outputs.front());
  }
  return network;
}

}  // namespace

struct ClassifierTrainer::Impl {
  Impl(const net::Network& network, const ClassifierTrainerConfig& c)
      : config(c),
        mixed(resolved_precision(c.precision) == Precision::mixed),
        pool(c.threads),
        player(checked(network), c.optimizer,
               {.max_samples = c.batch, .training = true, .mixed = mixed, .one_backward = true, .kept = {}}),
        inferer(player.network, player.layout, player.parameters, pool, kInferenceBatch, mixed),
        features(element_count(std::get<net::Input>(net::value_input(player.network).layer).shape)) {}

  const Field& logits() const { return player.program.field(player.network.outputs.front()); }
  ClassifierStep advance(const LabelledBatch& batch);

  ClassifierTrainerConfig config;
  bool mixed;
  ThreadPool pool;
  Player player;
  Inferer inferer;
  std::int64_t features;
};

ClassifierStep ClassifierTrainer::Impl::advance(const LabelledBatch& batch) {
  const std::int64_t n = batch.count;
  Step step{.pool = pool, .samples = n, .training = true, .seed = config.seed, .number = batch.step};
  const Field& input = player.program.field(net::value_input(player.network).name);
  scatter_samples(input, input.value, n, 0, n, batch.values.data());
  player.forward(step);

  const std::vector<float> values = read_samples(logits(), n, 0, n);
  const auto head = classifier_head<float>(values, batch.labels);
  ClassifierStep result{.loss = head.loss, .accuracy = head.accuracy, .gradient_norms = {}};
  if (!std::isfinite(head.loss)) throw NonFiniteError("loss of " + player.network.name, head.loss);
  write_gradient(logits(), n, 0, head.gradient);
  step.backward_samples = n;
  player.backward(step);
  const std::vector<double> norms = player.gradient_norms(pool, result.gradient_norms);
  player.rule.update(pool, norms);
  player.changed();
  inferer.parameters_changed();
  return result;
}

ClassifierTrainer::ClassifierTrainer(const net::Network& network, const ClassifierTrainerConfig& config) {
  if (config.batch < 1) fail<ConfigError>("classifier: wanted a batch of at least 1, found {}", config.batch);
  kernels::level();
  impl_ = std::make_unique<Impl>(network, config);
}
ClassifierTrainer::~ClassifierTrainer() = default;
ClassifierTrainer::ClassifierTrainer(ClassifierTrainer&&) noexcept = default;

ClassifierStep ClassifierTrainer::step(const LabelledBatch& batch) {
  if (batch.count < 1 || batch.count > impl_->config.batch)
    fail<ShapeError>("a batch of {} samples does not fit a plan for 1 .. {}", batch.count, impl_->config.batch);
  if (static_cast<std::int64_t>(batch.values.size()) != batch.count * impl_->features ||
      static_cast<std::int64_t>(batch.labels.size()) != batch.count) {
    fail<ShapeError>("a batch of {} samples: wanted {} values and a label each, found {} values and {} labels",
                     batch.count, impl_->features, batch.values.size(), batch.labels.size());
  }
  const auto statistics = impl_->player.statistics();
  try {
    return impl_->advance(batch);
  } catch (const Error&) {
    impl_->player.restore_statistics(statistics);
    throw;
  }
}

void ClassifierTrainer::set_learning_rate(double rate) {
  impl_->player.rule.set_learning_rate(rate);
}

NamedTensors ClassifierTrainer::gradients() const {
  NamedTensors result;
  impl_->player.store_gradients(result);
  return result;
}

Inference ClassifierTrainer::infer(const Inputs& inputs, const std::vector<std::string>& taps) {
  return impl_->inferer.infer(inputs, taps, {});
}

NamedTensors ClassifierTrainer::parameters() const {
  NamedTensors result;
  const Player& player = impl_->player;
  for (const Parameter& p : player.parameters.all()) result[player.network.name + "." + p.name] = p.store(p.value);
  return result;
}

NamedTensors ClassifierTrainer::state() const {
  NamedTensors result;
  impl_->player.store_state(result);
  return result;
}

void ClassifierTrainer::set_state(const NamedTensors& state) {
  const std::size_t used = impl_->player.load_state(state);
  if (used != state.size()) check_known(state, this->state(), "classifier");
  impl_->inferer.parameters_changed();
}

std::vector<PassInfo> ClassifierTrainer::plan() const {
  std::vector<PassInfo> passes;
  impl_->player.program.describe(passes);
  passes.push_back({impl_->player.network.name, "all parameters", "update", "element-wise " + kernels::level(), 0});
  return passes;
}

std::string ClassifierTrainer::plan_name() const {
  return plan_name_of(plan(), impl_->mixed);
}

std::int64_t ClassifierTrainer::memory_bytes() const {
  return impl_->player.program.bytes() + impl_->player.parameters.bytes() + impl_->inferer.bytes();
}

}  // namespace ganymede::engine
