#include "engine/executor.hpp"
#include "engine/inferer.hpp"
#include "kernels/level.hpp"

namespace ganymede::engine {

struct Model::Impl {
  Impl(const net::Network& n, const ModelConfig& config, bool mixed)
      : network(n),
        layout(make_layout(network)),
        parameters(network, layout),
        pool(config.pool ? config.pool : std::make_shared<ThreadPool>(config.threads)),
        inferer(network, layout, parameters, *pool, config.batch, mixed) {}

  net::Network network;
  Layout layout;
  ParameterSet parameters;
  std::shared_ptr<ThreadPool> pool;
  Inferer inferer;
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
}

Inference Model::infer(const Inputs& inputs, const std::vector<std::string>& taps,
                       const std::vector<Override>& overrides) {
  return impl_->inferer.infer(inputs, taps, overrides);
}

std::int64_t Model::memory_bytes() const {
  return impl_->parameters.bytes() + impl_->inferer.bytes();
}

}  // namespace ganymede::engine
