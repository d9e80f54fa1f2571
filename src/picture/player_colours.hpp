#pragma once

#include "picture/colour.hpp"

namespace ganymede::picture {

/// The players of a GAN, of one colour in every picture: the first two of series_colour.
inline constexpr Colour kGeneratorColour{0, 114, 178};
inline constexpr Colour kDiscriminatorColour{213, 94, 0};

}  // namespace ganymede::picture
