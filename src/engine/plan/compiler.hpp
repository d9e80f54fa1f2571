#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/plan/program.hpp"
#include "kernels/activation.hpp"

namespace ganymede::engine {

/// Turns a network into a program: fuses bias, BatchNorm, activation and dropout, chooses passes, places fields in one
/// arena.
class Compiler {
 public:
  Compiler(Program& program, const Layout& layout, ParameterSet& parameters, const Program::Options& options);
  void compile();

 private:
  struct Storage {  ///< of the values or gradients of one or more fields
    std::int64_t size = 0;
    int first = 0, last = 0;
    int buffer = -1;
  };
  struct FieldInfo {
    int made = -1;       ///< pass that writes it; -1: fed from outside
    int last_used = -1;  ///< last pass that reads it
    int value = -1;      ///< storage numbers
    int gradient = -1;
    GradientNeed need = {};
    bool read_by_maker = false;  ///< the pass that writes the values reads them again, going backward
  };

  const net::Node& node(int index) const { return program_.network_.nodes[index]; }
  int input_of(int index, int which = 0) const;
  /// A field with storage of its own, laid out like another.
  Field* new_field(const Field& like, GradientNeed need);
  FieldInfo& info(const Field* field) { return infos_.at(field); }
  /// Whether the field holds a node that must keep its own values.
  bool is_kept(const Field* field) const;
  /// The field that `user` reads as the value of node `index`: its own copy if others read it too.
  Field* value_for(int index);
  void add(std::unique_ptr<Pass> pass, int last_node, const std::vector<Field*>& reads, Field* writes);
  bool fusible(int index, int next) const;
  int only_user(int index) const;

  void compile_node(int index);
  void compile_input(int index);
  void compile_conv(int index);
  void compile_dense(int index);
  void compile_gru(int index);
  /// An activation group that starts behind `in`: [bias] or BatchNorm at `first`, then what can be fused. Returns the
  /// last node.
  void compile_activation(int first, Field* in, Parameter* bias);
  void compile_layer_norm(int index);
  void compile_joint(int index);
  void finish(int index, Field* out);
  void place();

  Program& program_;
  const Layout& layout_;
  ParameterSet& parameters_;
  const Program::Options& options_;
  std::vector<std::vector<int>> users_;
  std::vector<bool> kept_;
  std::vector<bool> done_;
  std::map<const Field*, FieldInfo> infos_;
  std::map<int, std::vector<Field*>> copies_;  ///< of nodes with several users
};

}  // namespace ganymede::engine
