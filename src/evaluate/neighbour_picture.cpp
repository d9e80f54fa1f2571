#include "evaluate/neighbour_picture.hpp"

#include <algorithm>
#include <numeric>

#include "base/thread_pool.hpp"
#include "fit/samples.hpp"
#include "picture/font.hpp"
#include "train/samples.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kScannedPiece = 4096;
constexpr double kWords = 8;

Tensor slice(const Tensor& samples, std::int64_t first, std::int64_t count) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), first);
  return rows_of(samples, rows);
}

/// Samples as rows of values in [-1, 1].
measure::FeatureMatrix values_of(const Tensor& samples) {
  const std::int64_t count = samples.shape()[0];
  const fit::Samples source = fit::samples_of(samples, std::vector<std::int32_t>(static_cast<std::size_t>(count)));
  measure::FeatureMatrix rows{.values = {}, .dim = source.values_per_sample()};
  rows.values.resize(static_cast<std::size_t>(count * rows.dim));
  for (std::int64_t i = 0; i < count; ++i) {
    source.copy(
        i, std::span(rows.values).subspan(static_cast<std::size_t>(i * rows.dim), static_cast<std::size_t>(rows.dim)));
  }
  return rows;
}

/// The k nearest of both; those of `piece` begin at row `first`.
void join(measure::Neighbours& best, const measure::Neighbours& piece, std::int64_t first, std::int64_t k) {
  measure::Neighbours joined{.k = std::min(k, best.k + piece.k), .indices = {}, .distances = {}};
  const std::int64_t queries = piece.count();
  for (std::int64_t q = 0; q < queries; ++q) {
    std::vector<std::pair<double, std::int64_t>> all;
    const auto take = [&](const measure::Neighbours& from, std::int64_t offset) {
      for (std::int64_t j = q * from.k; j < (q + 1) * from.k; ++j) {
        const auto at = static_cast<std::size_t>(j);
        all.emplace_back(from.distances[at], from.indices[at] + offset);
      }
    };
    take(best, 0);
    take(piece, first);
    std::ranges::sort(all);
    for (std::int64_t j = 0; j < joined.k; ++j) {
      joined.distances.push_back(all[static_cast<std::size_t>(j)].first);
      joined.indices.push_back(all[static_cast<std::size_t>(j)].second);
    }
  }
  best = std::move(joined);
}

/// As train::sheet takes them: f32 [N, C, H, W].
Tensor as_pictures(const Tensor& samples) {
  const Shape& s = samples.shape();
  const measure::FeatureMatrix values = values_of(samples);
  return Tensor::of<float>(s.size() == 3 ? Shape{s[0], 1, s[1], s[2]} : s, values.values);
}

/// The samples of some neighbours, query by query.
Tensor found_samples(const Tensor& train, const measure::Neighbours& found) {
  return rows_of(train, std::span(found.indices));
}

}  // namespace

picture::Image draw_neighbours(const Tensor& fakes, const Tensor& by_values, const Tensor& by_features) {
  constexpr int kHead = 38, kGap = 14, kCell = 56;
  const Shape& s = fakes.shape();
  const bool ink = s.size() == 3 || train::is_ink({s[1], s[2], s[3]});
  struct Group {
    picture::Image sheet;
    const char* first;
    const char* second;
  };
  const auto columns = [&](const Tensor& group) { return static_cast<int>(group.shape()[0] / s[0]); };
  const Group groups[] = {{train::sheet(as_pictures(fakes), 1, kCell), "fakes", ""},
                          {train::sheet(as_pictures(by_values), columns(by_values), kCell), "nearest training samples",
                           ink ? "by values (moves of the pen)" : "by values (pixels)"},
                          {train::sheet(as_pictures(by_features), columns(by_features), kCell),
                           "nearest training samples", "by the classifier's features"}};
  int width = -kGap, height = 0;
  std::vector<int> lefts;
  for (const Group& group : groups) {
    lefts.push_back(width + kGap);
    const int words = std::max(picture::text_width(group.first, kWords), picture::text_width(group.second, kWords));
    width += kGap + std::max(group.sheet.width(), words + 8);
    height = std::max(height, group.sheet.height());
  }
  picture::Image image(height + kHead, width, 3, picture::kWhite);
  for (std::size_t g = 0; g < std::size(groups); ++g) {
    picture::draw_text(image, lefts[g] + 2, 14, groups[g].first, kWords, picture::kBlack);
    picture::draw_text(image, lefts[g] + 2, 29, groups[g].second, kWords, picture::kBlack);
    image.blit(groups[g].sheet.with_channels(3), kHead, lefts[g]);
  }
  return image;
}

TrainingNeighbours training_neighbours(const Tensor& fakes, Reference& reference, std::int64_t k, int threads,
                                       const std::function<void()>& between) {
  ThreadPool pool(threads);
  const Tensor& train = reference.train().images;
  const measure::FeatureMatrix values = values_of(fakes);
  const Tensor fake_features = reference.classifier().features(fakes);
  TrainingNeighbours found;
  for (std::int64_t first = 0; first < train.shape()[0]; first += kScannedPiece) {
    if (between) between();
    const std::int64_t count = std::min(kScannedPiece, train.shape()[0] - first);
    const Tensor piece = slice(train, first, count);
    const std::int64_t most = std::min(k, count);
    join(found.by_values, measure::nearest_neighbours(values, values_of(piece), most, pool), first, k);
    const Tensor features = reference.classifier().features(piece);
    join(found.by_features,
         measure::nearest_neighbours(measure::features_of(fake_features), measure::features_of(features), most, pool),
         first, k);
  }
  found.picture =
      draw_neighbours(fakes, found_samples(train, found.by_values), found_samples(train, found.by_features));
  return found;
}

}  // namespace ganymede::evaluate
