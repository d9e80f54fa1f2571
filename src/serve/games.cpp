#include "serve/games.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "serve/message.hpp"
#include "serve/token.hpp"

namespace ganymede::serve {

Games::Games(const play::Backend& backend, const GameLimits& limits)
    : backend_(backend), limits_(limits), sweeper_([this](const std::stop_token& stop) { sweep(stop); }) {}

Games::~Games() {
  sweeper_.request_stop();
  wake_.notify_all();
}

std::vector<std::shared_ptr<Games::Game>> Games::taken_silent(Clock::duration longer_than, std::size_t most) {
  std::vector<std::shared_ptr<Game>> taken;
  const std::lock_guard lock(mutex_);
  while (taken.size() < most) {
    const auto oldest = std::ranges::min_element(games_, {}, [](const auto& one) { return one.second.asked; });
    if (oldest == games_.end() || Clock::now() - oldest->second.asked < longer_than) break;
    taken.push_back(std::move(oldest->second.game));
    games_.erase(oldest);
  }
  return taken;
}

void Games::sweep(std::stop_token stop) {
  const auto pause = std::clamp(limits_.idle / 8, std::chrono::milliseconds(10), std::chrono::milliseconds(5000));
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, pause, [] { return false; });
    }
    if (!stop.stop_requested()) taken_silent(limits_.idle, limits_.games);
  }
}

std::pair<std::string, std::shared_ptr<Games::Game>> Games::begin(const run::Recipe& recipe,
                                                                  std::optional<data::Dataset> drawn,
                                                                  const std::string& preset) {
  while (count() >= limits_.games || (count() > 0 && bytes() >= limits_.bytes)) {
    if (taken_silent(limits_.patience, 1).empty()) {
      throw HttpError(503,
                      fmt::format("{} games are played at this server just now, which is all that it allows: close "
                                  "one of their pages",
                                  count()));
    }
  }
  auto game = std::make_shared<Game>(backend_, recipe, std::move(drawn), preset);
  std::string name = make_token();
  const std::lock_guard lock(mutex_);
  games_[name] = {.game = game, .asked = Clock::now(), .bytes = game->live.bytes()};
  return {std::move(name), std::move(game)};
}

std::shared_ptr<Games::Game> Games::find(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = games_.find(name);
  if (found == games_.end()) {
    throw HttpError(404, fmt::format("this game is gone: nobody asked for it for {} s, or the server was started anew",
                                     std::chrono::duration_cast<std::chrono::seconds>(limits_.idle).count()));
  }
  Kept& kept = found->second;
  kept.asked = Clock::now();
  kept.bytes = kept.game->live.bytes() + kept.game->stage.bytes();
  return kept.game;
}

void Games::end(const std::string& name) {
  std::shared_ptr<Game> taken;  // dies outside the lock
  const std::lock_guard lock(mutex_);
  const auto found = games_.find(name);
  if (found == games_.end()) return;
  taken = std::move(found->second.game);
  games_.erase(found);
}

bool Games::beside_training(const Catalogue& runs) {
  if (Clock::now() - trains_asked_ > std::chrono::seconds(2)) {
    trains_ = runs.somebody_trains();
    trains_asked_ = Clock::now();
  }
  return trains_;
}

std::size_t Games::count() const {
  const std::lock_guard lock(mutex_);
  return games_.size();
}

std::int64_t Games::bytes() const {
  const std::lock_guard lock(mutex_);
  std::int64_t sum = 0;
  for (const auto& [name, kept] : games_) sum += kept.bytes;
  return sum;
}

}  // namespace ganymede::serve
