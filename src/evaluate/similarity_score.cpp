#include "evaluate/similarity_score.hpp"

#include <map>
#include <utility>

#include "base/thread_pool.hpp"
#include "measure/ms_ssim.hpp"
#include "measure/resample.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kAtOnce = 1024;  // pictures in memory

using Picture = std::vector<float>;  // at levels from 0 to 255

measure::PictureSize size_of_pictures(const ScoreContext& c) {
  const data::Dataset& reals = c.reference.test();
  return {.channels = reals.channels(), .height = reals.height(), .width = reals.width()};
}

Picture picture(const Tensor& pictures, std::int64_t i) {
  const std::int64_t each = pictures.count() / pictures.shape()[0];
  const auto values =
      pictures.values<std::uint8_t>().subspan(static_cast<std::size_t>(i * each), static_cast<std::size_t>(each));
  return {values.begin(), values.end()};
}

/// The similarity of each pair, in the order in which their second pictures come.
std::vector<double> pair_similarities(const SampleSource& source, std::int64_t count,
                                      std::span<const std::int32_t> classes, const measure::PictureSize& size,
                                      int threads) {
  const measure::SsimScales scales = measure::ssim_scales(size.height, size.width);
  ThreadPool pool(threads);
  std::map<std::int32_t, Picture> waiting;  // one a class, whose partner has not come yet
  std::vector<double> found;
  for (std::int64_t first = 0; first < count; first += kAtOnce) {
    const Tensor pictures = source(first, std::min(kAtOnce, count - first));
    std::vector<std::pair<Picture, Picture>> pairs;
    for (std::int64_t i = 0; i < pictures.shape()[0]; ++i) {
      const std::int32_t label = classes.empty() ? 0 : classes[static_cast<std::size_t>(first + i)];
      Picture one = picture(pictures, i);
      if (auto other = waiting.extract(label)) {
        pairs.emplace_back(std::move(other.mapped()), std::move(one));
      } else {
        waiting[label] = std::move(one);
      }
    }
    std::vector<double> values(pairs.size());
    pool.run(std::ssize(pairs), [&](std::int64_t p, int) {
      const auto& [a, b] = pairs[static_cast<std::size_t>(p)];
      values[static_cast<std::size_t>(p)] = measure::ms_ssim(a, b, size, scales);
    });
    found.insert(found.end(), values.begin(), values.end());
  }
  return found;
}

}  // namespace

std::string needs_pictures(const ScoreContext& c) {
  const measure::PictureSize size = size_of_pictures(c);
  if (c.reference.test().is_ink()) return "only for pictures, not for ink";
  return std::min(size.height, size.width) >= 3 ? "" : "only for pictures of 3 x 3 pixels or more";
}

measure::Score similarity_score(const ScoreContext& c, std::span<const std::int32_t> classes) {
  const measure::PictureSize size = size_of_pictures(c);
  const measure::SsimScales scales = measure::ssim_scales(size.height, size.width);
  const auto of = [&](const SampleSource& source, std::span<const std::int32_t> labels) {
    return pair_similarities(watched(source, c.options), c.count, labels, size, c.options.threads);
  };
  // Reals stand beside fakes of their own classes.
  const std::vector<std::int32_t> labels =
      classes.empty() ? std::vector<std::int32_t>() : c.reference.held_out_classes(c.count);
  const std::vector<double> fakes = of(generated(c.generator, kScoreSeed, classes), classes),
                            reals =
                                of([&](std::int64_t i, std::int64_t n) { return c.reference.held_out(i, n); }, labels);
  const double value = measure::mean_of(fakes);
  const measure::Interval interval = measure::mean_interval(fakes);
  return {.name = fmt::format("ms_ssim{}_{}_v1", measure::short_count(c.count), c.reference.data_name()),
          .value = value,
          .low = interval.low,
          .high = interval.high,
          .count_real = c.count,
          .count_fake = c.count,
          .floor = measure::mean_of(reals),
          .better = measure::Better::neither,
          .protocol =
              fmt::format("mean MS-SSIM of {} disjoint pairs{}, {} scale{} of a {} x {} window, 8-bit levels; "
                          "interval: Student's over pairs; floor: the {}' own",
                          fakes.size(), classes.empty() ? "" : " of one class", scales.weights.size(),
                          scales.weights.size() == 1 ? "" : "s", scales.window, scales.window, c.reference.reals())};
}

}  // namespace ganymede::evaluate
