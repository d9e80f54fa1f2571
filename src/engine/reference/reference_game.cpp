#include "engine/reference/reference_game.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/loss.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

template <class T>
std::vector<T> convert(std::span<const float> values) {
  return {values.begin(), values.end()};
}

// [zeros for the real half; gradient of the fake half], or the fake half alone.
template <class T>
std::vector<T> behind_real(const std::vector<T>& fake, bool with_real) {
  std::vector<T> both(with_real ? fake.size() : 0, T(0));
  both.insert(both.end(), fake.begin(), fake.end());
  return both;
}

template <class T>
std::span<const T> half(const std::vector<T>& both, int which) {
  return std::span<const T>(both).subspan(which * both.size() / 2, both.size() / 2);
}

}  // namespace

template <class T>
ReferenceGame<T>::ReferenceGame(const net::Network& generator, const net::Network& discriminator,
                                const ExecutorConfig& config)
    : game_(config.game),
      generator_(generator),
      discriminator_(discriminator),
      generator_optimizer_(config.game.generator, generator_.variables()),
      discriminator_optimizer_(config.game.discriminator, discriminator_.variables()) {
  const Shape made = net::infer_shapes(generator)[static_cast<std::size_t>(generator.index_of(generator.outputs[0]))];
  const std::string image = net::value_input(discriminator).name;
  const Shape taken = net::infer_shapes(discriminator)[static_cast<std::size_t>(discriminator.index_of(image))];
  if (packed(made, config.game.pack) != taken) {
    fail<ConfigError>("the generator makes {}, the discriminator's '{}' takes {}", to_string(made), image,
                      to_string(taken));
  }
}

template <class T>
void ReferenceGame<T>::set_noise(const std::string& network, std::map<std::string, std::vector<T>> noise) {
  (network == generator_.network().name ? generator_noise_ : discriminator_noise_) = std::move(noise);
}

template <class T>
void ReferenceGame<T>::set_noise(const Noise& noise) {
  for (const net::Network* network : {&generator_.network(), &discriminator_.network()}) {
    std::map<std::string, std::vector<T>> converted;
    if (const auto found = noise.find(network->name); found != noise.end()) {
      for (const auto& [node, tensor] : found->second) converted[node] = to_vector<T>(tensor, node);
    }
    set_noise(network->name, std::move(converted));
  }
  const auto draws_of = [&](const char* side) {
    const auto found = noise.find("augment");
    const bool there = found != noise.end() && found->second.contains(side);
    return there ? augmentations_from(found->second.at(side)) : std::vector<AugmentDraw>();
  };
  fake_draws_ = draws_of("fake");
  real_draws_ = draws_of("real");
  draws_ = {};
  const auto penalty = noise.find("penalty");
  if (penalty == noise.end()) return;
  for (const auto& [name, tensor] : penalty->second)
    (name == "shares" ? draws_.shares : draws_.offsets) = to_vector<float>(tensor, name);
}

template <class T>
void ReferenceGame<T>::augment_all(const std::vector<AugmentDraw>& draws, std::vector<T>& images, bool backward) const {
  if (draws.empty()) return;
  const net::Network& g = generator_.network();
  const Shape shape = net::infer_shapes(g)[static_cast<std::size_t>(g.index_of(g.outputs[0]))];
  const auto size = static_cast<std::size_t>(element_count(shape));
  if (draws.size() * size != images.size())
    fail<ShapeError>("augmentations: wanted those of {} pictures, found {}", images.size() / size, draws.size());
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const std::span<T> one = std::span(images).subspan(i * size, size);
    backward ? augment_backward<T>(game_.augment, draws[i], shape, one)
             : augment<T>(game_.augment, draws[i], shape, one);
  }
}

template <class T>
void ReferenceGame<T>::forward_generator(const Batch& batch) {
  const std::vector<T> z = convert<T>(batch.z);
  generator_.forward(
      named_inputs<T>(generator_.network(), batch.count, z, batch.fake_classes, {}, {}, batch.fake_conditions),
      {.training = true, .groups = 1, .noise = generator_noise_});
}

