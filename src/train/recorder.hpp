#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "run/events.hpp"
#include "run/run_directory.hpp"
#include "train/curves.hpp"
#include "train/observer.hpp"
#include "train/point_painter.hpp"
#include "train/samples.hpp"
#include "train/setup.hpp"

namespace ganymede::train {

/// Writes what a run tells: events.jsonl and, at the start and after every epoch, samples/epoch-N.png (16 pictures, or
/// an alphabet of ink), samples/grid-N.png (train.sample_grid of them), both from the same noise every time, and
/// losses.png; besides samples/latest.png, which is drawn at every stop as well. Of points there is no grid, and
/// kPointsShown of them in every picture (point_painter.hpp).
///
/// Kinds of events: start, step (about 50 an epoch: means since the one before), epoch (means of the epoch), checkpoint
/// (those that come by steps or epochs), end, and pause or stop. The last three lie behind what a checkpoint covers, so
/// a resumed run cuts them off and in the end tells the same as one that never stopped.
class Recorder : public Observer {
 public:
  /// `keep_bytes` of events.jsonl stay, with that checksum where one is known. All references must outlive it.
  Recorder(Setup& setup, const run::RunDirectory& directory, const Feed& feed, std::uint64_t keep_bytes,
           std::optional<std::uint32_t> crc32 = {});

  run::EventWriter& events() { return events_; }
  const Meter& window() const { return window_; }
  void restore(const Meter::Sums& window) { window_.restore(window); }

  void on_start(const Moment& moment) override;
  void on_step(const Moment& moment) override;
  void on_epoch(const Moment& moment) override;
  void on_end(const Moment& moment, Ending ending) override;
  /// A last line for a run that a guard stopped.
  void note_stop(run::RunState state, const std::string& reason);

 private:
  void write_pictures(const Moment& moment, bool epoch);
  picture::Image small_picture(const Tensor& images, bool ema) const;

  Setup& setup_;
  const run::RunDirectory& directory_;
  const Feed& feed_;
  run::EventWriter events_;
  Curves curves_;
  NamedSamples samples_;
  std::int64_t small_ = 16;  ///< pictures of the smaller grid
  std::optional<PointPainter> points_;
  Meter window_;
  std::int64_t interval_;  ///< steps between two "step" events
  // Where the last event of each kind stood, for the rates.
  double step_seconds_ = 0, epoch_seconds_ = 0;
  std::int64_t step_images_ = 0, epoch_images_ = 0;
};

/// samples/epoch-0007.png or samples/grid-0007.png.
std::filesystem::path sample_path(const run::RunDirectory& directory, const char* kind, std::int64_t epoch);

}  // namespace ganymede::train
