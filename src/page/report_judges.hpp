#pragma once

#include "page/report_series.hpp"
#include "run/run_directory.hpp"

namespace ganymede::page {

/// A page's part on who tells real from generated (S-LATENT L5): the curves of the classifiers that judged the newest
/// weights, and how fast and how well they and the run's own discriminator tell. Files that cannot be read are named;
/// nothing is added where there is no curve.
void add_judges(Page& page, const run::RunDirectory& run, const Events& events);

/// Samples of both sides that a judge had seen when it first told 90 % of them rightly, or where it told most.
struct Speed {
  double samples = 0;
  double share = 0;
  bool reached = false;  ///< 90 %
};
/// Of shares over samples, in order; @throws Error if there are none.
Speed speed_of(const picture::Series& told);

/// What D told rightly in training over the samples that it had seen, reals and fakes: the mean of both sides' shares.
picture::Series told_in_training(const Events& events);

}  // namespace ganymede::page