template <class T>
void ReferenceGame<T>::forward_discriminator(const Batch& batch, bool with_real) {
  std::vector<T> fake = generator_.value(generator_.network().outputs[0]);
  augment_all(fake_draws_, fake, false);
  std::vector<T> images = with_real ? convert<T>(batch.real) : std::vector<T>();
  if (with_real) augment_all(real_draws_, images, false);
  images.insert(images.end(), fake.begin(), fake.end());
  std::vector<std::int32_t> classes;
  if (with_real) classes.assign(batch.real_classes.begin(), batch.real_classes.end());
  classes.insert(classes.end(), batch.fake_classes.begin(), batch.fake_classes.end());
  std::vector<float> conditions;
  if (with_real) conditions.assign(batch.real_conditions.begin(), batch.real_conditions.end());
  conditions.insert(conditions.end(), batch.fake_conditions.begin(), batch.fake_conditions.end());
  const int groups = with_real ? 2 : 1;
  discriminator_.forward(
      named_inputs<T>(discriminator_.network(), groups * batch.count / game_.pack, images, classes, {}, {}, conditions),
      {.training = true, .groups = groups, .noise = discriminator_noise_});
}

// G's loss on the fakes of D's last forward, back through D and G.
template <class T>
void ReferenceGame<T>::backward_generator(const Batch& batch, bool with_real, StepResult& result) {
  const std::vector<std::string>& outputs = discriminator_.network().outputs;
  std::map<std::string, std::vector<T>> gradients;
  const auto fakes = [&](const std::string& output) {
    const std::vector<T>& logits = discriminator_.value(output);
    return with_real ? half(logits, 1) : std::span<const T>(logits);
  };
  const GeneratorHead<T> head = generator_head<T>(game_, fakes(outputs[0]));
  result.generator_loss = head.loss;
  if (!with_real) result.fake_accuracy = head.fake_accuracy;
  gradients[outputs[0]] = behind_real(head.gradient, with_real);
  if (const std::string output = net::class_head(discriminator_.network()); !output.empty()) {
    const ClassHead<T> classes = class_head<T>(game_, fakes(output), batch.fake_classes);
    result.generator_loss += classes.loss;
    gradients[output] = behind_real(classes.gradient, with_real);
  }
  if (!game_.codes.empty()) {
    const CodeHead<T> codes = code_head<T>(game_, fakes(net::kCodeHead), batch.z);
    result.generator_loss += codes.loss;
    result.information = codes.information;
    gradients[net::kCodeHead] = behind_real(codes.gradient, with_real);
  }
  discriminator_.backward(gradients);
  const std::vector<T>& images = discriminator_.gradient(net::value_input(discriminator_.network()).name);
  const std::span<const T> of_fakes = with_real ? half(images, 1) : std::span<const T>(images);
  std::vector<T> fake(of_fakes.begin(), of_fakes.end());
  augment_all(fake_draws_, fake, true);
  generator_.backward({{generator_.network().outputs[0], std::move(fake)}});
}

template <class T>
ReferenceImages ReferenceGame<T>::images_of(const Batch& batch, const std::vector<T>& fake) const {
  return {.count = batch.count,
          .real = {batch.real.begin(), batch.real.end()},
          .fake = {fake.begin(), fake.end()},
          .real_classes = {batch.real_classes.begin(), batch.real_classes.end()},
          .fake_classes = {batch.fake_classes.begin(), batch.fake_classes.end()},
          .real_conditions = {batch.real_conditions.begin(), batch.real_conditions.end()},
          .fake_conditions = {batch.fake_conditions.begin(), batch.fake_conditions.end()}};
}

template <class T>
ReferenceNoise ReferenceGame<T>::discriminator_noise(bool fakes_alone) const {
  ReferenceNoise noise;
  for (const auto& [node, values] : discriminator_noise_) {
    const auto first = values.begin() + (fakes_alone ? static_cast<std::ptrdiff_t>(values.size() / 2) : 0);
    noise[node] = {first, values.end()};
  }
  return noise;
}

