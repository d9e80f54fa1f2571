#include "evaluate/classified.hpp"

#include <algorithm>

#include "fit/samples.hpp"
#include "train/point_painter.hpp"
#include "train/samples.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kPiece = 1024;

void append(measure::FeatureMatrix& to, const Tensor& rows) {
  const auto values = rows.values<float>();
  to.dim = rows.shape()[1];
  to.values.insert(to.values.end(), values.begin(), values.end());
}

}  // namespace

Classified classify(fit::Classifier& classifier, const SampleSource& source, std::int64_t count,
                    std::vector<std::int32_t> wanted) {
  Classified classified;
  classified.wanted = std::move(wanted);
  for (std::int64_t first = 0; first < count; first += kPiece) {
    const auto outputs = classifier.all(source(first, std::min(kPiece, count - first)));
    append(classified.features, outputs.features);
    append(classified.probabilities, outputs.probabilities);
    classified.labels.insert(classified.labels.end(), outputs.labels.begin(), outputs.labels.end());
  }
  return classified;
}

SampleSource generated_raw(explore::TrainedGenerator& generator, std::uint64_t seed,
                           std::span<const std::int32_t> classes) {
  return [&generator, seed, classes](std::int64_t first, std::int64_t count) {
    const auto wanted = generator.classes() == 0
                            ? std::span<const std::int32_t>()
                            : classes.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
    Tensor drawn = generator.draw_named(seed + static_cast<std::uint64_t>(first), count, wanted);
    const Shape& s = drawn.shape();
    if (train::is_points({s[1], s[2], s[3]})) return drawn.reshaped({s[0], s[1]});
    return train::is_ink({s[1], s[2], s[3]}) ? drawn.reshaped({s[0], s[2], s[3]}) : drawn;
  };
}

SampleSource generated(explore::TrainedGenerator& generator, std::uint64_t seed,
                       std::span<const std::int32_t> classes) {
  return [raw = generated_raw(generator, seed, classes)](std::int64_t first, std::int64_t count) {
    Tensor drawn = raw(first, count);
    return drawn.shape().size() == 4 ? fit::to_levels(drawn) : drawn;
  };
}

SampleSource generated(train::Setup& setup, train::Noise& noise, std::uint64_t seed) {
  return [&setup, &noise, seed](std::int64_t first, std::int64_t count) {
    const train::NamedSamples samples =
        train::named_samples(noise, setup.networks.generator, seed + static_cast<std::uint64_t>(first), count);
    const bool ema = setup.recipe.game.ema_decay > 0;
    return explore::as_samples(setup.executor->infer("generator", samples.inputs(), ema).output);
  };
}

Tensor collect(const SampleSource& source, std::int64_t count) {
  Tensor all;
  std::size_t at = 0;
  for (std::int64_t first = 0; first < count; first += kPiece) {
    const Tensor piece = source(first, std::min(kPiece, count - first));
    if (first == 0) {
      Shape shape = piece.shape();
      shape[0] = count;
      all = Tensor(piece.dtype(), shape);
    }
    const auto bytes = piece.bytes();
    std::copy(bytes.begin(), bytes.end(), all.bytes().begin() + static_cast<std::ptrdiff_t>(at));
    at += bytes.size();
  }
  return all;
}

Tensor rows_of(const Tensor& samples, std::span<const std::int64_t> indices) {
  Shape shape = samples.shape();
  const std::size_t size = samples.bytes().size() / static_cast<std::size_t>(shape[0]);
  shape[0] = static_cast<std::int64_t>(indices.size());
  Tensor rows(samples.dtype(), shape);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto row = samples.bytes().subspan(static_cast<std::size_t>(indices[i]) * size, size);
    std::copy(row.begin(), row.end(), rows.bytes().begin() + static_cast<std::ptrdiff_t>(i * size));
  }
  return rows;
}

}  // namespace ganymede::evaluate
