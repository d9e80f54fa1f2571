#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "explore/class_map.hpp"
#include "picture/image.hpp"

namespace ganymede::explore {

// What pictures of class maps are put together from: one plane, its areas' names, a path on it, its axes.

inline constexpr double kMapText = 9, kMapTitle = 11;
inline constexpr picture::Colour kMapInk{40, 40, 40}, kMapFaint{110, 110, 110};

/// Labels [side, side] as squares of `scale` pixels in the classes' colours; first axis right, second upwards. `pale`:
/// [K], which classes are drawn so; none: no class.
picture::Image draw_labels(std::span<const std::int32_t> labels, int side, int scale,
                           const std::vector<bool>& pale = {});
/// The colour of a class that is pale: what is left of it on white.
picture::Colour pale_colour(int k);

/// Writes the name of each class into the middle of its largest spot, its number where the name is too long for it, and
/// nothing where that is, too.
void name_areas(picture::Image& plane, std::span<const std::int32_t> labels, std::span<const std::string> class_names,
                int side, int scale, const std::vector<bool>& pale = {});
/// A class in a legend: "bee", and with its number where the areas may say that: "2 bee".
std::string numbered_name(std::size_t k, std::span<const std::string> class_names);

/// A line through points [N, 2] of the plane, with a dot at both ends; of a single point the dot.
void draw_path(picture::Image& plane, std::span<const float> axis, std::span<const float> points, int scale);
/// The same as dashes without dots: the shadow of a line that is not in the plane.
void draw_dashes(picture::Image& plane, std::span<const float> axis, std::span<const float> points, int scale);
/// A point of the plane as a ring with a colour inside (black: a dot) and a name beside it.
void draw_point(picture::Image& plane, std::span<const float> axis, float right, float up, int scale,
                picture::Colour inside, const std::string& name = "");
/// A line a right + b up + c = 0 of a plane, with a colour and a name.
struct NamedLine {
  std::string name;
  picture::Colour colour;
  double a = 0, b = 0, c = 0;
};
/// The line with a rim of white, an arrow from it to where a right + b up + c is above 0, and its name there. Nothing
/// where it does not cross the plane.
void draw_named_line(picture::Image& plane, std::span<const float> axis, const NamedLine& line, int scale);
/// What is drawn at a point of the plane.
picture::Colour colour_at(const picture::Image& plane, std::span<const float> axis, float right, float up, int scale);

/// The plane with the ticks and names of its axes left of it and below.
picture::Image with_ticks(const picture::Image& plane, std::span<const float> axis, MapAxis kind,
                          const std::string& right, const std::string& up);
inline constexpr int kTicksLeft = 44;  ///< pixels that they take left of it

}  // namespace ganymede::explore
