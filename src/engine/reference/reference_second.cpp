#include "engine/reference/reference_second.hpp"

#include <algorithm>
#include <cmath>

#include "engine/loss.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

using Rows = std::vector<std::vector<double>>;
using DualSeeds = std::map<std::string, std::vector<Dual>>;

std::vector<Dual> moving(const std::vector<double>& values, const std::vector<double>& tangents) {
  std::vector<Dual> both(values.begin(), values.end());
  for (std::size_t i = 0; i < both.size(); ++i) both[i].tangent = tangents[i];
  return both;
}

std::vector<double> values_of(const std::vector<Dual>& numbers) {
  std::vector<double> values(numbers.size());
  std::ranges::transform(numbers, values.begin(), &Dual::value);
  return values;
}

std::vector<double> tangents_of(const std::vector<Dual>& numbers) {
  std::vector<double> tangents(numbers.size());
  std::ranges::transform(numbers, tangents.begin(), &Dual::tangent);
  return tangents;
}

template <class T>
std::vector<T> joined(const std::vector<T>& a, const std::vector<T>& b) {
  std::vector<T> both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

std::span<const double> half_of(const std::vector<double>& both, int which) {
  return std::span(both).subspan(static_cast<std::size_t>(which) * both.size() / 2, both.size() / 2);
}

void add_to(std::vector<double>& sum, std::span<const double> more) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
}

/// Parameters and where they move to; no tangents: they stand still.
void place(Interpreter<Dual>& d, const Rows& values, const Rows& tangents = {}) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    d.variables()[k].value = tangents.empty() || tangents[k].empty()
                                 ? std::vector<Dual>(values[k].begin(), values[k].end())
                                 : moving(values[k], tangents[k]);
  }
}

/// D's loss on [real; fake], and its gradients with whatever moves.
void through_loss(const Game& game, Interpreter<Dual>& d, const ReferenceImages& images, const ReferenceNoise& noise) {
  const std::vector<double> both = joined(images.real, images.fake);
  const std::vector<Dual> x(both.begin(), both.end());
  d.forward(named_inputs<Dual>(d.network(), 2 * images.count, std::span<const Dual>(x),
                               joined(images.real_classes, images.fake_classes), {}, {},
                               joined(images.real_conditions, images.fake_conditions)),
            {.training = true, .groups = 2, .noise = noise});
  const std::vector<std::string>& outputs = d.network().outputs;
  const std::vector<double> logits = values_of(d.value(outputs[0])), along = tangents_of(d.value(outputs[0]));
  const auto head = discriminator_head<double>(game, half_of(logits, 0), half_of(logits, 1));
  std::vector<double> slopes(logits.size()), moved(logits.size());
  const auto second = [&](Judged judged, int which) {
    const std::size_t n = logits.size() / 2, at = static_cast<std::size_t>(which) * n;
    logit_slopes<double>(game, judged, images.count, half_of(logits, which), std::span(slopes).subspan(at, n),
                         std::span(moved).subspan(at, n));
  };
  second(Judged::real, 0);
  second(Judged::fake, 1);
  for (std::size_t i = 0; i < moved.size(); ++i) moved[i] *= along[i];
  DualSeeds seeds{{outputs[0], moving(joined(head.real_gradient, head.fake_gradient), moved)}};
  if (outputs.size() > 1) {
    const std::vector<double> classes = values_of(d.value(outputs[1])), turned = tangents_of(d.value(outputs[1]));
    const auto part = [&](int which, const std::vector<std::int32_t>& of) {
      return moving(class_head<double>(game, half_of(classes, which), of).gradient,
                    class_head_tangent<double>(game, half_of(classes, which), half_of(turned, which), images.count));
    };
    seeds[outputs[1]] = joined(part(0, images.real_classes), part(1, images.fake_classes));
  }
  d.backward(seeds);
}

/// D's own, but for game.unroll_rate.
Optimizer unrolled_rule(const Game& game) {
  Optimizer rule = game.discriminator;
  if (game.unroll_rate > 0) rule.learning_rate = game.unroll_rate;
  return rule;
}

/// One update of everything that can be trained.
void advance_by(const Game& game, const Interpreter<Dual>& d, ReferenceState& state) {
  const RuleAt at(unrolled_rule(game), ++state.updates);
  for (std::size_t k = 0; k < state.value.size(); ++k) {
    const Variable<Dual>& v = d.variables()[k];
    if (!v.trainable) continue;
    for (std::size_t i = 0; i < v.value.size(); ++i) {
      const auto moved = at.move<double>(state.value[k][i], v.gradient[i].value, state.first[k][i], state.second[k][i]);
      state.value[k][i] = moved.parameter;
      state.first[k][i] = moved.first;
      state.second[k][i] = moved.second;
      if (game.weight_clip > 0) state.value[k][i] = std::clamp(state.value[k][i], -game.weight_clip, game.weight_clip);
    }
  }
}

