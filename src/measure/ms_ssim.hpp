#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ganymede::measure {

/// Pictures [C, H, W] of values from 0 to 255, lent to a measure.
struct PictureSize {
  std::int64_t channels = 1, height = 0, width = 0;
  std::int64_t values() const { return channels * height * width; }
};

/// How many scales a picture has, and what is looked at of each.
struct SsimScales {
  std::int64_t window = 11;     ///< pixels a side
  double deviation = 1.5;       ///< of the Gaussian in it, pixels
  std::vector<double> weights;  ///< one a scale, the finest first; their sum is 1
};
/// The rule: the window of 11 x 11 pixels with deviation 1.5 and the weights .0448 .2856 .3001 .2363 .1333 of Wang et
/// al. (2003), as many of the five scales as the window fits into whole (the shorter side is at least 11 pixels),
/// their weights divided by their sum. 176 pixels have all five, 64 three, 28 two. A picture with less than 11 pixels
/// a side has one scale, and the largest odd window that fits, its deviation smaller by as much.
/// @throws ShapeError for a side below 3.
SsimScales ssim_scales(std::int64_t height, std::int64_t width);

/// Multi-scale structural similarity of two pictures (Wang, Simoncelli and Bovik 2003; of GANs: Odena, Olah and Shlens
/// 2017): 1 for equal ones, about 0 for such as share nothing.
///   prod over scales s of max(0, m_s)^w_s,
/// m_s the mean over channels and places of the contrast and structure (2 c_xy + C2) / (c_xx + c_yy + C2), at the
/// coarsest scale times the luminance (2 m_x m_y + C1) / (m_x^2 + m_y^2 + C1); means and (co)variances by the Gaussian
/// of every whole window; C1 = (.01 255)^2, C2 = (.03 255)^2. From scale to scale means of 2 x 2 pixels, an odd last
/// row or column left out. `first`, `second`: [C, H, W].
double ms_ssim(std::span<const float> first, std::span<const float> second, const PictureSize& size,
               const SsimScales& scales);

}  // namespace ganymede::measure
