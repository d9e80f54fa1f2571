#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/loss.hpp"
#include "engine/player.hpp"

namespace ganymede::engine {

/// G's loss through K updates of D (Metz, Poole, Pfau, Sohl-Dickstein 2017), with D's optimiser as it stands: its
/// moments go on, and the loss is differentiated through them too. Keeps of each update the parameters, the moments and
/// the gradient, and no activations.
class Unroll {
 public:
  /// @throws ConfigError for a layer without tangents, and for gradients that are clipped
  Unroll(const Player& d, const Game& game, std::int64_t batch);

  /// What one update of D sees: [N, features] in NCHW, and classes where D takes them.
  struct Images {
    std::span<const float> real, fake;
    std::span<const std::int32_t> real_classes, fake_classes;
    std::span<const float> real_conditions, fake_conditions;
  };
  /// Of one step.
  struct Course {
    std::int64_t count = 0;      ///< N of each batch
    std::vector<Images> images;  ///< one batch for all updates, or one for each; G's loss is on the fakes of the first
    std::uint64_t seed = 0;
    std::uint32_t number = 0;
  };
  struct Result {
    double loss = 0;                            ///< of G, against D after K updates
    std::vector<std::vector<float>> gradients;  ///< by the fakes of each batch, [N, features] in NCHW
  };
  /// D itself stays as it is. @throws NonFiniteError
  Result run(ThreadPool& pool, const Player& d, const Course& course);

  std::int64_t bytes() const;

 private:
  /// What is kept of one update: the values before it, its gradient, the moments after it.
  enum Kept { value, gradient, first, second };
  static constexpr int kKept = 4;
  /// D's view of a batch: the fakes, and behind them the reals where it is D who judges.
  struct Look {
    const Images& images;
    bool with_real;
    std::int64_t count;  ///< of each of both
    std::vector<std::int32_t> classes;
    std::vector<float> conditions;
    Step step;
  };
  /// What a loss says of each sample's logit.
  struct Slopes {
    std::vector<float> slope, curvature;
  };

  std::size_t which(const Course& course, int update) const {
    return course.images.size() == 1 ? 0 : static_cast<std::size_t>(update);
  }
  Look look_at(ThreadPool& pool, const Course& course, const Images& images, bool with_real);
  /// The outputs' gradients of some samples, by D's loss or G's; the slopes may be known from before. What is not
  /// finite shows in G's loss and gradients.
  void judge(const Look& look, SampleRange range, Slopes& slopes, bool known);
  /// Their tangents: while the logits move, the slopes of D's loss move by its second derivatives.
  void judge_tangents(const Look& look, SampleRange range, const Slopes& slopes);
  /// Runs f(Judged, rows) for those of the rows that are fakes and those that are reals.
  template <class F>
  static void for_sides(const Look& look, SampleRange range, const F& f);
  void update(Look& look, int k);
  double judge_generator(Look& look);
  /// Update k back: the adjoints of what it left become those of what it found (of the first one nobody asks for them),
  /// `of_fakes` grows by the part that goes through the fakes.
  void back(Look& look, int k, std::vector<float>& of_fakes);
  const Field& output(std::size_t i) const { return shadow_.program.field(shadow_.network.outputs[i]); }
  const Field& images() const;
  float* kept(int k, Kept what, std::size_t parameter) const {
    return trail_.data() + (std::int64_t{k} * kKept + what) * size_ + offsets_[parameter];
  }

  const Game& game_;
  Player shadow_;                      ///< D as it moves on
  std::vector<std::int64_t> offsets_;  ///< of each parameter among all of them, and their size together
  std::int64_t size_ = 0;
  Buffer trail_;  ///< [update][what is kept][all parameters]
  std::vector<kernels::Moments> moments_;
  std::vector<double> rates_;                   ///< of each update
  std::vector<Slopes> slopes_;                  ///< of each update, and of G's loss
  std::vector<Buffer> value_, first_, second_;  ///< adjoints, by parameter
  std::vector<float> numbers_, more_;           ///< of a look: one number an output; what a gradient grows by
  const Images* seen_ = nullptr;                ///< what lies in the input, and whether the reals do
  bool seen_with_real_ = false;
};

}  // namespace ganymede::engine
