#include "engine/plan/sample_blocks.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "kernels/level.hpp"
#include "kernels/update.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

// How it works. A pass over all samples of a small network is over before its threads have met, and what it writes is
// out of the first caches before the next pass reads it. So the network is compiled for a block of samples, and a task
// takes a block through all passes. Inputs and outputs are fields of all samples, of which a block's program sees its
// own part; values of parameters are shared. Gradients of parameters are sums over the block, which are added up behind
// it in one binary tree over the blocks: the same bits whatever the threads. There is a program for each block, which
// keeps its values from forward to backward; where both come together (sweep) one for each thread is enough, whose
// memory every block uses anew. Passes know nothing of all this: what they run on the pool, their own thread does.

namespace {

constexpr std::int64_t kBlockSamples = 64;     // samples of a block: what it computes stays in a second-level cache
constexpr std::int64_t kSmallFloats = 8192;    // of parameters: products so short that twice the samples pay
constexpr std::int64_t kMostBlocks = 32;       // each has a program
constexpr std::int64_t kMostFloats = 1 << 17;  // of parameters, which lie in that cache too
constexpr std::int64_t kAddedAtOnce = 4096;    // floats that a task adds up
constexpr std::int64_t kFewAdded = 1 << 16;    // floats that one thread adds up before others have come

template <class... Layers>
bool is_one_of(const net::Layer& layer) {
  return (std::holds_alternative<Layers>(layer) || ...);
}

bool goes_by_itself(const net::Layer& layer) {
  return is_one_of<net::Input, net::Dense, net::Activation, net::Dropout, net::LayerNorm, net::Embedding, net::OneHot,
                   net::Multiply, net::Concat, net::Reshape>(layer) &&
         !net::is_spectral(layer);
}

std::int64_t floats_of(const ParameterSet& parameters) {
  std::int64_t floats = 0;
  for (const Parameter& p : parameters.all()) floats += p.size;
  return floats;
}

CompileOptions for_piece(CompileOptions options, std::int64_t rows) {
  options.max_samples = rows;
  options.blocks = CompileOptions::Blocks::none;
  options.workspace = nullptr;  // pieces work at the same time
  return options;
}

}  // namespace

std::int64_t SampleBlocks::rows_for(std::int64_t samples, const ParameterSet& parameters) {
  const std::int64_t rows = floats_of(parameters) <= kSmallFloats ? 2 * kBlockSamples : kBlockSamples;
  return rows * ((samples + rows * kMostBlocks - 1) / (rows * kMostBlocks));
}

bool SampleBlocks::suit(const net::Network& network, const Layout& layout, const ParameterSet& parameters,
                        const CompileOptions& options) {
  if (options.blocks == CompileOptions::Blocks::none || !options.training || options.max_samples <= kBlockSamples)
    return false;
  if (floats_of(parameters) > kMostFloats) return false;
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    if (!goes_by_itself(network.nodes[i].layer) || layout.fields[i].positions() > 1 || layout.fields[i].thin)
      return false;
  }
  return true;
}

SampleBlocks::SampleBlocks(const net::Network& network, const Layout& layout, ParameterSet& parameters,
                           const CompileOptions& options)
    : network_(network),
      layout_(layout),
      parameters_(parameters),
      options_(for_piece(options, rows_for(options.max_samples, parameters))),
      swept_(options.blocks == CompileOptions::Blocks::swept),
      rows_(options_.max_samples) {
  const bool tangents = !options.tangents_for.empty();
  if (!tangents)
    options_.backward_panels = &backward_panels_;  // with tangents a layer's products are of its direction too
  const std::int64_t blocks = blocks_of(options.max_samples);
  while (std::ssize(pieces_) < (swept_ ? 1 : blocks)) pieces_.push_back(std::make_unique<Piece>(*this, options_));
  const auto add = [&](int node) {
    Whole whole{.node = node, .field = layout.fields[static_cast<std::size_t>(node)], .memory = {}};
    const std::int64_t size = whole.field.size(options.max_samples) + 16;
    whole.memory = Buffer(size * (tangents ? 4 : 2));
    whole.field.value = whole.memory.data();
    whole.field.gradient = whole.memory.data() + size;
    if (tangents) {
      whole.field.value_tangent = whole.memory.data() + 2 * size;
      whole.field.gradient_tangent = whole.memory.data() + 3 * size;
    }
    wholes_.push_back(std::move(whole));
  };
  add(network.index_of(net::value_input(network).name));
  for (const std::string& output : network.outputs) add(network.index_of(output));
  for (const Parameter& p : parameters.all()) {
    offsets_.push_back(size_);
    size_ += p.size;
  }
  gradients_ = Buffer(blocks * size_);
  if (tangents) tangents_ = Buffer(blocks * size_);
}

