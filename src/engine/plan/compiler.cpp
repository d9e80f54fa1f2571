#include "engine/plan/compiler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "engine/passes/glue_pass.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

// How it works. Nodes are taken in order; each becomes a pass with a field of its own for what it puts out, or joins
// the pass before (a bias, BatchNorm, an activation and a dropout in a row are one pass). Who reads what, and when for
// the last time, is noted on the way; place() then lays all fields into one arena, where two share memory whose lives
// do not overlap. A value with several readers is forked: each reads a copy, so that gradients are written, not added.

Compiler::Compiler(const net::Network& network, const Layout& layout, ParameterSet& parameters,
                   const CompileOptions& options)
    : network_(network), layout_(layout), parameters_(parameters), options_(options) {
  const std::size_t count = network_.nodes.size();
  out_.field_of_node.assign(count, nullptr);
  users_.resize(count);
  kept_.assign(count, false);
  done_.assign(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::string& name : node(static_cast<int>(i)).inputs)
      users_[network_.index_of(name)].push_back(static_cast<int>(i));
  }
  for (const std::string& name : network_.outputs) kept_[network_.index_of(name)] = true;
  for (const std::string& name : options_.kept) {
    const int index = network_.index_of(name);
    if (index < 0) fail<ConfigError>("network {} has no node '{}'", network_.name, name);
    kept_[index] = true;
  }
}

void Compiler::need_tangents() const {
  for (const net::Node& n : network_.nodes) {
    if (!std::holds_alternative<net::BatchNorm>(n.layer) && !std::holds_alternative<net::ConvGru>(n.layer) &&
        !std::holds_alternative<net::Lstm>(n.layer) && !net::is_of_discriminators(n.layer))
      continue;
    fail<ConfigError>("{}: layer '{}' of the {} ({}{}) has no second derivative in this engine{}",
                      options_.tangents_for, n.name, network_.name, net::kind_of(n.layer),
                      net::is_spectral(n.layer) ? " with spectral norm" : "",
                      std::holds_alternative<net::BatchNorm>(n.layer)
                          ? fmt::format("; {}.norm = \"layer\" or \"none\" has", network_.name)
                          : "");
  }
}

Compiled Compiler::compile() {
  if (with_tangents()) need_tangents();
  for (int i = 0; i < static_cast<int>(network_.nodes.size()); ++i) {
    if (!done_[i]) std::visit([&](const auto& layer) { add_layer(layer, i); }, node(i).layer);
  }
  place();
  return std::move(out_);
}

int Compiler::input_of(int index, int which) const {
  return network_.index_of(node(index).inputs[which]);
}

int Compiler::only_user(int index) const {
  return users_[index].size() == 1 ? users_[index][0] : -1;
}

bool Compiler::fusible(int index, int next) const {
  return next >= 0 && !kept_[index];
}

bool Compiler::is_kept(const Field* field) const {
  for (std::size_t k = 0; k < kept_.size(); ++k) {
    if (kept_[k] && out_.field_of_node[k] == field) return true;
  }
  return false;
}

Field* Compiler::new_field(const Field& like, GradientNeed need) {
  out_.fields.push_back(like);
  Field* field = &out_.fields.back();
  const int storage = static_cast<int>(infos_.size());
  infos_[field] = {.value = storage, .gradient = storage, .need = need};
  return field;
}

void Compiler::add(std::unique_ptr<Pass> pass, int last_node, const std::vector<Field*>& reads, Field* writes) {
  const int time = static_cast<int>(out_.entries.size());
  for (Field* field : reads) info(field).last_used = std::max(info(field).last_used, time);
  if (info(writes).made < 0) info(writes).made = time;
  const GradientNeed input_need = reads.empty() ? GradientNeed{} : info(reads.front()).need;
  out_.entries.push_back({std::move(pass), last_node, info(writes).need, input_need});
}

Field* Compiler::value_for(int index) {
  const auto copies = copies_.find(index);
  if (copies == copies_.end()) return out_.field_of_node[index];
  Field* field = copies->second.back();
  copies->second.pop_back();
  return field;
}

// The value of a node is complete: keep it, and hand out copies where more than one reads it.
void Compiler::finish(int index, Field* out) {
  done_[index] = true;
  const bool is_output =
      std::find(network_.outputs.begin(), network_.outputs.end(), node(index).name) != network_.outputs.end();
  const std::size_t readers = users_[index].size() + (is_output && !users_[index].empty() ? 1 : 0);
  if (readers <= 1) {
    out_.field_of_node[index] = out;
    return;
  }
  std::vector<Field*> outs;
  for (std::size_t i = 0; i < readers; ++i) outs.push_back(new_field(layout_.fields[index], info(out).need));
  auto fork = make_fork(network_.name, node(index).name, out, outs, info(out).need);
  for (Field* field : outs) info(field).made = static_cast<int>(out_.entries.size());
  add(std::move(fork), -1, {out}, outs[0]);
  out_.field_of_node[index] = is_output ? outs.back() : out;
  if (is_output) outs.pop_back();
  copies_[index] = outs;
}

void Compiler::add_layer(const net::Input& input, int index) {
  if (input.role == net::Role::class_index) {
    done_[index] = true;
    return;
  }
  if (input.role == net::Role::condition) {
    Field* out = new_field(layout_.fields[index], {});
    add(make_given(network_.name, node(index).name, out), index, {}, out);
    return finish(index, out);
  }
  finish(index, new_field(layout_.fields[index], {.for_parameters = false, .for_inputs = options_.input_gradients}));
}

Compiled compile(const net::Network& network, const Layout& layout, ParameterSet& parameters,
                 const CompileOptions& options) {
  return Compiler(network, layout, parameters, options).compile();
}

}  // namespace ganymede::engine
