#include "fit/classifier.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/portable_math.hpp"
#include "fit/networks.hpp"

namespace ganymede::fit {
namespace {

constexpr std::int64_t kPiece = 1024;  // samples of one call of the model
constexpr int kModelBatch = 128;

// Rows of probabilities [n, max(K, 2)] from logits [n, K].
void to_probabilities(const Tensor& logits, std::span<float> out) {
  const auto k = static_cast<std::size_t>(logits.shape()[1]);
  const auto all = logits.values<float>();
  if (k == 1) {
    for (std::size_t n = 0; n < all.size(); ++n) {
      out[2 * n] = static_cast<float>(portable_sigmoid(-double{all[n]}));
      out[2 * n + 1] = static_cast<float>(portable_sigmoid(all[n]));
    }
    return;
  }
  std::vector<double> powers(k);
  for (std::size_t first = 0; first < all.size(); first += k) {
    const auto row = all.subspan(first, k);
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (std::size_t c = 0; c < k; ++c) sum += powers[c] = portable_exp(row[c] - top);
    for (std::size_t c = 0; c < k; ++c) out[first + c] = static_cast<float>(powers[c] / sum);
  }
}

const net::Input& input_of(const net::Network& network) {
  return std::get<net::Input>(network.nodes.front().layer);
}

constexpr int kMostStackedClasses = 10000;

// The probabilities of every row of classes, [n, K^s], from those of the parts, [n s, K].
Tensor joined_probabilities(const Tensor& parts, int s) {
  const auto k = static_cast<std::size_t>(parts.shape()[1]);
  const std::size_t samples = static_cast<std::size_t>(parts.shape()[0]) / static_cast<std::size_t>(s);
  std::size_t classes = 1;
  for (int i = 0; i < s; ++i) classes *= k;
  Tensor joined(DType::f32, {static_cast<std::int64_t>(samples), static_cast<std::int64_t>(classes)});
  std::vector<double> row(classes), longer(classes);
  for (std::size_t n = 0; n < samples; ++n) {
    row[0] = 1;
    std::size_t filled = 1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(s); ++i) {
      const auto part = parts.values<float>().subspan((n * static_cast<std::size_t>(s) + i) * k, k);
      for (std::size_t a = 0; a < filled; ++a) {
        for (std::size_t b = 0; b < k; ++b) longer[a * k + b] = row[a] * static_cast<double>(part[b]);
      }
      filled *= k;
      std::swap(row, longer);
    }
    std::ranges::transform(row, joined.values<float>().begin() + static_cast<std::ptrdiff_t>(n * classes),
                           [](double p) { return static_cast<float>(p); });
  }
  return joined;
}

// The most probable row of classes is that of the parts' most probable ones.
std::vector<std::int32_t> joined_labels(std::span<const std::int32_t> parts, int s, std::int32_t classes) {
  std::vector<std::int32_t> joined(parts.size() / static_cast<std::size_t>(s), 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::int32_t& label = joined[i / static_cast<std::size_t>(s)];
    label = label * classes + parts[i];
  }
  return joined;
}

}  // namespace

ClassifierRecord stacked(ClassifierRecord record, int s) {
  const std::vector<std::string> parts = record.class_names;
  if (s < 1 || std::pow(static_cast<double>(parts.size()), s) > kMostStackedClasses) {
    fail<ConfigError>("a stacked classifier: wanted 1 part or more and at most {} classes in all, found {} of {} each",
                      kMostStackedClasses, s, parts.size());
  }
  record.stacked = s;
  record.class_names = {""};
  for (int i = 0; i < s; ++i) {
    std::vector<std::string> longer;
    for (const std::string& name : record.class_names) {
      for (const std::string& part : parts) longer.push_back(name + part);
    }
    record.class_names = std::move(longer);
  }
  return record;
}

Classifier::Classifier(const play::Backend& backend, ClassifierRecord record, int threads, play::Precision precision)
    : record_(std::move(record)),
      model_(backend.make_model(record_.network, {.batch = kModelBatch, .threads = threads, .precision = precision})) {
  model_->load(record_.parameters);
}

Classifier::Classifier(const play::Backend& backend, ClassifierRecord record, std::shared_ptr<ThreadPool> pool)
    : record_(std::move(record)),
      model_(backend.make_model(record_.network, {.batch = kModelBatch, .pool = std::move(pool)})) {
  model_->load(record_.parameters);
}