const Field& SampleBlocks::field(int node) const {
  const auto found = std::ranges::find(wholes_, node, &Whole::node);
  if (found == wholes_.end()) {
    fail<Error>("internal: node {} of {} has no values of its own in this plan",
                network_.nodes[static_cast<std::size_t>(node)].name, network_.name);
  }
  return found->field;
}

void SampleBlocks::look_at(Piece& piece, std::int64_t block) {
  for (const Whole& whole : wholes_) piece.program.look_into(whole.node, whole.field, block * rows_);
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const Parameter& whole = parameters_.all()[i];
    Parameter& own = piece.parameters.all()[i];
    const std::int64_t at = block * size_ + offsets_[i];
    own.value = Buffer::view(whole.value.data(), whole.size);
    own.gradient = Buffer::view(gradients_.data() + at, whole.size);
    if (tangents_.size() == 0) continue;
    own.gradient_tangent = Buffer::view(tangents_.data() + at, whole.size);
    if (whole.direction.size() > 0) own.direction = Buffer::view(whole.direction.data(), whole.size);
  }
  if (piece.stale) piece.program.parameters_changed();
  piece.stale = false;
}

Step SampleBlocks::of_block(const Step& step, SampleRange range) {
  const auto part = [&](auto all) {
    return all.empty() ? all
                       : all.subspan(static_cast<std::size_t>(range.first), static_cast<std::size_t>(range.count));
  };
  const auto count = [&](std::int64_t samples) {
    return std::clamp<std::int64_t>(samples - range.first, 0, range.count);
  };
  Step own = step;
  own.samples = range.count;
  own.first = step.first + range.first;
  own.groups = 1;
  own.classes = part(step.classes);
  own.toward = part(step.toward);
  own.shares = part(step.shares);
  if (!step.conditions.empty()) {
    const std::size_t length = step.conditions.size() / static_cast<std::size_t>(step.samples);
    own.conditions = step.conditions.subspan(static_cast<std::size_t>(range.first) * length,
                                             static_cast<std::size_t>(range.count) * length);
  }
  own.backward_samples = count(step.backward_samples);
  own.input_samples = count(step.input_samples);
  own.clock = nullptr;
  return own;
}

template <class F>
void SampleBlocks::each(const Step& step, std::int64_t samples, const F& work) {
  while (swept_ && std::ssize(pieces_) < step.pool.size()) pieces_.push_back(std::make_unique<Piece>(*this, options_));
  step.pool.run(blocks_of(samples), [&](std::int64_t block, int worker) {
    Piece& piece = *pieces_[static_cast<std::size_t>(swept_ ? worker : block)];
    look_at(piece, block);
    work(piece.program, SampleRange{block * rows_, std::min(rows_, step.samples - block * rows_)});
  });
}

void SampleBlocks::add_up(ThreadPool& pool, std::int64_t samples, Buffer& of_blocks, Buffer Parameter::*into) {
  const std::int64_t blocks = blocks_of(samples);
  const auto add = [&](std::int64_t task, int) {
    const std::int64_t first = task * kAddedAtOnce, count = std::min(kAddedAtOnce, size_ - first);
    float* const at = of_blocks.data() + first;
    for (std::int64_t apart = 1; apart < blocks; apart *= 2) {
      for (std::int64_t b = 0; b + apart < blocks; b += 2 * apart)
        kernels::add(at + b * size_, at + (b + apart) * size_, count);
    }
  };
  const std::int64_t tasks = (size_ + kAddedAtOnce - 1) / kAddedAtOnce;
  if (blocks * size_ <= kFewAdded) {
    for (std::int64_t task = 0; task < tasks; ++task) add(task, 0);
  } else {
    pool.run(tasks, add);
  }
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    Parameter& p = parameters_.all()[i];
    if (!p.trainable) continue;
    std::memcpy((p.*into).data(), of_blocks.data() + offsets_[i], static_cast<std::size_t>(p.size) * sizeof(float));
  }
}

