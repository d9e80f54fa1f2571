#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "explore/surface/parameter_plane.hpp"
#include "train/feed.hpp"
#include "train/session.hpp"

namespace ganymede::explore {

/// The losses of a run's game as a function of its weights: on one batch of its data, always the same, with the noise
/// of its seed.
///
/// As in a training step: BatchNorm takes the statistics of the batch at each place anew. (The running ones belong to
/// the weights that they were gathered with; anywhere else they would show that they do not fit, and little besides.)
/// Dropout and rrelu draw the same at every place. In f32 whatever the run was trained with; penalties on D's slopes
/// are left out, and an unrolled game is judged by the D of now (play::Executor::losses).
class LossField {
 public:
  /// `batch`: samples of it, or as many as the data have; of a game with packs a whole number of these. `session`: who
  /// computes, with how many threads, where data are looked for, and the run's own folder. @throws as train::prepare
  LossField(const run::Recipe& recipe, const train::SessionOptions& session, int batch);
  LossField(const LossField&) = delete;
  LossField& operator=(const LossField&) = delete;

  /// Weights of both networks. Losses may be NaN or infinite.
  play::StepResult at(const NamedTensors& weights);
  std::int64_t batch() const { return batch_.count; }
  const std::string& data() const { return data_; }

 private:
  std::string data_;
  train::Setup setup_;
  std::optional<train::Feed> feed_;
  play::Batch batch_;
};

}  // namespace ganymede::explore
