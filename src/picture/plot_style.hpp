#pragma once

#include "picture/colour.hpp"

namespace ganymede::picture {

// How plots look: one manner for all of them.

inline constexpr Colour kPlotText{45, 45, 45}, kPlotFaint{110, 110, 110}, kPlotGridLine{232, 232, 232},
    kPlotAxisLine{150, 150, 150};
inline constexpr double kPlotTitleSize = 13, kPlotLabelSize = 9, kPlotTickSize = 8;

}  // namespace ganymede::picture