/// The adjoints of what an update left become those of what it found; the direction on its gradient comes out. The
/// rule's own partial derivatives are taken by dual numbers, one argument at a time.
Rows pulled_back(const Game& game, const ReferenceState& before, const ReferenceState& after, const Rows& gradients,
                 Rows& value, Rows& first, Rows& second) {
  const RuleAt at(unrolled_rule(game), after.updates);
  Rows direction = gradients;
  for (std::size_t k = 0; k < gradients.size(); ++k) {
    for (std::size_t i = 0; i < gradients[k].size(); ++i) {
      if (game.weight_clip > 0 && std::abs(after.value[k][i]) >= game.weight_clip) value[k][i] = 0;
      const auto by = [&](Dual g, Dual m, Dual v) {
        const Moved<Dual> moved = at.move<Dual>(before.value[k][i], g, m, v);
        return value[k][i] * moved.parameter.tangent + first[k][i] * moved.first.tangent +
               second[k][i] * moved.second.tangent;
      };
      const double g = gradients[k][i], m = before.first[k][i], v = before.second[k][i];
      const double of_g = by({g, 1}, m, v), of_m = by(g, {m, 1}, v), of_v = by(g, m, {v, 1});
      direction[k][i] = of_g;
      first[k][i] = of_m;
      second[k][i] = of_v;
    }
  }
  return direction;
}

}  // namespace

double add_reference_penalty(const Game& game, Interpreter<Dual>& d, const ReferenceImages& images,
                             const ReferenceNoise& noise, const PenaltyDraws& draws, Rows& gradients) {
  const std::vector<double> points = penalty_points<double>(game.penalty, images.real, images.fake, draws);
  const bool at_fakes = game.penalty == Penalty::r2;
  const auto& classes = at_fakes ? images.fake_classes : images.real_classes;
  const auto& conditions = at_fakes ? images.fake_conditions : images.real_conditions;
  const std::vector<std::string>& outputs = d.network().outputs;
  const std::string image = net::value_input(d.network()).name;
  const auto run = [&](const std::vector<Dual>& x) {
    d.forward(named_inputs<Dual>(d.network(), images.count, std::span<const Dual>(x), classes, {}, {}, conditions),
              {.training = true, .noise = noise});
    d.backward({{outputs[0], std::vector<Dual>(static_cast<std::size_t>(images.count), 1.0)}});
  };
  run({points.begin(), points.end()});
  std::vector<double> slopes = values_of(d.gradient(image));
  const double value = penalty_direction<double>(game, game.penalty_interval, images.count, slopes);
  run(moving(points, slopes));
  for (std::size_t k = 0; k < gradients.size(); ++k) {
    if (d.variables()[k].trainable) add_to(gradients[k], tangents_of(d.variables()[k].gradient));
  }
  return value;
}

UnrolledLoss reference_unrolled(const Game& game, Interpreter<Dual>& d, const ReferenceState& state,
                                const std::vector<ReferenceImages>& batches, const ReferenceNoise& noise) {
  const auto batch_of = [&](int k) { return batches.size() == 1 ? std::size_t{0} : static_cast<std::size_t>(k); };
  const std::string image = net::value_input(d.network()).name;
  const std::vector<std::string>& outputs = d.network().outputs;
  std::vector<ReferenceState> course{state};
  std::vector<Rows> gradients;
  for (int k = 0; k < game.unroll; ++k) {
    place(d, course.back().value);
    through_loss(game, d, batches[batch_of(k)], noise);
    gradients.emplace_back();
    for (const Variable<Dual>& v : d.variables()) gradients.back().push_back(values_of(v.gradient));
    course.push_back(course.back());
    advance_by(game, d, course.back());
  }

  // G's loss at the end, on the fakes alone: of what the layers draw, the second half.
  UnrolledLoss result;
  ReferenceNoise of_fakes;
  for (const auto& [node, values] : noise)
    of_fakes[node] = {values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end()};
  place(d, course.back().value);
  const std::vector<Dual> fake(batches[0].fake.begin(), batches[0].fake.end());
  d.forward(named_inputs<Dual>(d.network(), batches[0].count, std::span<const Dual>(fake), batches[0].fake_classes, {},
                               {}, batches[0].fake_conditions),
            {.training = true, .noise = of_fakes});
  const auto head = generator_head<double>(game, values_of(d.value(outputs[0])));
  result.loss = head.loss;
  DualSeeds seeds{{outputs[0], {head.gradient.begin(), head.gradient.end()}}};
  if (outputs.size() > 1) {
    const auto classes = class_head<double>(game, values_of(d.value(outputs[1])), batches[0].fake_classes);
    result.loss += classes.loss;
    seeds[outputs[1]] = {classes.gradient.begin(), classes.gradient.end()};
  }
  d.backward(seeds);
  for (const ReferenceImages& batch : batches) result.gradients.emplace_back(batch.fake.size());
  result.gradients[0] = values_of(d.gradient(image));
  Rows value, first, second;
  for (const Variable<Dual>& v : d.variables()) {
    value.push_back(values_of(v.gradient));
    first.emplace_back(v.gradient.size());
    second.emplace_back(v.gradient.size());
  }

  for (int k = game.unroll; k-- > 0;) {
    const auto at = static_cast<std::size_t>(k);
    const Rows direction = pulled_back(game, course[at], course[at + 1], gradients[at], value, first, second);
    place(d, course[at].value, direction);
    through_loss(game, d, batches[batch_of(k)], noise);
    for (std::size_t i = 0; i < value.size(); ++i) add_to(value[i], tangents_of(d.variables()[i].gradient));
    add_to(result.gradients[batch_of(k)], half_of(tangents_of(d.gradient(image)), 1));
  }
  return result;
}

}  // namespace ganymede::engine
