#include "engine/inferer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

void check_classes(const net::Network& network, std::span<const std::int32_t> classes, std::int64_t count) {
  const int known = net::class_count(network);
  if (known == 0) return;
  if (static_cast<std::int64_t>(classes.size()) != count) {
    fail<DataError>("network {} wants a class for each of {} samples, found {}", network.name, count, classes.size());
  }
  for (const std::int32_t c : classes) {
    if (c < 0 || c >= known) fail<DataError>("network {}: class {} is not in 0 .. {}", network.name, c, known - 1);
  }
}

void check_conditions(const net::Network& network, std::span<const float> conditions, std::int64_t count) {
  const int length = net::condition_length(network);
  if (length == 0) return;
  if (std::ssize(conditions) != count * length) {
    fail<DataError>("network {} wants a condition of {} numbers for each of {} samples, found {} numbers", network.name,
                    length, count, conditions.size());
  }
  if (!std::ranges::all_of(conditions, [](float v) { return std::isfinite(v); }))
    fail<DataError>("network {}: a number of the conditions is not finite", network.name);
}

void check_mixtures(const net::Network& network, const Inputs& inputs) {
  if (inputs.toward.empty() && inputs.shares.empty()) return;
  if (std::ssize(inputs.toward) != inputs.count || std::ssize(inputs.shares) != inputs.count) {
    fail<DataError>("network {} wants a second class and its share for each of {} samples, found {} and {}",
                    network.name, inputs.count, inputs.toward.size(), inputs.shares.size());
  }
  check_classes(network, inputs.toward, inputs.count);
  for (const float share : inputs.shares) {
    if (!(share >= 0 && share <= 1))
      fail<DataError>("network {}: wanted shares of the second class from 0 to 1, found {}", network.name, share);
  }
}

namespace {

// Those of `count` samples from the first on; none stay none.
template <class T>
std::span<const T> part_of(std::span<const T> all, std::int64_t first, std::int64_t count) {
  return all.empty() ? all : all.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

constexpr std::int64_t kCopied = 16;  // samples of one task

// f(first, count) over pieces of n samples.
template <class F>
void for_samples(ThreadPool& pool, std::int64_t n, const F& f) {
  if (n <= kCopied) return f(std::int64_t{0}, n);
  pool.run((n + kCopied - 1) / kCopied,
           [&](std::int64_t task, int) { f(task * kCopied, std::min(kCopied, n - task * kCopied)); });
}

}  // namespace

Inferer::Inferer(const net::Network& network, const Layout& layout, ParameterSet& parameters, ThreadPool& pool,
                 std::int64_t batch, bool mixed)
    : network_(network),
      layout_(layout),
      parameters_(parameters),
      pool_(pool),
      mixed_(mixed),
      for_many_{.samples = batch} {}

void Inferer::Plans::parameters_changed() {
  if (plain) plain->parameters_changed();
  if (tapped) tapped->parameters_changed();
}

std::int64_t Inferer::Plans::bytes() const {
  return (plain ? plain->bytes() : 0) + (tapped ? tapped->bytes() : 0);
}

void Inferer::parameters_changed() {
  parameters_.normalise(pool_, false);
  for_many_.parameters_changed();
  for_one_.parameters_changed();
}

Program& Inferer::program_for(Plans& plans, std::set<std::string> kept) {
  std::unique_ptr<Program>& program = kept.empty() ? plans.plain : plans.tapped;
  if (program == nullptr || !std::ranges::includes(plans.kept, kept)) {
    program.reset();
    Program::Options options{.max_samples = plans.samples, .mixed = mixed_, .kept = kept};
    program = std::make_unique<Program>(network_, layout_, parameters_, options);
    program->parameters_changed();
    if (!kept.empty()) plans.kept = std::move(kept);
  }
  return *program;
}

Inference Inferer::infer(const Inputs& inputs, const std::vector<std::string>& taps,
                         const std::vector<Override>& overrides) {
  const net::Node& input = net::value_input(network_);
  const std::int64_t features = element_count(std::get<net::Input>(input.layer).shape);
  if (static_cast<std::int64_t>(inputs.values.size()) != inputs.count * features) {
    fail<ShapeError>("network {}: wanted {} samples of {} values, found {} values", network_.name, inputs.count,
                     features, inputs.values.size());
  }
  check_classes(network_, inputs.classes, inputs.count);
  check_mixtures(network_, inputs);
  check_conditions(network_, inputs.conditions, inputs.count);
  const std::int64_t length = net::condition_length(network_);

  std::set<std::string> kept(taps.begin(), taps.end());
  for (const Override& o : overrides) kept.insert(o.node);
  Plans& plans = inputs.by_itself && inputs.count == 1 ? for_one_ : for_many_;
  Program* program = &program_for(plans, std::move(kept));

  const auto batched_shape = [&](const std::string& node) {
    Shape shape = layout_.shapes[network_.index_of(node)];
    shape.insert(shape.begin(), inputs.count);
    return shape;
  };
  Inference result;
  result.output = Tensor(DType::f32, batched_shape(network_.outputs.front()));
  for (const std::string& tap : taps) result.taps[tap] = Tensor(DType::f32, batched_shape(tap));
  for (std::int64_t first = 0; first < inputs.count; first += plans.samples) {
    const std::int64_t n = std::min(plans.samples, inputs.count - first);
    const Field& in = program->field(input.name);
    for_samples(pool_, n, [&](std::int64_t i, std::int64_t count) {
      scatter_samples(in, in.value, n, i, count, inputs.values.data() + (first + i) * features);
    });
    const Step step{.pool = pool_,
                    .samples = n,
                    .classes = part_of(inputs.classes, first, n),
                    .toward = part_of(inputs.toward, first, n),
                    .shares = part_of(inputs.shares, first, n),
                    .conditions = part_of(inputs.conditions, first * length, n * length)};
    program->forward(step, overrides);
    const auto copy = [&](const std::string& node, Tensor& into) {
      const Field& field = program->field(node);
      float* to = into.values<float>().data() + first * field.features();
      for_samples(pool_, n, [&](std::int64_t i, std::int64_t count) {
        gather_samples(field, field.value, n, i, count, to + i * field.features());
      });
    };
    copy(network_.outputs.front(), result.output);
    for (auto& [tap, tensor] : result.taps) copy(tap, tensor);
  }
  return result;
}

}  // namespace ganymede::engine
