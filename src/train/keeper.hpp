#pragma once

#include <filesystem>
#include <string>

#include "run/checkpoint.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"
#include "train/loop.hpp"
#include "train/recorder.hpp"
#include "train/setup.hpp"

namespace ganymede::train {

/// What a snapshot of the run holds at this place.
run::Snapshot snapshot_of(const Setup& setup, const Position& position);

/// Keeps a run: checkpoints by the recipe's cadence, at the end and when interrupted; snapshots; run.json.
/// Add it before the recorder: the lines that a resumed run shall cut off are written behind its last checkpoint.
class Keeper : public Observer {
 public:
  /// `info` is what run.json holds besides progress; `seconds` trained before. All references must outlive it.
  Keeper(Setup& setup, run::RunDirectory& directory, const Loop& loop, Recorder& recorder, run::RunInfo info,
         double seconds);

  void on_start(const Moment& moment) override;
  void on_epoch(const Moment& moment) override;
  void on_settled(const Moment& moment) override;
  void on_end(const Moment& moment, Ending ending) override;
  /// Writes the last word into run.json. After everything else that a run leaves behind: who reads "finished" shall
  /// find all of it.
  void conclude(run::RunState state);
  /// Marks the run as stopped by a guard or failed; no word if not even that can be written.
  void note_stop(run::RunState state, const std::string& reason);

  /// Empty before the first checkpoint.
  const std::filesystem::path& last_checkpoint() const { return last_checkpoint_; }
  void set_last_checkpoint(const std::filesystem::path& path) { last_checkpoint_ = path; }
  const run::RunInfo& info() const { return info_; }

 private:
  void save(const Moment& moment);
  void save_snapshot(const Position& position);
  void write_info(const Moment& moment, run::RunState state);

  Setup& setup_;
  run::RunDirectory& directory_;
  const Loop& loop_;
  Recorder& recorder_;
  run::RunInfo info_;
  double seconds_before_;
  std::filesystem::path last_checkpoint_;
  std::int64_t saved_tick_ = -1;
  double saved_at_ = 0;  ///< steady clock, seconds
};

}  // namespace ganymede::train
