#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/executor.hpp"
#include "net/description.hpp"
#include "net/families.hpp"
#include "net/keras_import.hpp"
#include "tensor/safetensors.hpp"

namespace ganymede::engine {

// Reference files computed by Keras in float64, and the comparison of an Executor with one. Two sets: the large files
// of the studies' models (folder $GANYMEDE_KERAS_REFERENCE, else ../shared/data/keras beside the sources) and the tiny
// ones of tests/engine/keras, made by bench/peers/keras_reference.py.

inline std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline std::vector<std::filesystem::path> tiny_keras_files() {
  return files_of(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "tests/engine/keras");
}

/// Empty where the folder is not there: then the test is skipped.
inline std::vector<std::filesystem::path> large_keras_files() {
  const char* named = std::getenv("GANYMEDE_KERAS_REFERENCE");
  return files_of(named != nullptr ? std::filesystem::path(named)
                                   : std::filesystem::path(GANYMEDE_SOURCE_DIR) / "../shared/data/keras");
}

/// [N, ..., C] -> [N, C, ...]; vectors [N, F] stay.
inline Tensor channels_first(const Tensor& t) {
  const Shape& from = t.shape();
  Shape shape = from;
  if (from.size() > 2) {
    shape.erase(shape.end() - 1);
    shape.insert(shape.begin() + 1, from.back());
  }
  Tensor result(DType::f32, shape);
  const std::int64_t channels = from.back(), positions = t.count() / channels / from[0];
  for (std::int64_t n = 0; n < from[0]; ++n) {
    for (std::int64_t p = 0; p < positions; ++p) {
      for (std::int64_t c = 0; c < channels; ++c) {
        result.values<float>()[static_cast<std::size_t>((n * channels + c) * positions + p)] =
            t.values<float>()[static_cast<std::size_t>((n * positions + p) * channels + c)];
      }
    }
  }
  return result;
}

inline Optimizer optimizer_from(const nlohmann::json& json) {
  Optimizer o;
  o.kind = play::named<OptimizerKind>("kind", json.at("kind"));
  o.learning_rate = json.at("learning_rate");
  o.beta1 = json.value("beta1", o.beta1);
  o.beta2 = json.value("beta2", o.beta2);
  o.epsilon = json.value("epsilon", o.epsilon);
  o.momentum = json.value("momentum", o.momentum);
  o.rho = json.value("rho", o.rho);
  o.clip_norm = json.value("clip_norm", o.clip_norm);
  return o;
}

inline Game game_from(const nlohmann::json& json) {
  Game game;
  game.loss = play::named<Loss>("loss", json.at("loss"));
  game.label_smoothing = json.value("label_smoothing", 0.0);
  game.weight_clip = json.value("weight_clip", 0.0);
  game.auxiliary_weight = json.value("auxiliary_weight", 1.0);
  game.generator = optimizer_from(json.at("generator"));
  game.discriminator = optimizer_from(json.at("discriminator"));
  return game;
}

/// One reference file, its tensors in our names and layouts.
class KerasReference {
 public:
  explicit KerasReference(const std::filesystem::path& path) : file_(read_safetensors(path)) {
    model_ = file_.metadata.at("model");
    if (file_.metadata.contains("game")) {
      generator_ = net::from_json(file_.metadata.at("generator"));
      discriminator_ = net::from_json(file_.metadata.at("discriminator"));
      game_ = game_from(nlohmann::json::parse(file_.metadata.at("game")));
    } else {
      take_studys_networks();
    }
    const std::map<std::string, Phase> names = {
        {"both", Phase::both}, {"discriminator", Phase::discriminator}, {"generator", Phase::generator}};
    if (file_.metadata.contains("phases")) {
      std::istringstream words(file_.metadata.at("phases"));
      for (std::string word; std::getline(words, word, ',');) phases_.push_back(names.at(word));
    } else {
      phases_.assign(static_cast<std::size_t>(file_.tensors.at("z").shape()[0]), Phase::both);
    }
  }

