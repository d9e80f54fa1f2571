#include "base/error.hpp"
#include "engine/classifier_trainer.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {
namespace {

class CpuBackend : public Backend {
 public:
  std::unique_ptr<Executor> make_executor(const net::Network& generator, const net::Network& discriminator,
                                          const ExecutorConfig& config) const override {
    return make_cpu_executor(generator, discriminator, config);
  }
  std::unique_ptr<play::Model> make_model(const net::Network& network, const ModelConfig& config) const override {
    return std::make_unique<Model>(network, config);
  }
  std::unique_ptr<play::ClassifierTrainer> make_classifier_trainer(
      const net::Network& network, const ClassifierTrainerConfig& config) const override {
    return std::make_unique<ClassifierTrainer>(network, config);
  }
  Precision resolved(Precision wanted) const override { return resolved_precision(wanted); }
};

}  // namespace

Precision resolved_precision(Precision wanted) {
  return wanted == Precision::f32 || kernels::unit() == kernels::Unit::none ? Precision::f32 : Precision::mixed;
}

const Backend& cpu_backend() {
  static const CpuBackend backend;
  return backend;
}

}  // namespace ganymede::engine
