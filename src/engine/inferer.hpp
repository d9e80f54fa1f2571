#pragma once

#include <memory>
#include <set>
#include <string>

#include "base/thread_pool.hpp"
#include "engine/plan/program.hpp"

namespace ganymede::engine {

/// Runs one network in inference mode over any number of samples, in pieces of at most `batch`.
class Inferer {
 public:
  /// mixed: as Program::Options::mixed.
  Inferer(const net::Network& network, const Layout& layout, ParameterSet& parameters, ThreadPool& pool,
          std::int64_t batch, bool mixed = false);

  Inference infer(const Inputs& inputs, const std::vector<std::string>& taps, const std::vector<Override>& overrides);
  void parameters_changed();
  std::int64_t bytes() const { return for_many_.bytes() + for_one_.bytes(); }

 private:
  /// The network compiled for one largest number of samples.
  struct Plans {
    std::int64_t samples;
    std::unique_ptr<Program> plain{};   // without taps or overrides
    std::unique_ptr<Program> tapped{};  // with taps and overrides: callers ask for the same ones again, or for fewer
    std::set<std::string> kept{};       // nodes that `tapped` can give
    void parameters_changed();
    std::int64_t bytes() const;
  };
  Program& program_for(Plans& plans, std::set<std::string> kept);

  const net::Network& network_;
  const Layout& layout_;
  ParameterSet& parameters_;
  ThreadPool& pool_;
  bool mixed_;
  Plans for_many_;
  Plans for_one_{.samples = 1};
};

/// Throws DataError unless, of a network that takes classes, Inputs::toward and shares are empty or fit.
void check_mixtures(const net::Network& network, const Inputs& inputs);
/// Throws DataError unless all are in [0, classes) and there are `count`.
void check_classes(const net::Network& network, std::span<const std::int32_t> classes, std::int64_t count);
/// Throws DataError unless a network that takes conditions has one for each of `count` samples, all finite.
void check_conditions(const net::Network& network, std::span<const float> conditions, std::int64_t count);

}  // namespace ganymede::engine