template <class T>
Interpreter<Dual> ReferenceGame<T>::moving_discriminator() const {
  Interpreter<Dual> d(discriminator_.network());
  for (std::size_t k = 0; k < d.variables().size(); ++k) {
    const std::vector<T>& values = discriminator_.variables()[k].value;
    d.variables()[k].value = {values.begin(), values.end()};
  }
  return d;
}

template <class T>
void ReferenceGame<T>::penalise(const Batch& batch, StepResult& result) {
  Interpreter<Dual> d = moving_discriminator();
  std::vector<std::vector<double>> gradients;
  for (const Variable<T>& v : discriminator_.variables()) gradients.emplace_back(v.gradient.begin(), v.gradient.end());
  result.penalty = add_reference_penalty(game_, d, images_of(batch, generator_.value(generator_.network().outputs[0])),
                                         discriminator_noise(true), draws_, gradients);
  for (std::size_t k = 0; k < gradients.size(); ++k) {
    std::vector<T>& own = discriminator_.variables()[k].gradient;
    std::ranges::transform(gradients[k], own.begin(), [](double g) { return static_cast<T>(g); });
  }
}

// The fakes of each batch go back through a G of their own.
template <class T>
void ReferenceGame<T>::backward_unrolled(const Batch& batch, StepResult& result) {
  const std::string& output = generator_.network().outputs[0];
  std::vector<Interpreter<T>> makers;
  std::vector<ReferenceImages> batches{images_of(batch, generator_.value(output))};
  for (const Batch& more : batch.unrolled) {
    Interpreter<T>& maker = makers.emplace_back(generator_.network());
    maker.set_parameters(generator_.parameters());
    maker.forward(named_inputs<T>(generator_.network(), more.count, convert<T>(more.z), more.fake_classes, {}, {},
                                  more.fake_conditions),
                  {.training = true, .groups = 1, .noise = generator_noise_});
    batches.push_back(images_of(more, maker.value(output)));
  }
  ReferenceState state;
  state.updates = discriminator_optimizer_.updates();
  for (std::size_t k = 0; k < discriminator_.variables().size(); ++k) {
    const std::vector<T>& value = discriminator_.variables()[k].value;
    const std::vector<T>&first = discriminator_optimizer_.first(k), &second = discriminator_optimizer_.second(k);
    state.value.emplace_back(value.begin(), value.end());
    state.first.emplace_back(first.begin(), first.end());
    state.second.emplace_back(second.begin(), second.end());
    state.first.back().resize(value.size());
    state.second.back().resize(value.size());
  }
  Interpreter<Dual> d = moving_discriminator();
  const UnrolledLoss unrolled = reference_unrolled(game_, d, state, batches, discriminator_noise(false));
  result.generator_loss = unrolled.loss;
  const auto gradient = [&](std::size_t i) {
    return std::vector<T>(unrolled.gradients[i].begin(), unrolled.gradients[i].end());
  };
  generator_.backward({{output, gradient(0)}});
  for (std::size_t i = 0; i < makers.size(); ++i) {
    makers[i].backward({{output, gradient(i + 1)}});
    for (std::size_t k = 0; k < generator_.variables().size(); ++k) {
      std::vector<T>& sum = generator_.variables()[k].gradient;
      for (std::size_t e = 0; e < sum.size(); ++e) sum[e] += makers[i].variables()[k].gradient[e];
    }
  }
}

