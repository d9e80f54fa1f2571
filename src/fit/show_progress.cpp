#include "fit/show_progress.hpp"

#include "base/error.hpp"
#include "base/signal.hpp"

namespace ganymede::fit {

OnProgress show_progress(Progress& progress) {
  return [&progress](const FitProgress& p) {
    std::string text = fmt::format("loss {:.4f}", p.loss);
    if (p.point != nullptr && p.point->validation.count > 0)
      text += fmt::format("  error {:.2f} %", 100 * p.point->validation.error_rate());
    progress.update(static_cast<double>(p.step), text);
    return !stop_requested();
  };
}

}  // namespace ganymede::fit
