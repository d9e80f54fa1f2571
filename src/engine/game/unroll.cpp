#include "engine/game/unroll.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "engine/game/pull_back.hpp"
#include "kernels/update.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

// How it works. Forward: K updates t_0 -> t_K of a copy of D, each as the ordinary one would be. Backward: the
// derivatives of G's loss by t_K and by the fakes are those of an ordinary backward pass. Then, from the last update to
// the first: the optimiser's rule pulls them back to a direction w on the gradient g_k (pull_back.hpp); g_k is a
// gradient of D's loss, so what w does to t_k and to the fakes is the tangent of that loss's gradients along w: one
// forward and backward at t_k, and one of tangents (Pearlmutter 1994), since second derivatives commute.

namespace {

void copy(const Buffer& from, float* to) {
  std::memcpy(to, from.data(), static_cast<std::size_t>(from.size()) * sizeof(float));
}

std::vector<float> times(std::vector<float> a, const std::vector<float>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] *= b[i];
  return a;
}

}  // namespace

Unroll::Unroll(const Player& d, const Game& game, std::int64_t batch)
    : game_(game),
      shadow_(d.network, game.discriminator,
              {.max_samples = 2 * batch,
               .training = true,
               .input_gradients = true,
               .tangents_for = "game.unroll = " + std::to_string(game.unroll)}),
      rates_(static_cast<std::size_t>(game.unroll)),
      slopes_(rates_.size()) {
  if (game.discriminator.clip_norm > 0) {
    fail<ConfigError>("game.unroll = {}: gradients of the discriminator are clipped, which it does not go back through",
                      game.unroll);
  }
  if (game.discriminator.schedule != Schedule::constant) {
    fail<ConfigError>(
        "game.unroll = {}: the discriminator's learning rate moves (schedule \"{}\"), and it goes back "
        "through a constant one alone",
        game.unroll, name_of(game.discriminator.schedule));
  }
  shadow_.parameters.reserve_tangents(true);
  for (const Parameter& p : shadow_.parameters.all()) {
    offsets_.push_back(size_);
    size_ += p.size;
    for (auto* adjoints : {&value_, &first_, &second_}) adjoints->emplace_back(p.size);
  }
  trail_ = Buffer(std::int64_t{game.unroll} * kKept * size_);
}

const Field& Unroll::images() const {
  return shadow_.program.field(net::value_input(shadow_.network).name);
}

Unroll::Result Unroll::run(ThreadPool& pool, const Player& d, const Course& course) {
  std::vector<Parameter>& parameters = shadow_.parameters.all();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& own = d.parameters.all()[i];
    copy(own.value, parameters[i].value.data());
    copy(own.first, parameters[i].first.data());
    copy(own.second, parameters[i].second.data());
  }
  shadow_.rule.follow(d.rule, game_.unroll_rate);
  shadow_.changed();

  for (int k = 0; k < game_.unroll; ++k) {
    Look look = look_at(pool, course, course.images[which(course, k)], true);
    update(look, k);
  }

  Result result;
  const std::int64_t size = course.count * images().features();
  result.gradients.assign(course.images.size(), std::vector<float>(static_cast<std::size_t>(size)));
  {
    Look look = look_at(pool, course, course.images[0], false);
    result.loss = judge_generator(look);
    gather_samples(images(), images().gradient, course.count, 0, course.count, result.gradients[0].data());
  }
  for (int k = game_.unroll; k-- > 0;) {
    Look look = look_at(pool, course, course.images[which(course, k)], true);
    back(look, k, result.gradients[which(course, k)]);
  }
  return result;
}

Unroll::Look Unroll::look_at(ThreadPool& pool, const Course& course, const Images& images, bool with_real) const {
  Look look{.images = images,
            .step = {.pool = pool,
                     .samples = with_real ? 2 * course.count : course.count,
                     .groups = with_real ? 2 : 1,
                     .training = true,
                     .seed = course.seed,
                     .number = course.number},
            .classes = {images.fake_classes.begin(), images.fake_classes.end()},
            .conditions = {images.fake_conditions.begin(), images.fake_conditions.end()}};
  if (with_real) {
    look.classes.insert(look.classes.end(), images.real_classes.begin(), images.real_classes.end());
    look.conditions.insert(look.conditions.end(), images.real_conditions.begin(), images.real_conditions.end());
  }
  look.step.backward_samples = look.step.samples;
  return look;
}

void Unroll::judge(Look& look, int k, bool again) {
  Step& step = look.step;
  step.classes = look.classes;
  step.conditions = look.conditions;
  const std::int64_t n = step.samples / 2;
  scatter_samples(images(), images().value, step.samples, 0, n, look.images.fake.data());
  scatter_samples(images(), images().value, step.samples, n, n, look.images.real.data());
  shadow_.program.forward(step);
  DiscriminatorSlopes<float>& slopes = slopes_[static_cast<std::size_t>(k)];
  if (!again) {
    slopes = discriminator_slopes<float>(game_, read_samples(output(0), step.samples, n, n),
                                         read_samples(output(0), step.samples, 0, n));
  }
  write_gradient(output(0), step.samples, 0, slopes.fake);
  write_gradient(output(0), step.samples, n, slopes.real);
  if (shadow_.network.outputs.size() == 1) return;
  const auto classes = [&](std::int64_t from, std::span<const std::int32_t> of) {
    return class_head<float>(game_, read_samples(output(1), step.samples, from, n), of).gradient;
  };
  write_gradient(output(1), step.samples, 0, classes(0, look.images.fake_classes));
  write_gradient(output(1), step.samples, n, classes(n, look.images.real_classes));
}