template <class T>
void ReferenceGame<T>::backward_discriminator(const Batch& batch, StepResult& result) {
  const std::vector<std::string>& outputs = discriminator_.network().outputs;
  std::map<std::string, std::vector<T>> gradients;
  const auto add = [&](const std::string& output, const std::vector<T>& part) {
    gradients[output].insert(gradients[output].end(), part.begin(), part.end());
  };
  const std::vector<T>& logits = discriminator_.value(outputs[0]);
  const DiscriminatorHead<T> head = discriminator_head<T>(game_, half(logits, 0), half(logits, 1));
  add(outputs[0], head.real_gradient);
  add(outputs[0], head.fake_gradient);
  result.discriminator_real_loss = head.real_loss;
  result.discriminator_fake_loss = head.fake_loss;
  result.discriminator_loss = head.loss();
  result.real_accuracy = head.real_accuracy;
  result.fake_accuracy = head.fake_accuracy;
  if (const std::string output = net::class_head(discriminator_.network()); !output.empty()) {
    const std::vector<T>& class_logits = discriminator_.value(output);
    const ClassHead<T> real = class_head<T>(game_, half(class_logits, 0), batch.real_classes);
    const ClassHead<T> fake = class_head<T>(game_, half(class_logits, 1), batch.fake_classes);
    add(output, real.gradient);
    add(output, fake.gradient);
    result.discriminator_loss += real.loss + fake.loss;
  }
  if (!game_.codes.empty()) {
    const CodeHead<T> codes = code_head<T>(game_, half(discriminator_.value(net::kCodeHead), 1), batch.z);
    gradients[net::kCodeHead] = behind_real(codes.gradient, true);
    result.discriminator_loss += codes.loss;
  }
  discriminator_.backward(gradients);
}

template <class T>
void ReferenceGame<T>::check_finite(const StepResult& result) const {
  if (!std::isfinite(result.generator_loss)) throw NonFiniteError("loss of generator", result.generator_loss);
  if (!std::isfinite(result.discriminator_loss))
    throw NonFiniteError("loss of discriminator", result.discriminator_loss);
  if (result.penalty && !std::isfinite(*result.penalty))
    throw NonFiniteError("penalty of discriminator", *result.penalty);
  for (const GradientNorm& g : result.gradient_norms) {
    if (!std::isfinite(g.norm)) throw NonFiniteError("gradient of " + g.name, g.norm);
  }
}

template <class T>
void ReferenceGame<T>::take_gradients(const Interpreter<T>& player, StepResult& result) {
  gradients_.merge(player.gradients());
  magnitudes_.merge(player.sums_of_magnitudes());
  for (const Variable<T>& v : player.variables()) {
    if (!v.trainable) continue;
    double squares = 0;
    for (const T g : v.gradient) squares += static_cast<double>(g) * static_cast<double>(g);
    result.gradient_norms.push_back({player.network().name + "." + v.name, std::sqrt(squares)});
  }
}

template <class T>
StepResult ReferenceGame<T>::step(const Batch& batch, Phase phase) {
  const bool with_real = phase != Phase::generator;
  StepResult result;
  gradients_.clear();
  magnitudes_.clear();
  forward_generator(batch);
  forward_discriminator(batch, with_real);
  if (game_.unroll > 0 && phase == Phase::both) {
    backward_unrolled(batch, result);
  } else {
    backward_generator(batch, with_real, result);
  }
  if (phase != Phase::discriminator) take_gradients(generator_, result);
  if (with_real) {
    backward_discriminator(batch, result);
    if (has_penalty(game_, discriminator_optimizer_.updates())) penalise(batch, result);
    take_gradients(discriminator_, result);
  }
  check_finite(result);

  generator_.update_running_statistics();
  discriminator_.update_running_statistics();
  if (with_real) {
    discriminator_optimizer_.update(discriminator_.variables());
    const T bound = static_cast<T>(game_.weight_clip);
    for (Variable<T>& v : discriminator_.variables()) {
      if (bound <= 0 || !v.trainable) continue;
      for (T& p : v.value) p = std::clamp(p, -bound, bound);
    }
  }
  if (phase != Phase::discriminator) {
    generator_optimizer_.update(generator_.variables());
    update_ema();
  }
  result.generator_rate = generator_optimizer_.rate();
  result.discriminator_rate = discriminator_optimizer_.rate();
  return result;
}

