#include "evaluate/neighbour_picture.hpp"

#include <algorithm>
#include <numeric>

#include "base/thread_pool.hpp"
#include "fit/samples.hpp"
#include "picture/font.hpp"
#include "picture/player_colours.hpp"
#include "train/samples.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kPiece = 4096;

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
  for (std::int64_t i = 0; i < count; ++i)
    source.copy(
        i, std::span(rows.values).subspan(static_cast<std::size_t>(i * rows.dim), static_cast<std::size_t>(rows.dim)));
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

Tensor joined_rows(const Tensor& fakes, const Tensor& train, const TrainingNeighbours& found) {
  std::vector<std::byte> bytes;
  const std::int64_t queries = fakes.shape()[0];
  const auto add = [&](const Tensor& row) { bytes.insert(bytes.end(), row.bytes().begin(), row.bytes().end()); };
  for (std::int64_t q = 0; q < queries; ++q) {
    add(slice(fakes, q, 1));
    for (const measure::Neighbours* n : {&found.by_values, &found.by_features})
      add(rows_of(train,
                  std::span(n->indices).subspan(static_cast<std::size_t>(q * n->k), static_cast<std::size_t>(n->k))));
  }
  Shape shape = fakes.shape();
  shape[0] = queries * (1 + found.by_values.k + found.by_features.k);
  Tensor all(fakes.dtype(), shape);
  std::ranges::copy(bytes, all.bytes().begin());
  return all;
}

/// With what the columns hold above them, and lines between the three groups.
picture::Image headed(const picture::Image& sheet, int columns, int by_values) {
  constexpr int kHead = 34, kFrame = 2;
  const int step = (sheet.width() - kFrame) / columns;
  picture::Image image(sheet.height() + kHead, sheet.width(), 3, picture::kWhite);
  image.blit(sheet, kHead, 0);
  const auto say = [&](int column, const char* first, const char* second) {
    picture::draw_text(image, column * step + 4, 13, first, 8, picture::kBlack);
    picture::draw_text(image, column * step + 4, 27, second, 8, picture::kBlack);
    if (column > 0) image.fill_rectangle(0, column * step, image.height(), kFrame, picture::kDiscriminatorColour);
  };
  say(0, "fake", "");
  say(1, "training samples nearest", "by values (pixels, moves)");
  say(1 + by_values, "training samples nearest", "by the classifier's features");
  return image;
}

}  // namespace

TrainingNeighbours training_neighbours(const Tensor& fakes, Reference& reference, std::int64_t k, int threads,
                                       const std::function<void()>& between) {
  ThreadPool pool(threads);
  const Tensor& train = reference.train().images;
  const measure::FeatureMatrix values = values_of(fakes);
  const Tensor fake_features = reference.classifier().features(fakes);
  TrainingNeighbours found;
  for (std::int64_t first = 0; first < train.shape()[0]; first += kPiece) {
    if (between) between();
    const std::int64_t count = std::min(kPiece, train.shape()[0] - first);
    const Tensor piece = slice(train, first, count);
    const std::int64_t most = std::min(k, count);
    join(found.by_values, measure::nearest_neighbours(values, values_of(piece), most, pool), first, k);
    const Tensor features = reference.classifier().features(piece);
    join(found.by_features,
         measure::nearest_neighbours(measure::features_of(fake_features), measure::features_of(features), most, pool),
         first, k);
  }
  const Tensor rows = joined_rows(fakes, train, found);
  const auto columns = static_cast<int>(1 + found.by_values.k + found.by_features.k);
  found.picture = headed(train::sheet(as_pictures(rows), columns, 56), columns, static_cast<int>(found.by_values.k));
  return found;
}

}  // namespace ganymede::evaluate
