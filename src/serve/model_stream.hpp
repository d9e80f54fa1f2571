#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>

#include "serve/asked.hpp"

namespace ganymede::serve {

/// How many samples make a piece of about ten milliseconds, from the pace of those before: a look waits for one piece.
class Pace {
 public:
  std::int64_t samples() const { return samples_; }
  /// It took so long to compute so many.
  void took(std::int64_t samples, double seconds) {
    const double fitting = kSeconds / std::max(seconds / static_cast<double>(samples), 1e-9);
    samples_ = static_cast<std::int64_t>(std::clamp(fitting, 1.0, 1024.0));
  }

 private:
  static constexpr double kSeconds = 0.01;
  std::int64_t samples_ = 16;  // the first picture soon
};

/// Frames that are made while they are sent, a piece a turn of the thread of models. A newer request of its view ends
/// it, and so does a fault: with a frame whose head is {"error": sentence}.
class ModelStream : public Source {
 public:
  /// @throws HttpError 503 if too many are under way.
  ModelStream(std::shared_ptr<const Asked> asked, Api& api, Opened opened);

  Lane lane() const final { return Lane::pieces; }
  Piece next() final;

 protected:
  /// The next frame; the last one has `end`.
  virtual Piece step() = 0;

  const Asked& asked() const { return *asked_; }
  const Opened& opened() const { return opened_; }
  Models& models() const { return models_; }
  explore::TrainedGenerator& generator() const { return opened_.generator(); }

 private:
  std::shared_ptr<const Asked> asked_;
  Models& models_;
  bool all_cores_;
  Opened opened_;
  std::shared_ptr<void> place_;
};

/// The stream as an answer.
Response stream_response(std::unique_ptr<ModelStream> stream);

/// Seconds since `begin`.
inline double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace ganymede::serve
