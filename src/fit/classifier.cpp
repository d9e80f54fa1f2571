#include "fit/classifier.hpp"

#include <algorithm>
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

}  // namespace

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

const Shape& Classifier::input_shape() const {
  return input_of(record_.network).shape;
}

std::int64_t Classifier::bytes() const {
  std::int64_t bytes = model_->memory_bytes();
  for (const auto& [name, tensor] : record_.parameters) bytes += static_cast<std::int64_t>(tensor.bytes().size());
  return bytes;
}

std::int64_t Classifier::feature_count() const {
  return net::infer_shapes(record_.network)[static_cast<std::size_t>(record_.network.index_of(kFeatures))][0];
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
  Outputs outputs;
  const std::int64_t classes = std::max(class_count(), 2);
  outputs.probabilities = Tensor(DType::f32, {count, classes});
  std::int64_t tapped = 0;  // values of a sample
  if (!tap.empty()) {
    Shape shape = net::infer_shapes(record_.network)[static_cast<std::size_t>(record_.network.index_of(tap))];
    tapped = element_count(shape);
    shape.insert(shape.begin(), count);
    outputs.features = Tensor(DType::f32, shape);
  }
  for_each_piece(source, kPiece, [&](std::int64_t first, std::int64_t n, std::span<const float> values) {
    std::vector<std::string> taps;
    if (!tap.empty()) taps.push_back(tap);
    const play::Inference found = model_->infer({.count = n, .values = values, .by_itself = count == 1}, taps);
    to_probabilities(found.output,
                     outputs.probabilities.values<float>().subspan(static_cast<std::size_t>(first * classes),
                                                                   static_cast<std::size_t>(n * classes)));
    const std::vector<std::int32_t> labels = labels_of(found.output);
    outputs.labels.insert(outputs.labels.end(), labels.begin(), labels.end());
    if (!tap.empty()) {
      const auto features = found.taps.at(tap).values<float>();
      std::copy(features.begin(), features.end(), outputs.features.values<float>().begin() + first * tapped);
    }
  });
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