  const std::string& model() const { return model_; }
  const net::Network& generator() const { return generator_; }
  const net::Network& discriminator() const { return discriminator_; }
  const std::vector<Phase>& phases() const { return phases_; }
  std::int64_t batch() const { return file_.tensors.at("z").shape()[1]; }
  /// Of the executor to compare.
  ExecutorConfig config(int threads = 1) const {
    return {.game = game_, .batch = static_cast<int>(batch()), .threads = threads};
  }

  /// Every tensor under "<section>.<network>.": "initial", "step1.grad", "after3"; empty if there is none.
  NamedTensors section(const std::string& name) const {
    NamedTensors result;
    for (const net::Network* network : {&generator_, &discriminator_}) {
      const std::string prefix = name + "." + network->name + ".";
      NamedTensors theirs;
      for (auto it = file_.tensors.lower_bound(prefix); it != file_.tensors.end() && it->first.starts_with(prefix);
           ++it) {
        theirs.emplace(it->first.substr(prefix.size()), it->second);
      }
      for (auto& [key, tensor] : net::from_keras(*network, theirs)) result.emplace(network->name + "." + key, tensor);
    }
    return result;
  }
  bool has(const std::string& name) const { return file_.tensors.contains(name); }
  /// A tensor of samples, channels first.
  Tensor samples(const std::string& name) const { return channels_first(file_.tensors.at(name)); }

  /// The data of step i = 0, 1 ...; valid as long as the object is.
  Batch batch_of(std::size_t i) const {
    const auto [at, fresh] = steps_.try_emplace(i);
    Step& step = at->second;
    const Tensor& real = file_.tensors.at("real");
    if (fresh) {
      step.z = slice<float>(file_.tensors.at("z"), i);
      step.real =
          channels_first(Tensor::of<float>({real.shape().begin() + 1, real.shape().end()}, slice<float>(real, i)));
      if (has("class")) step.classes = slice<std::int32_t>(file_.tensors.at("class"), i);
    }
    return {.count = batch(),
            .real = step.real.values<float>(),
            .z = step.z,
            .real_classes = step.classes,
            .fake_classes = step.classes,
            .step = static_cast<std::uint32_t>(i)};
  }
  double loss(std::size_t step, int player) const {
    return file_.tensors.at("losses").values<double>()[2 * step + static_cast<std::size_t>(player)];
  }

 private:
  struct Step {
    std::span<const float> z;
    Tensor real;
    std::span<const std::int32_t> classes;
  };

  template <class T>
  static std::span<const T> slice(const Tensor& t, std::size_t i) {
    const std::size_t size = static_cast<std::size_t>(t.count() / t.shape()[0]);
    return t.values<T>().subspan(i * size, size);
  }

  // The models that a file only names; dropout is off in all of them.
  void take_studys_networks() {
    const std::map<std::string, int> latent = {
        {"digits-2d", 2}, {"digits-3d", 3}, {"digits-4d", 4}, {"digits-cgan-3d", 3}, {"dcgan", 100}};
    if (!latent.contains(model_)) fail<DataError>("a reference of the unknown model '{}'", model_);
    const auto condition = model_ == "digits-cgan-3d" ? net::Condition::embedding : net::Condition::none;
    generator_ = net::digits_generator({.latent_dim = latent.at(model_), .classes = 10, .condition = condition});
    discriminator_ = net::digits_discriminator({.classes = 10, .condition = condition, .dropout = 0});
  }

