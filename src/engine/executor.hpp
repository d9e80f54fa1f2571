#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "play/backend.hpp"

namespace ganymede::engine {

using namespace play;  // NOLINT(google-build-using-namespace): the engine carries out what is said there

/// One network compiled for inference: weights in, pictures out. Any count; works in pieces of at most `batch`, and
/// with the least latency for pieces of one. A sample's bits do not depend on its neighbours, the count or the threads.
/// In f32 plans for 8 samples and more convolve by transform where they can, smaller ones directly: that much they
/// depend on `batch`. Mixed precision does one or the other whatever `batch` is. "f32"
/// gives the same bits on any machine: pictures that training makes and `ganymede sample` draws stay f32, so that they
/// can be compared and repeated; "mixed" and "auto" are for speed.
class Model final : public play::Model {
 public:
  explicit Model(const net::Network& network, int batch = 64, int threads = 0, Precision precision = Precision::f32);
  Model(const net::Network& network, const ModelConfig& config);
  ~Model() override;
  Model(Model&&) noexcept;

  void load(const NamedTensors& tensors) override;
  Inference infer(const Inputs& inputs, const std::vector<std::string>& taps = {},
                  const std::vector<Override>& overrides = {}) override;
  Tensor push(const Inputs& inputs, Loss loss) override;
  PulledBack pull_back(const Inputs& inputs, const OutputSlopes& slopes) override;
  std::int64_t memory_bytes() const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The CPU engine. Throws ConfigError for a layer or setting that it lacks.
std::unique_ptr<Executor> make_cpu_executor(const net::Network& generator, const net::Network& discriminator,
                                            const ExecutorConfig& config);

/// What the CPU engine makes of a recipe's precision on this machine: mixed where that is wanted or left to it and a
/// unit of the CPU makes it faster (kernels/unit.hpp), else f32.
Precision resolved_precision(Precision wanted);

/// A picture [C, H, W] as a discriminator that sees `pack` of them takes it: [pack C, H, W].
inline Shape packed(Shape picture, int pack) {
  picture.front() *= pack;
  return picture;
}

/// All of these for whoever does not want to know.
const Backend& cpu_backend();

}  // namespace ganymede::engine
