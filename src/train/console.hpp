#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/progress.hpp"
#include "train/observer.hpp"

namespace ganymede::train {

/// Tells a person how the run goes, on stderr: a bar (or plain lines) with time left, images a second and both losses,
/// and a line after every epoch.
class Console : public Observer {
 public:
  /// `total_images` 0 and `epochs` 0: not known.
  Console(ProgressStyle style, std::int64_t total_images, std::int64_t epochs);

  /// Is added to the line of the epoch that ends now.
  void note(const std::string& text) { notes_ += ", " + text; }

  void on_start(const Moment& moment) override;
  void on_step(const Moment& moment) override;
  void on_epoch(const Moment& moment) override;
  void on_end(const Moment& moment, Ending ending) override;

 private:
  std::string label(std::int64_t epoch) const;

  ProgressStyle style_;
  std::int64_t total_images_;
  std::int64_t epochs_;
  std::unique_ptr<Progress> progress_;
  std::string notes_;
  double d_loss_ = 0, g_loss_ = 0;  ///< running means
  bool has_d_ = false, has_g_ = false;
  double g_rate_ = 0, d_rate_ = 0;  ///< learning rates at the end of the epoch before
  double epoch_seconds_ = 0;
  std::int64_t epoch_images_ = 0;
};

}  // namespace ganymede::train
