#pragma once

#include "page/report_series.hpp"

namespace ganymede::page {

/// A page's part on what the doctor found in training: each warning with since when, what shows it and what helps,
/// and the curves of the check-ups. Nothing where there was no check-up and no warning.
void add_doctor(Page& page, const Events& events);

}  // namespace ganymede::page
