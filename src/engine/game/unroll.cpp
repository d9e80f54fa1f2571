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
  if (from.size() == 0) return;  // moments that the rule does not have: nowhere
  std::memcpy(to, from.data(), static_cast<std::size_t>(from.size()) * sizeof(float));
}

}  // namespace

Unroll::Unroll(const Player& d, const Game& game, std::int64_t batch)
    : game_(game),
      shadow_(d.network, game.discriminator,
              {.max_samples = 2 * batch,
               .training = true,
               .input_gradients = true,
               .tangents_for = "game.unroll = " + std::to_string(game.unroll),
               .blocks = Program::Options::Blocks::swept}),
      moments_(static_cast<std::size_t>(game.unroll)),
      rates_(moments_.size()),
      slopes_(moments_.size() + 1) {
  if (game.discriminator.clip_norm > 0) {
    fail<ConfigError>("game.unroll = {}: gradients of the discriminator are clipped, which it does not go back through",
                      game.unroll);
  }
  shadow_.parameters.reserve_tangents(true);
  for (const Parameter& p : shadow_.parameters.all()) {
    offsets_.push_back(size_);
    size_ += p.size;
    for (auto* adjoints : {&value_, &first_, &second_}) adjoints->emplace_back(p.size);
  }
  trail_ = Buffer(std::int64_t{game.unroll} * kKept * size_);
  const auto samples = static_cast<std::size_t>(2 * batch);
  for (Slopes& slopes : slopes_) slopes = {std::vector<float>(samples), std::vector<float>(samples)};
  numbers_.resize(samples);
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
  seen_ = nullptr;

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

Unroll::Look Unroll::look_at(ThreadPool& pool, const Course& course, const Images& seen, bool with_real) {
  Look look{.images = seen,
            .with_real = with_real,
            .count = course.count,
            .classes = {seen.fake_classes.begin(), seen.fake_classes.end()},
            .conditions = {seen.fake_conditions.begin(), seen.fake_conditions.end()},
            .step = {.pool = pool,
                     .samples = with_real ? 2 * course.count : course.count,
                     .groups = with_real ? 2 : 1,
                     .training = true,
                     .seed = course.seed,
                     .number = course.number}};
  if (with_real) {
    look.classes.insert(look.classes.end(), seen.real_classes.begin(), seen.real_classes.end());
    look.conditions.insert(look.conditions.end(), seen.real_conditions.begin(), seen.real_conditions.end());
  }
  look.step.classes = look.classes;
  look.step.conditions = look.conditions;
  look.step.backward_samples = look.step.samples;
  if (seen_ == &seen && seen_with_real_ == with_real) return look;
  scatter_samples(images(), images().value, look.step.samples, 0, look.count, seen.fake.data());
  if (with_real) scatter_samples(images(), images().value, look.step.samples, look.count, look.count, seen.real.data());
  seen_ = &seen;
  seen_with_real_ = with_real;
  return look;
}

template <class F>
void Unroll::for_sides(const Look& look, SampleRange range, const F& f) {
  const std::int64_t fakes = std::clamp<std::int64_t>(look.count - range.first, 0, range.count);
  if (fakes > 0) f(look.with_real ? Judged::fake : Judged::generator, SampleRange{range.first, fakes});
  if (fakes < range.count) f(Judged::real, SampleRange{range.first + fakes, range.count - fakes});
}

void Unroll::judge(const Look& look, SampleRange range, Slopes& slopes, bool known) {
  const std::int64_t total = look.step.samples;
  for_sides(look, range, [&](Judged judged, SampleRange some) {
    const auto of = [&](std::vector<float>& all) {
      return std::span(all).subspan(static_cast<std::size_t>(some.first), static_cast<std::size_t>(some.count));
    };
    if (!known) {
      gather_samples(output(0), output(0).value, total, some.first, some.count, of(numbers_).data());
      logit_slopes<float>(game_, judged, look.count, of(numbers_), of(slopes.slope), of(slopes.curvature));
    }
    scatter_samples(output(0), output(0).gradient, total, some.first, some.count, of(slopes.slope).data());
    if (shadow_.network.outputs.size() == 1) return;
    const auto classes = look.step.classes.subspan(static_cast<std::size_t>(some.first), of(numbers_).size());
    write_gradient(
        output(1), total, some.first,
        class_head<float>(game_, read_samples(output(1), total, some.first, some.count), classes, look.count).gradient);
  });
}

void Unroll::judge_tangents(const Look& look, SampleRange range, const Slopes& slopes) {
  const std::int64_t total = look.step.samples;
  const auto read = [&](std::size_t out, const float* base, SampleRange some) {
    std::vector<float> values(static_cast<std::size_t>(some.count * output(out).features()));
    gather_samples(output(out), base, total, some.first, some.count, values.data());
    return values;
  };
  float* const numbers = numbers_.data() + range.first;
  gather_samples(output(0), output(0).value_tangent, total, range.first, range.count, numbers);
  for (std::int64_t i = 0; i < range.count; ++i)
    numbers[i] = slopes.curvature[static_cast<std::size_t>(range.first + i)] * numbers[i];
  scatter_samples(output(0), output(0).gradient_tangent, total, range.first, range.count, numbers);
  if (shadow_.network.outputs.size() == 1) return;
  for_sides(look, range, [&](Judged, SampleRange some) {
    const auto moved = class_head_tangent<float>(game_, read(1, output(1).value, some),
                                                 read(1, output(1).value_tangent, some), some.count, look.count);
    scatter_samples(output(1), output(1).gradient_tangent, total, some.first, some.count, moved.data());
  });
}

void Unroll::update(Look& look, int k) {
  const auto at = static_cast<std::size_t>(k);
  std::vector<Parameter>& parameters = shadow_.parameters.all();
  shadow_.program.sweep(
      {.step = look.step, .gradients = [&](SampleRange range) { judge(look, range, slopes_[at], false); }});
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    copy(parameters[i].value, kept(k, value, i));
    copy(parameters[i].gradient, kept(k, gradient, i));
  }
  shadow_.rule.update(look.step.pool, {});
  if (game_.weight_clip > 0) {
    for_pieces(look.step.pool, parameters, true, [&](Parameter& p, std::int64_t begin, std::int64_t count) {
      kernels::clamp(p.value.data() + begin, count, static_cast<float>(game_.weight_clip));
    });
  }
  shadow_.changed();
  moments_[at] = shadow_.rule.last_rates();
  rates_[at] = shadow_.rule.rate();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    copy(parameters[i].first, kept(k, first, i));
    copy(parameters[i].second, kept(k, second, i));
  }
}

