#include "engine/plan/program.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "engine/plan/sample_blocks.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

namespace {

CompileOptions with_workspace(CompileOptions options, std::unique_ptr<Workspace>& own) {
  if (options.workspace == nullptr) {
    own = std::make_unique<Workspace>();
    options.workspace = own.get();
  }
  return options;
}

}  // namespace

Program::Program(const net::Network& network, const Layout& layout, ParameterSet& parameters, const Options& options)
    : network_(network) {
  if (SampleBlocks::suit(network_, layout, parameters, options)) {
    blocks_ = std::make_unique<SampleBlocks>(network_, layout, parameters, options);
  } else {
    compiled_ = compile(network_, layout, parameters, with_workspace(options, workspace_));
  }
}

Program::~Program() = default;

const Field& Program::field(const std::string& node) const {
  const int index = network_.index_of(node);
  if (index < 0) fail<ConfigError>("network {} has no node '{}'", network_.name, node);
  if (blocks_) return blocks_->field(index);
  if (compiled_.field_of_node[index] == nullptr)
    fail<Error>("internal: node {} of {} has no values of its own in this plan", node, network_.name);
  return *compiled_.field_of_node[index];
}

void Program::forward(const Step& step, const std::vector<Override>& overrides) {
  if (blocks_) return blocks_->forward(step);
  for (const Compiled::Entry& entry : compiled_.entries) {
    entry.pass->forward(step);
    step.mark(entry.pass.get(), PassPart::forward, step.samples);
    for (const Override& o : overrides) {
      if (entry.node < 0 || network_.nodes[entry.node].name != o.node) continue;
      const Field& f = *compiled_.field_of_node[entry.node];
      if (o.channel >= f.channels || o.row >= f.height) {
        fail<ConfigError>("node {}: there is no channel {} or row {} in {} channels of {} x {}", o.node, o.channel,
                          o.row, f.channels, f.height, f.width);
      }
      for (int p = 0; p < f.positions(); ++p) {
        if (o.row >= 0 && p / f.width != o.row) continue;
        for (std::int64_t n = 0; n < step.samples; ++n) {
          float* values = f.at(f.value, step.samples, p) + n * f.sample_stride();
          for (int c = 0; c < f.channels; ++c) {
            if (o.channel < 0 || c == o.channel) values[c] = o.value;
          }
        }
      }
    }
  }
}

void Program::backward(const Step& step) {
  if (blocks_) return blocks_->backward(step);
  for (auto entry = compiled_.entries.rbegin(); entry != compiled_.entries.rend(); ++entry) {
    if (!entry->need.now(step)) continue;
    entry->pass->backward(step);
    step.mark(entry->pass.get(), PassPart::backward_data, entry->input_need.samples(step));
  }
}

void Program::forward_tangent(const Step& step) {
  if (blocks_) return blocks_->forward_tangent(step);
  if (!step.input_direction) {
    const Field& in = field(net::value_input(network_).name);
    std::fill_n(in.value_tangent, in.size(step.samples), 0.0F);
  }
  for (const Compiled::Entry& entry : compiled_.entries) entry.pass->forward_tangent(step);
}

void Program::backward_tangent(const Step& step) {
  if (blocks_) return blocks_->backward_tangent(step);
  for (auto entry = compiled_.entries.rbegin(); entry != compiled_.entries.rend(); ++entry) {
    if (entry->need.now(step)) entry->pass->backward_tangent(step);
  }
}

void Program::sweep(const Sweep& sweep) {
  if (blocks_) return blocks_->sweep(sweep);
  const SampleRange all{.count = sweep.step.samples};
  forward(sweep.step);
  sweep.gradients(all);
  backward(sweep.step);
  if (!sweep.tangent_step) return;
  forward_tangent(*sweep.tangent_step);
  sweep.gradient_tangents(all);
  backward_tangent(*sweep.tangent_step);
}

void Program::look_into(int node, const Field& other, std::int64_t first) {
  Field& own = *compiled_.field_of_node[static_cast<std::size_t>(node)];
  const std::int64_t at = first * other.sample_stride();
  own.value = other.value + at;
  own.gradient = other.gradient + at;
  if (other.value_tangent == nullptr) return;
  own.value_tangent = other.value_tangent + at;
  own.gradient_tangent = other.gradient_tangent + at;
}

std::int64_t Program::bytes() const {
  if (blocks_) return blocks_->bytes();
  std::int64_t total = compiled_.arena.bytes() + compiled_.tangents.bytes() + (workspace_ ? workspace_->bytes() : 0);
  for (const Compiled::Entry& entry : compiled_.entries) total += entry.pass->bytes();
  return total;
}

void Program::parameters_changed() {
  if (blocks_) return blocks_->parameters_changed();
  for (Compiled::Entry& entry : compiled_.entries) entry.pass->parameters_changed();
}

void Program::describe(std::vector<PassInfo>& out) const {
  if (blocks_) return blocks_->describe(out);
  for (const Compiled::Entry& entry : compiled_.entries) entry.pass->describe(out);
}

void Program::noise(const Step& step, NamedTensors& into) const {
  if (blocks_) return blocks_->noise(step, into);
  for (const Compiled::Entry& entry : compiled_.entries) entry.pass->noise(step, into);
}

void Program::profile(const PassClock& clock, std::vector<PassTime>& out) const {
  if (blocks_) return blocks_->profile(clock, out);
  for (const Compiled::Entry& entry : compiled_.entries) {
    std::vector<PassInfo> lines;
    entry.pass->describe(lines);
    const bool splits_data =
        std::any_of(lines.begin(), lines.end(), [](const PassInfo& line) { return line.pass == "backward data"; });
    for (const PassInfo& line : lines) out.push_back(clock.time_of(entry.pass.get(), line, splits_data));
  }
}

}  // namespace ganymede::engine
