#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "playground/live_game.hpp"
#include "playground/scene.hpp"
#include "serve/catalogue.hpp"

namespace ganymede::serve {

/// What live games may take of this machine, all together.
struct GameLimits {
  std::size_t games = 6;
  std::int64_t bytes = 128LL << 20;            ///< of all of them
  std::chrono::milliseconds idle{120'000};     ///< a game that nobody has asked for so long is gone
  std::chrono::milliseconds patience{15'000};  ///< one that was silent for so long makes room for a new one
};

/// The games that are played live, each under a name that cannot be guessed. Games are made, asked and played by one
/// thread (Lane::games); the one that lets forgotten ones go is another.
class Games {
 public:
  struct Game {
    Game(const play::Backend& backend, const run::Recipe& recipe, std::optional<data::Dataset> drawn,
         std::string begun_with)
        : preset(std::move(begun_with)), live(backend, recipe, std::move(drawn)), stage(backend, live) {}
    std::string preset;
    playground::LiveGame live;
    playground::Stage stage;
  };

  Games(const play::Backend& backend, const GameLimits& limits);
  ~Games();
  Games(const Games&) = delete;
  Games& operator=(const Games&) = delete;

  /// A new game, and its name. The one that was silent for longest makes room for it. @throws HttpError 503 where all
  /// are played just now; what LiveGame throws
  std::pair<std::string, std::shared_ptr<Game>> begin(const run::Recipe& recipe, std::optional<data::Dataset> drawn,
                                                      const std::string& preset);
  /// @throws HttpError 404 for one that is gone.
  std::shared_ptr<Game> find(const std::string& name);
  void end(const std::string& name);

  /// Whether a run is trained beside the games, as of two seconds ago at most. On the games' own thread.
  bool beside_training(const Catalogue& runs);
  std::size_t count() const;
  std::int64_t bytes() const;
  const GameLimits& limits() const { return limits_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Kept {
    std::shared_ptr<Game> game;
    Clock::time_point asked;
    std::int64_t bytes = 0;
  };
  /// Lets go of those that were silent for longer; they die outside the lock.
  std::vector<std::shared_ptr<Game>> taken_silent(Clock::duration longer_than, std::size_t most);
  void sweep(std::stop_token stop);

  const play::Backend& backend_;
  GameLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::map<std::string, Kept> games_;
  Clock::time_point trains_asked_{};
  bool trains_ = false;
  std::jthread sweeper_;  // last: it uses the others
};

}  // namespace ganymede::serve
