#pragma once

#include "page/document.hpp"
#include "page/report_series.hpp"

namespace ganymede::page {

/// Losses, D's accuracies and gradient norms over the epochs, and the weak classifier's errors where it watched.
void add_curves(Page& page, const Events& events);
/// What points of a known mixture tell while a run trains; nothing of others.
void add_mixture_curves(Page& page, const Events& events);

}  // namespace ganymede::page