void SampleBlocks::forward(const Step& step) {
  each(step, step.samples, [&](Program& program, SampleRange range) { program.forward(of_block(step, range)); });
  step.mark(this, PassPart::forward, step.samples);
}

void SampleBlocks::backward(const Step& step) {
  each(step, step.backward_samples,
       [&](Program& program, SampleRange range) { program.backward(of_block(step, range)); });
  if (gives_gradients(step)) add_up(step.pool, step.backward_samples, gradients_, &Parameter::gradient);
  step.mark(this, PassPart::backward_data, step.backward_samples);
}

void SampleBlocks::forward_tangent(const Step& step) {
  each(step, step.samples,
       [&](Program& program, SampleRange range) { program.forward_tangent(of_block(step, range)); });
}

void SampleBlocks::backward_tangent(const Step& step) {
  each(step, step.backward_samples,
       [&](Program& program, SampleRange range) { program.backward_tangent(of_block(step, range)); });
  if (step.parameter_gradients) add_up(step.pool, step.backward_samples, tangents_, &Parameter::gradient_tangent);
}

void SampleBlocks::sweep(const Sweep& sweep) {
  const Step& step = sweep.step;
  each(step, step.samples, [&](Program& program, SampleRange range) {
    const Step own = of_block(step, range);
    program.forward(own);
    sweep.gradients(range);
    if (own.backward_samples > 0) program.backward(own);
    if (!sweep.tangent_step) return;
    const Step tangent = of_block(*sweep.tangent_step, range);
    if (tangent.backward_samples == 0) return;
    program.forward_tangent(tangent);
    sweep.gradient_tangents(range);
    program.backward_tangent(tangent);
  });
  if (gives_gradients(step)) add_up(step.pool, step.backward_samples, gradients_, &Parameter::gradient);
  if (sweep.tangent_step && sweep.tangent_step->parameter_gradients)
    add_up(step.pool, sweep.tangent_step->backward_samples, tangents_, &Parameter::gradient_tangent);
}

void SampleBlocks::parameters_changed() {
  for (auto& piece : pieces_) piece->stale = true;
  for (auto& [weight, panels] : backward_panels_) panels.parameters_changed();
}

void SampleBlocks::describe(std::vector<PassInfo>& out) const {
  std::vector<PassInfo> lines;
  pieces_[0]->program.describe(lines);
  const std::string kernel = "blocks of " + std::to_string(rows_) + " rows " + kernels::level();
  PassInfo forward{network_.name, "all layers", "forward", kernel, 0};
  PassInfo backward{network_.name, "all layers", "backward", kernel, 0};
  for (const PassInfo& line : lines) (line.pass.starts_with("forward") ? forward : backward).flops += line.flops;
  out.push_back(forward);
  out.push_back(backward);
}

// What is drawn is drawn by a sample's place in the batch, whatever its block.
void SampleBlocks::noise(const Step& step, NamedTensors& into) const {
  pieces_[0]->program.noise(step, into);
}

void SampleBlocks::profile(const PassClock& clock, std::vector<PassTime>& out) const {
  std::vector<PassInfo> lines;
  describe(lines);
  for (const PassInfo& line : lines) out.push_back(clock.time_of(this, line, false));
}

std::int64_t SampleBlocks::bytes() const {
  std::int64_t total = gradients_.bytes() + tangents_.bytes();
  for (const Whole& whole : wholes_) total += whole.memory.bytes();
  for (const auto& [weight, panels] : backward_panels_) total += panels.bytes();
  for (const auto& piece : pieces_) total += piece->program.bytes() + piece->parameters.bytes();
  return total;
}

}  // namespace ganymede::engine
