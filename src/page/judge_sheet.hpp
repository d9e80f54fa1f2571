#pragma once

#include <string>

#include "measure/user_study.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::page {

/// A blind test as one HTML file that asks without a server: pictures u8 [N, H, W, C] as they stand on the left and on
/// the right, and a script that gives back a file of picks (measure::parse_picks). Which picture is the fake is not in
/// it: the seed is, from which `ganymede judge RUN --import` works it out. What was answered stays in the browser, so
/// that a sheet that was closed goes on. @throws ShapeError unless both have the shape of the test's trials.
std::string judge_sheet(const measure::BlindTest& test, const Tensor& left, const Tensor& right);

}  // namespace ganymede::page
