#include "fit/show_progress.hpp"

#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"

namespace ganymede::fit {

namespace {

constexpr std::int64_t kPaceSteps = 20;  // by so many is the time to go told
constexpr double kLongSeconds = 10;      // and only if it is so long

}  // namespace

OnProgress show_progress(Progress& progress) {
  return [&progress, told = false](const FitProgress& p) mutable {
    std::string text = fmt::format("loss {:.4f}", p.loss);
    if (p.point != nullptr && p.point->validation.count > 0)
      text += fmt::format("  error {:.2f} %", 100 * p.point->validation.error_rate());
    progress.update(static_cast<double>(p.step), text);
    if (!told && p.step >= kPaceSteps) {
      told = true;
      if (const double left = progress.seconds_left(); left >= kLongSeconds) {
        progress.message(
            fmt::format("about {} to go, by the pace of its first {} steps", human_duration(left), p.step));
      }
    }
    return !stop_requested();
  };
}

}  // namespace ganymede::fit
