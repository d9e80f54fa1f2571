#include <algorithm>
#include <variant>

#include "base/error.hpp"
#include "engine/executor.hpp"
#include "engine/inferer.hpp"
#include "engine/loss.hpp"
#include "engine/player.hpp"
#include "kernels/level.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

// A training step draws what dropout drops and the slopes of rrelu; without, it is the network of inference.
net::Network without_chance(net::Network network) {
  for (net::Node& node : network.nodes) {
    if (auto* dropout = std::get_if<net::Dropout>(&node.layer)) dropout->rate = 0;
    if (auto* curve = std::get_if<net::Activation>(&node.layer)) {
      const float mean = (curve->lower + curve->upper) / 2;
      curve->lower = curve->upper = mean;
    }
  }
  return network;
}

}  // namespace

// The network once more, compiled for training, so that gradients go back to its samples; BatchNorm takes its running
// statistics.
class Slopes {
 public:
  Slopes(const net::Network& network, const Layout& layout, ParameterSet& parameters, std::int64_t batch)
      : network_(without_chance(network)),
        program_(network_, layout, parameters, {.max_samples = batch, .training = true, .input_gradients = true}),
        batch_(batch) {}
  void parameters_changed() { program_.parameters_changed(); }
  std::int64_t bytes() const { return program_.bytes(); }

  PulledBack pull_back(ThreadPool& pool, const Inputs& inputs, const OutputSlopes& slopes_of) {
    const net::Node& input = net::value_input(network_);
    Shape shape = std::get<net::Input>(input.layer).shape;
    const std::int64_t features = element_count(shape);
    if (static_cast<std::int64_t>(inputs.values.size()) != inputs.count * features) {
      fail<ShapeError>("network {}: wanted {} samples of {} values, found {} values", network_.name, inputs.count,
                       features, inputs.values.size());
    }
    check_classes(network_, inputs.classes, inputs.count);
    check_conditions(network_, inputs.conditions, inputs.count);
    const std::int64_t length = net::condition_length(network_);
    shape.insert(shape.begin(), inputs.count);
    const Field& in = program_.field(input.name);
    const Field& out = program_.field(network_.outputs.front());
    const std::vector<Shape> shapes = net::infer_shapes(network_);
    Shape output = shapes[static_cast<std::size_t>(network_.index_of(network_.outputs.front()))];
    output.insert(output.begin(), inputs.count);
    PulledBack result{.output = Tensor(DType::f32, output), .gradient = Tensor(DType::f32, shape)};
    for (std::int64_t first = 0; first < inputs.count; first += batch_) {
      const std::int64_t n = std::min(batch_, inputs.count - first);
      scatter_samples(in, in.value, n, 0, n, inputs.values.data() + first * features);
      Step step{.pool = pool, .samples = n, .training = true, .running_statistics = true};
      if (!inputs.classes.empty())
        step.classes = inputs.classes.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n));
      if (length > 0) {
        step.conditions =
            inputs.conditions.subspan(static_cast<std::size_t>(first * length), static_cast<std::size_t>(n * length));
      }
      program_.forward(step);
      const auto values = result.output.values<float>().subspan(static_cast<std::size_t>(first * out.features()),
                                                                static_cast<std::size_t>(n * out.features()));
      gather_samples(out, out.value, n, 0, n, values.data());
      std::vector<float> slopes(values.size());
      slopes_of(first, values, slopes);
      for (const std::string& name : network_.outputs) {
        const Field& field = program_.field(name);
        write_gradient(field, n, 0,
                       name == network_.outputs.front()
                           ? slopes
                           : std::vector<float>(static_cast<std::size_t>(n * field.features()), 0.0F));
      }
      step.backward_samples = step.input_samples = n;
      step.parameter_gradients = false;
      program_.backward(step);
      gather_samples(in, in.gradient, n, 0, n, result.gradient.values<float>().data() + first * features);
    }
    return result;
  }

 private:
  net::Network network_;
  Program program_;
  std::int64_t batch_;
};

struct Model::Impl {
  Impl(const net::Network& n, const ModelConfig& config, bool mixed)
      : network(n),
        layout(make_layout(network)),
        parameters(network, layout),
        pool(config.pool ? config.pool : std::make_shared<ThreadPool>(config.threads)),
        inferer(network, layout, parameters, *pool, config.batch, mixed),
        batch(config.batch) {}

  net::Network network;
  Layout layout;
  ParameterSet parameters;
  std::shared_ptr<ThreadPool> pool;
  Inferer inferer;
  std::int64_t batch;
  std::unique_ptr<Slopes> slopes{};  ///< made when they are first asked for

  Slopes& slopes_of_now() {
    if (!slopes) {
      slopes = std::make_unique<Slopes>(network, layout, parameters, batch);
      slopes->parameters_changed();
    }
    return *slopes;
  }
};

Model::Model(const net::Network& network, int batch, int threads, Precision precision)
    : Model(network, ModelConfig{.batch = batch, .threads = threads, .precision = precision}) {}
Model::Model(const net::Network& network, const ModelConfig& config) {
  kernels::level();
  impl_ = std::make_unique<Impl>(network, config, resolved_precision(config.precision) == Precision::mixed);
}
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;

void Model::load(const NamedTensors& tensors) {
  impl_->parameters.load(tensors, impl_->network.name + ".");
  impl_->inferer.parameters_changed();
  if (impl_->slopes) impl_->slopes->parameters_changed();
}

Inference Model::infer(const Inputs& inputs, const std::vector<std::string>& taps,
                       const std::vector<Override>& overrides) {
  return impl_->inferer.infer(inputs, taps, overrides);
}

Tensor Model::push(const Inputs& inputs, Loss loss) {
  for (const net::Node& node : impl_->network.nodes) {
    if (net::couples_samples(node.layer)) {
      fail<ConfigError>("network {}: layer '{}' couples samples, so that none of them has a slope of its own",
                        impl_->network.name, node.name);
    }
  }
  Game game;
  game.loss = loss;
  return impl_->slopes_of_now()
      .pull_back(*impl_->pool, inputs,
                 [&](std::int64_t, std::span<const float> logits, std::span<float> slopes) {
                   const std::vector<float> found = generator_head<float>(game, logits).gradient;
                   for (std::size_t i = 0; i < slopes.size(); ++i)  // of its own loss, not of the mean
                     slopes[i] = -static_cast<float>(slopes.size()) * found[i];
                 })
      .gradient;
}

PulledBack Model::pull_back(const Inputs& inputs, const OutputSlopes& slopes) {
  for (const net::Node& node : impl_->network.nodes) {
    if (std::holds_alternative<net::MinibatchStd>(node.layer)) {
      fail<ConfigError>("network {}: no gradients go back through layer '{}' (minibatch deviation) in inference",
                        impl_->network.name, node.name);
    }
  }
  return impl_->slopes_of_now().pull_back(*impl_->pool, inputs, slopes);
}

std::int64_t Model::memory_bytes() const {
  return impl_->parameters.bytes() + impl_->inferer.bytes() + (impl_->slopes ? impl_->slopes->bytes() : 0);
}

}  // namespace ganymede::engine