template <class T>
void ReferenceGame<T>::update_ema() {
  if (game_.ema_decay <= 0) return;
  const T decay = static_cast<T>(game_.ema_decay);
  for (const Variable<T>& v : generator_.variables()) {
    const std::span<T> average = ema_.at(generator_.network().name + "." + v.name).template values<T>();
    for (std::size_t i = 0; i < average.size(); ++i) {
      average[i] = v.trainable ? decay * average[i] + (1 - decay) * v.value[i] : v.value[i];
    }
  }
}

template <class T>
Inference ReferenceGame<T>::infer(const std::string& network, const Inputs& inputs, bool ema,
                                  const std::vector<std::string>& taps, const std::vector<Override>& overrides) {
  const bool is_generator = network == generator_.network().name;
  if (!is_generator && network != discriminator_.network().name) fail<ConfigError>("there is no network '{}'", network);
  const Interpreter<T>& source = is_generator ? generator_ : discriminator_;
  if (ema && (!is_generator || ema_.empty())) fail<ConfigError>("{} has no moving average", network);
  Interpreter<T> copy(source.network());  // so that the step's activations and gradients stay
  copy.set_parameters(ema ? ema_ : source.parameters());
  const std::vector<T> values = convert<T>(inputs.values);
  copy.forward(named_inputs<T>(source.network(), inputs.count, values, inputs.classes, inputs.toward, inputs.shares,
                               inputs.conditions),
               {.overrides = overrides});
  Inference result{copy.tensor(source.network().outputs[0]), {}};
  for (const std::string& tap : taps) result.taps.emplace(tap, copy.tensor(tap));
  return result;
}

template <class T>
NamedTensors ReferenceGame<T>::state() const {
  NamedTensors all = generator_.parameters();
  all.merge(discriminator_.parameters());
  for (const auto& [name, tensor] : ema_) all.emplace("ema." + name, tensor);
  generator_optimizer_.save(generator_.network().name, generator_.variables(), all);
  discriminator_optimizer_.save(discriminator_.network().name, discriminator_.variables(), all);
  return all;
}

template <class T>
void ReferenceGame<T>::set_state(const NamedTensors& state) {
  ReferenceGame known(generator_.network(), discriminator_.network(), {.game = game_});
  if (game_.ema_decay > 0) known.ema_ = known.generator_.parameters();
  const NamedTensors names = known.state();
  for (const auto& [name, tensor] : state) {
    if (!names.contains(name)) fail<DataError>("{} is not part of this game's state", name);
  }
  generator_.set_parameters(state);
  discriminator_.set_parameters(state);
  generator_optimizer_.load(generator_.network().name, generator_.variables(), state);
  discriminator_optimizer_.load(discriminator_.network().name, discriminator_.variables(), state);
  ema_.clear();
  if (game_.ema_decay <= 0) return;
  ema_ = generator_.parameters();
  for (auto& [name, tensor] : ema_) {
    const auto found = state.find("ema." + name);
    if (found == state.end()) continue;
    if (found->second.shape() != tensor.shape()) {
      fail<DataError>("{}: wanted {}, found {}", found->first, to_string(tensor.shape()),
                      to_string(found->second.shape()));
    }
    tensor = Tensor::of<T>(tensor.shape(), to_vector<T>(found->second, found->first));
  }
}

template <class T>
std::string ReferenceGame<T>::plan_name() const {
  return std::string("plain interpreter ") + name_of(dtype_of<T>());
}

template <class T>
std::int64_t ReferenceGame<T>::memory_bytes() const {
  return generator_.memory_bytes() + discriminator_.memory_bytes();
}

std::unique_ptr<Reference> make_reference(const net::Network& generator, const net::Network& discriminator,
                                          const Game& game) {
  return std::make_unique<ReferenceGame<double>>(generator, discriminator, ExecutorConfig{.game = game});
}

template class ReferenceGame<float>;
template class ReferenceGame<double>;

}  // namespace ganymede::engine
