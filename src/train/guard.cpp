#include "train/guard.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/wording.hpp"
#include "run/warnings.hpp"

namespace ganymede::train {

void Guard::on_step(const Moment& moment) {
  const double d = moment.phase == play::Phase::generator ? 0 : std::fabs(moment.result.discriminator_loss);
  const double g = moment.phase == play::Phase::discriminator ? 0 : std::fabs(moment.result.generator_loss);
  const double loss = std::max(d, g);
  const char* player = d >= g ? "discriminator" : "generator";
  if (loss > kAlarming && !warned_) {
    warned_ = true;
    events_.write(run::Event("warning")
                      .set("step", moment.position.step)
                      .set("epoch", moment.position.epoch)
                      .set("images", moment.position.images)
                      .set("reason", "loss")
                      .set("player", player)
                      .set("loss", loss));
    if (say_) {
      say_(
          fmt::format("warning: step {}: the {}'s loss is {}: the game diverges. A smaller learning_rate, clip_norm or "
                      "another game.loss may help; game.stop_above stops such runs",
                      moment.position.step, player, figure(loss)));
    }
  }
  if (stop_above_ > 0 && loss > stop_above_) {
    fail<DivergedError>("step {}: the {}'s loss is {}, above game.stop_above = {}", moment.position.step, player,
                        figure(loss), stop_above_);
  }
}

bool holds_warning(const std::filesystem::path& events) {
  const std::vector<std::string> open = run::open_warnings(events);  // nothing ends Guard's
  return std::ranges::find(open, "loss") != open.end();
}

}  // namespace ganymede::train