void Unroll::update(Look& look, int k) {
  std::vector<Parameter>& parameters = shadow_.parameters.all();
  judge(look, k, false);
  shadow_.program.backward(look.step);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    copy(parameters[i].value, kept(k, value, i));
    copy(parameters[i].gradient, kept(k, gradient, i));
  }
  shadow_.rule.update(look.step.pool, {});
  if (game_.weight_clip > 0) {
    for_pieces(look.step.pool, parameters, true, [&](Parameter& p, std::int64_t at, std::int64_t count) {
      kernels::clamp(p.value.data() + at, count, static_cast<float>(game_.weight_clip));
    });
  }
  shadow_.changed();
  rates_[static_cast<std::size_t>(k)] = shadow_.rule.last_rates();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    copy(parameters[i].first, kept(k, first, i));
    copy(parameters[i].second, kept(k, second, i));
  }
}

double Unroll::judge_generator(Look& look) {
  Step& step = look.step;
  step.classes = look.classes;
  step.conditions = look.conditions;
  const std::int64_t n = step.samples;
  scatter_samples(images(), images().value, n, 0, n, look.images.fake.data());
  shadow_.program.forward(step);
  const auto head = generator_head<float>(game_, read_samples(output(0), n, 0, n));
  write_gradient(output(0), n, 0, head.gradient);
  double loss = head.loss;
  if (shadow_.network.outputs.size() > 1) {
    const auto classes = class_head<float>(game_, read_samples(output(1), n, 0, n), look.images.fake_classes);
    write_gradient(output(1), n, 0, classes.gradient);
    loss += classes.loss;
  }
  if (!std::isfinite(loss)) throw NonFiniteError("loss of generator", loss);
  step.input_samples = n;
  shadow_.program.backward(step);
  std::vector<Parameter>& parameters = shadow_.parameters.all();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    copy(parameters[i].gradient, value_[i].data());
    for (const Buffer* moment : {&first_[i], &second_[i]}) std::fill_n(moment->data(), moment->size(), 0.0F);
  }
  return loss;
}

void Unroll::back(Look& look, int k, std::vector<float>& of_fakes) {
  std::vector<Parameter>& parameters = shadow_.parameters.all();
  const auto limit = static_cast<float>(game_.weight_clip);
  look.step.pool.run(static_cast<std::int64_t>(parameters.size()), [&](std::int64_t task, int) {
    const auto i = static_cast<std::size_t>(task);
    Parameter& p = parameters[i];
    if (!p.trainable) return;
    for (std::int64_t e = 0; limit > 0 && e < p.size; ++e) {  // what was clamped does not depend on what it was before
      if (std::abs(p.value.data()[e]) >= limit) value_[i].data()[e] = 0;
    }
    pull_back(
        shadow_.rule.config(), rates_[static_cast<std::size_t>(k)],
        {.gradient = kept(k, gradient, i), .first = kept(k, first, i), .second = kept(k, second, i), .count = p.size},
        {.parameter = value_[i].data(),
         .first = first_[i].data(),
         .second = second_[i].data(),
         .gradient = p.direction.data()});
    std::copy_n(kept(k, value, i), p.size, p.value.data());
  });
  shadow_.changed();

  Step& step = look.step;
  const std::int64_t n = step.samples / 2;
  judge(look, k, true);
  step.weight_gradients = false;
  shadow_.program.backward(step);
  step.parameter_direction = true;
  shadow_.program.forward_tangent(step);
  seed_tangents(look, k);
  step.parameter_gradients = k > 0;
  step.input_samples = n;
  if (k == 0) step.backward_samples = n;  // the reals have nothing more to say
  shadow_.program.backward_tangent(step);

  std::vector<float> more(of_fakes.size());
  gather_samples(images(), images().gradient_tangent, step.samples, 0, n, more.data());
  for (std::size_t i = 0; i < more.size(); ++i) of_fakes[i] += more[i];
  if (k == 0) return;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].trainable)
      kernels::add(value_[i].data(), parameters[i].gradient_tangent.data(), parameters[i].size);
  }
}

// While the logits move, the slopes of D's loss move by its second derivatives.
void Unroll::seed_tangents(const Look& look, int k) {
  const std::int64_t total = look.step.samples, n = total / 2;
  const auto read = [&](std::size_t out, const float* base, std::int64_t from) {
    std::vector<float> values(static_cast<std::size_t>(n * output(out).features()));
    gather_samples(output(out), base, total, from, n, values.data());
    return values;
  };
  const auto write = [&](std::size_t out, std::int64_t from, const std::vector<float>& values) {
    scatter_samples(output(out), output(out).gradient_tangent, total, from, n, values.data());
  };
  const DiscriminatorSlopes<float>& slopes = slopes_[static_cast<std::size_t>(k)];
  write(0, 0, times(slopes.fake_curvature, read(0, output(0).value_tangent, 0)));
  write(0, n, times(slopes.real_curvature, read(0, output(0).value_tangent, n)));
  if (shadow_.network.outputs.size() == 1) return;
  for (const std::int64_t from : {std::int64_t{0}, n}) {
    write(1, from,
          class_head_tangent<float>(game_, read(1, output(1).value, from), read(1, output(1).value_tangent, from), n));
  }
}

std::int64_t Unroll::bytes() const {
  std::int64_t total = shadow_.program.bytes() + shadow_.parameters.bytes() + trail_.bytes();
  for (const auto* list : {&value_, &first_, &second_}) {
    for (const Buffer& b : *list) total += b.bytes();
  }
  return total;
}

}  // namespace ganymede::engine
