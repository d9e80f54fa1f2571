#include "train/point_painter.hpp"

#include <algorithm>
#include <numeric>

#include "base/portable_math.hpp"

namespace ganymede::train {

bool is_points(const Shape& sample) {
  return sample.size() == 3 && sample[1] == 1 && sample[2] == 1;
}

std::vector<float> shares_of_real(std::span<const float> logits, play::Loss loss) {
  const double sum = std::accumulate(logits.begin(), logits.end(), 0.0);
  const double mean = logits.empty() ? 0 : sum / static_cast<double>(logits.size());
  const double threshold = play::threshold(loss).value_or(mean);
  std::vector<float> shares;
  for (const float logit : logits)
    shares.push_back(static_cast<float>(portable_sigmoid(static_cast<double>(logit) - threshold)));
  return shares;
}

PointPainter::PointPainter(const data::Dataset& reals, play::Loss loss) : dim_(reals.channels()), loss_(loss) {
  const auto shown = reals.images.values<float>().first(
      static_cast<std::size_t>(std::min(kPointsShown, reals.size()) * reals.channels()));
  reals_.assign(shown.begin(), shown.end());
  frame_ = data::frame_of(reals_, dim_);
  places_ = data::places_to_ask(frame_, dim_);
}

std::vector<float> PointPainter::shares(const std::function<Tensor(const play::Inputs&)>& ask) const {
  if (places_.empty() || !ask) return {};
  const Tensor logits = ask({.count = static_cast<std::int64_t>(places_.size()) / dim_, .values = places_});
  return shares_of_real(logits.values<float>(), loss_);
}

picture::Image PointPainter::draw(const Tensor& fakes, const std::function<Tensor(const play::Inputs&)>& ask,
                                  const PointLines& lines) const {
  const std::vector<float> said = shares(ask);
  return data::picture_of_points({.dim = dim_,
                                  .frame = frame_,
                                  .real = reals_,
                                  .fake = fakes.values<float>(),
                                  .shares = said,
                                  .manifold = lines.manifold,
                                  .pushed = lines.pushed,
                                  .pushes = lines.pushes});
}

picture::Image sheet_of_points(const Tensor& points) {
  const auto values = points.values<float>();
  const auto dim = static_cast<int>(points.shape()[1]);
  return data::picture_of_points({.dim = dim, .frame = data::frame_of(values, dim), .fake = values});
}

}  // namespace ganymede::train
