#include "engine/executor.hpp"
#include "engine/inferer.hpp"
#include "kernels/level.hpp"

namespace ganymede::engine {

struct Model::Impl {
  Impl(const net::Network& n, int batch, int threads, bool mixed)
      : network(n),
        layout(make_layout(network)),
        parameters(network, layout),
        pool(threads),
        inferer(network, layout, parameters, pool, batch, mixed) {}

  net::Network network;
  Layout layout;
  ParameterSet parameters;
  ThreadPool pool;
  Inferer inferer;
};

Model::Model(const net::Network& network, int batch, int threads, Precision precision) {
  kernels::level();
  impl_ = std::make_unique<Impl>(network, batch, threads, resolved_precision(precision) == Precision::mixed);
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

}  // namespace ganymede::engine