Shape Classifier::input_shape() const {
  Shape shape = input_of(record_.network).shape;
  shape[0] *= record_.stacked;
  return shape;
}

std::int64_t Classifier::bytes() const {
  std::int64_t bytes = model_->memory_bytes();
  for (const auto& [name, tensor] : record_.parameters) bytes += static_cast<std::int64_t>(tensor.bytes().size());
  return bytes;
}

std::int64_t Classifier::feature_count() const {
  const std::vector<Shape> shapes = net::infer_shapes(record_.network);
  return record_.stacked * shapes[static_cast<std::size_t>(record_.network.index_of(kFeatures))][0];
}

std::int64_t Classifier::part_classes() const {
  const std::vector<Shape> shapes = net::infer_shapes(record_.network);
  return shapes[static_cast<std::size_t>(record_.network.index_of(record_.network.outputs[0]))][0];
}

Classifier::Outputs Classifier::run(const Tensor& samples, const std::string& tap) {
  const std::int64_t count = samples.shape().empty() ? 0 : samples.shape()[0];
  const Samples source = samples_of(samples, std::vector<std::int32_t>(static_cast<std::size_t>(count)));
  Shape wanted = input_shape();
  if (source.shape.size() == 2 && wanted[0] == 1) wanted.erase(wanted.begin());
  if (source.shape != wanted) {
    fail<ShapeError>("the classifier of {} takes samples {}, found {}", record_.data, to_string(wanted),
                     to_string(source.shape));
  }
  // The parts of a stacked sample lie behind one another: to the network they are samples.
  const std::int64_t s = record_.stacked;
  Outputs outputs;
  const std::int64_t classes = std::max<std::int64_t>(s > 1 ? part_classes() : class_count(), 2);
  outputs.probabilities = Tensor(DType::f32, {count * s, classes});
  std::int64_t tapped = 0;  // values of a sample
  if (!tap.empty()) {
    Shape shape = net::infer_shapes(record_.network)[static_cast<std::size_t>(record_.network.index_of(tap))];
    shape[0] *= s;
    tapped = element_count(shape);
    shape.insert(shape.begin(), count);
    outputs.features = Tensor(DType::f32, shape);
  }
  for_each_piece(source, kPiece, [&](std::int64_t first, std::int64_t n, std::span<const float> values) {
    std::vector<std::string> taps;
    if (!tap.empty()) taps.push_back(tap);
    const play::Inference found = model_->infer({.count = n * s, .values = values, .by_itself = count * s == 1}, taps);
    to_probabilities(found.output,
                     outputs.probabilities.values<float>().subspan(static_cast<std::size_t>(first * s * classes),
                                                                   static_cast<std::size_t>(n * s * classes)));
    const std::vector<std::int32_t> labels = labels_of(found.output);
    outputs.labels.insert(outputs.labels.end(), labels.begin(), labels.end());
    if (!tap.empty()) {
      const auto features = found.taps.at(tap).values<float>();
      std::copy(features.begin(), features.end(), outputs.features.values<float>().begin() + first * tapped);
    }
  });
  if (s > 1) {
    outputs.probabilities = joined_probabilities(outputs.probabilities, record_.stacked);
    outputs.labels = joined_labels(outputs.labels, record_.stacked, static_cast<std::int32_t>(classes));
  }
  return outputs;
}

Tensor Classifier::probabilities(const Tensor& samples) {
  return run(samples, "").probabilities;
}
Tensor Classifier::features(const Tensor& samples) {
  return run(samples, kFeatures).features;
}
Tensor Classifier::feature_maps(const Tensor& samples) {
  return run(samples, record_.network.nodes[static_cast<std::size_t>(record_.network.index_of("flatten"))].inputs[0])
      .features;
}
std::vector<std::int32_t> Classifier::labels(const Tensor& samples) {
  return run(samples, "").labels;
}
Classifier::Outputs Classifier::judge(const Tensor& samples) {
  return run(samples, "");
}
Classifier::Outputs Classifier::all(const Tensor& samples) {
  return run(samples, kFeatures);
}

Evaluation Classifier::evaluate(const Samples& samples) {
  return fit::evaluate(
      samples, [&](const play::Inputs& inputs) { return model_->infer(inputs).output; }, kPiece);
}

}  // namespace ganymede::fit
