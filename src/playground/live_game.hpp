#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "play/backend.hpp"
#include "run/recipe.hpp"
#include "train/course.hpp"
#include "train/setup.hpp"

namespace ganymede::playground {

/// What was measured of one update, for curves.
struct Measured {
  double step = 0;            ///< finished steps after it
  double generator_loss = 0;  ///< as play::StepResult; of updates of D alone what G's would be
  double discriminator_loss = 0;
  double real_accuracy = 0, fake_accuracy = 0;
  double generator_gradient = 0, discriminator_gradient = 0;  ///< L2 norm over all parameters
};

/// What can be asked of a game.
enum class Move {
  step,           ///< all updates until G was updated
  update,         ///< the next update by the schedule
  discriminator,  ///< one update of D, beside the schedule
  generator,      ///< one of G
};

/// A knob that was turned while the game went on.
struct Turned {
  std::int64_t step = 0;
  std::string key, before, after;
};

/// A small GAN on points, trained step by step while somebody looks. Played by steps alone it is `ganymede train` of
/// its recipe, bit for bit: the same course over the same feed and executor, for as long as nobody turns a knob.
/// One thread at a time.
class LiveGame {
 public:
  /// `drawn`: the data, instead of what the recipe names. @throws ConfigError where such a game is not for the
  /// playground (bounds.hpp) or the recipe is impossible
  LiveGame(const play::Backend& backend, const run::Recipe& recipe, std::optional<data::Dataset> drawn = {});
  ~LiveGame();

  /// One move. A loss or gradient that is not finite ends the game: it stays as it was before, `fault` says so, and
  /// further moves do nothing until a knob is turned or it begins anew.
  void move(Move what);

  /// Turns knobs, as `--set` writes them. What the players have learnt stays, moments of their optimisers too where the
  /// rule is the same; an epoch that was under way begins again. Keys of the data, the noise, the networks or the seed
  /// ask for new networks: then it begins anew. True if it did. @throws ConfigError; then nothing has changed
  bool turn(const std::vector<std::string>& sets);
  /// From fresh weights, as at first.
  void begin_anew();

  const run::Recipe& recipe() const { return setup_.recipe; }
  const train::Setup& setup() const { return setup_; }
  play::Executor& executor() { return *setup_.executor; }
  const train::Course& course() const { return *course_; }
  train::Feed& feed() { return *feed_; }
  const std::string& fault() const { return fault_; }
  const std::vector<Turned>& turned() const { return turned_; }
  bool is_drawn() const { return drawn_.has_value(); }
  int dim() const { return setup_.dataset.channels(); }
  /// How often it began: what is drawn of another beginning is drawn anew.
  int beginnings() const { return beginnings_; }
  /// What was measured since the last call, the newest last; the oldest are left out where there are too many.
  std::vector<Measured> take_measured();
  /// Of data, networks and optimisers.
  std::int64_t bytes() const;

 private:
  void set_out(train::Setup setup);
  void note(const train::Course::Update& update);

  const play::Backend& backend_;
  std::optional<data::Dataset> drawn_;
  train::Setup setup_;
  std::unique_ptr<train::Feed> feed_;
  std::unique_ptr<train::Course> course_;
  Measured last_;
  std::vector<Measured> measured_;
  std::vector<Turned> turned_;
  std::string fault_;
  int beginnings_ = 0;
};

/// Whether going from one to the other asks for new networks: data, noise, networks or seed differ.
bool begins_anew(const run::Recipe& before, const run::Recipe& after);

}  // namespace ganymede::playground