  Safetensors file_;
  std::string model_;
  net::Network generator_, discriminator_;
  Game game_;
  std::vector<Phase> phases_;
  mutable std::map<std::size_t, Step> steps_;
};

inline double element(const Tensor& t, std::int64_t i) {
  return t.dtype() == DType::f64 ? t.values<double>()[static_cast<std::size_t>(i)]
                                 : t.values<float>()[static_cast<std::size_t>(i)];
}

inline double l2_norm(const Tensor& t) {
  double squares = 0;
  for (std::int64_t i = 0; i < t.count(); ++i) squares += element(t, i) * element(t, i);
  return std::sqrt(squares);
}

inline double l2_distance(const Tensor& a, const Tensor& b) {
  double squares = 0;
  for (std::int64_t i = 0; i < a.count(); ++i) squares += std::pow(element(a, i) - element(b, i), 2);
  return std::sqrt(squares);
}

/// docs/contract.md (2): |a - b| <= bound * max(|b|, 1e-3 * the largest such norm of that network), L2 norms.
inline void expect_close_by_rule(const NamedTensors& found, const NamedTensors& wanted, double bound,
                                 const std::string& what) {
  std::map<std::string, double> largest;  // by network
  const auto network_of = [](const std::string& name) { return name.substr(0, name.find('.')); };
  for (const auto& [name, b] : wanted) {
    largest[network_of(name)] = std::max(largest[network_of(name)], l2_norm(b));
  }
  for (const auto& [name, b] : wanted) {
    const auto a = found.find(name);
    ASSERT_NE(a, found.end()) << what << " of " << name << " is missing";
    ASSERT_EQ(a->second.shape(), b.shape()) << what << " of " << name;
    EXPECT_LE(l2_distance(a->second, b), bound * std::max(l2_norm(b), 1e-3 * largest[network_of(name)]))
        << what << " of " << name << ", norm " << l2_norm(b);
  }
}

inline void expect_same_images(const Tensor& found, const Tensor& wanted, double bound, const std::string& what) {
  ASSERT_EQ(found.shape(), wanted.shape()) << what;
  EXPECT_LE(l2_distance(found, wanted), bound * l2_norm(wanted)) << what;
}

/// Plays the file's steps on an executor made for its networks and config, and compares all that the file holds. Images
/// may be off by five times the bound: Keras takes 0.999 through float32 in Adam's bias correction, so that in the
/// files of the studies' models each update is 6e-6 of itself off, which the parameters hide and the images show.
inline void expect_agrees_with_keras(const KerasReference& reference, Executor& executor, double bound,
                                     const std::set<std::string>& free = {}) {
  SCOPED_TRACE(reference.model() + " on " + executor.plan_name());
  executor.set_state(reference.section("initial"));
  const Batch first = reference.batch_of(0);
  const auto expect_inference = [&](const std::string& when) {
    const auto images = executor.infer("generator", {first.count, first.z, first.fake_classes});
    expect_same_images(images.output, reference.samples("generator_inference_" + when), 5 * bound, "inference " + when);
    if (!reference.has("discriminator_inference_" + when)) return;
    const auto logits = executor.infer("discriminator", {first.count, first.real, first.real_classes});
    expect_same_images(logits.output, reference.samples("discriminator_inference_" + when), 5 * bound,
                       "logits " + when);
  };
  expect_inference("before");
  for (std::size_t i = 0; i < reference.phases().size(); ++i) {
    const StepResult result = executor.step(reference.batch_of(i), reference.phases()[i]);
    for (const int player : {0, 1}) {
      const double loss = player == 0 ? result.generator_loss : result.discriminator_loss;
      EXPECT_NEAR(loss, reference.loss(i, player), bound * std::fabs(reference.loss(i, player)))
          << (player == 0 ? "generator" : "discriminator") << " loss of step " << i + 1;
    }
    const std::string number = std::to_string(i + 1);
    expect_close_by_rule(executor.gradients(), reference.section("step" + number + ".grad"), bound,
                         "gradient in step " + number);
  }
  const std::string after = "after" + std::to_string(reference.phases().size());
  ASSERT_FALSE(reference.section(after).empty());
  NamedTensors wanted = reference.section(after);
  for (const std::string& name : free) wanted.erase(name);
  expect_close_by_rule(executor.state(), wanted, bound, "value " + after);
  expect_inference("after");
}

}  // namespace ganymede::engine