double Unroll::judge_generator(Look& look) {
  const std::int64_t n = look.count;
  look.step.input_samples = n;
  shadow_.program.sweep(
      {.step = look.step, .gradients = [&](SampleRange range) { judge(look, range, slopes_.back(), false); }});
  double loss = generator_head<float>(game_, read_samples(output(0), n, 0, n)).loss;
  if (shadow_.network.outputs.size() > 1)
    loss += class_head<float>(game_, read_samples(output(1), n, 0, n), look.images.fake_classes).loss;
  if (!std::isfinite(loss)) throw NonFiniteError("loss of generator", loss);
  std::vector<Parameter>& parameters = shadow_.parameters.all();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    copy(parameters[i].gradient, value_[i].data());
    for (const Buffer* moment : {&first_[i], &second_[i]}) std::fill_n(moment->data(), moment->size(), 0.0F);
  }
  return loss;
}

void Unroll::back(Look& look, int k, std::vector<float>& of_fakes) {
  const auto at = static_cast<std::size_t>(k);
  std::vector<Parameter>& parameters = shadow_.parameters.all();
  const auto limit = static_cast<float>(game_.weight_clip);
  Optimizer rule = shadow_.rule.config();
  rule.learning_rate = rates_[at];
  for_pieces(look.step.pool, parameters, true, [&](Parameter& p, std::int64_t begin, std::int64_t count) {
    const auto i = static_cast<std::size_t>(&p - parameters.data());
    float* const values = value_[i].data() + begin;
    for (std::int64_t e = 0; limit > 0 && e < count; ++e) {  // what was clamped does not depend on what it was before
      if (std::abs(p.value.data()[begin + e]) >= limit) values[e] = 0;
    }
    pull_back(rule, moments_[at],
              {.gradient = kept(k, gradient, i) + begin,
               .first = kept(k, first, i) + begin,
               .second = kept(k, second, i) + begin,
               .count = count},
              {.parameter = values,
               .first = first_[i].data() + begin,
               .second = second_[i].data() + begin,
               .gradient = p.direction.data() + begin});
    std::copy_n(kept(k, value, i) + begin, count, p.value.data() + begin);
  });
  shadow_.changed();

  look.step.weight_gradients = false;
  Step moved = look.step;
  moved.parameter_direction = true;
  moved.parameter_gradients = k > 0;
  moved.input_samples = look.count;
  if (k == 0) moved.backward_samples = look.count;  // the reals have nothing more to say
  shadow_.program.sweep({.step = look.step,
                         .gradients = [&](SampleRange range) { judge(look, range, slopes_[at], true); },
                         .tangent_step = moved,
                         .gradient_tangents = [&](SampleRange range) { judge_tangents(look, range, slopes_[at]); }});

  more_.resize(of_fakes.size());
  gather_samples(images(), images().gradient_tangent, look.step.samples, 0, look.count, more_.data());
  for (std::size_t i = 0; i < more_.size(); ++i) of_fakes[i] += more_[i];
  if (k == 0) return;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].trainable)
      kernels::add(value_[i].data(), parameters[i].gradient_tangent.data(), parameters[i].size);
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
