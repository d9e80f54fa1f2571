#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/passes/geometry.hpp"
#include "engine/plan/compiled.hpp"

namespace ganymede::engine {

/// The work of compile(). One overload of `add_layer` for each layer there is: one that is missing does not compile.
class Compiler {
 public:
  Compiler(const net::Network& network, const Layout& layout, ParameterSet& parameters, const CompileOptions& options);
  Compiled compile();

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

  /// @throws ConfigError naming the first layer that has no tangent, and the key that asked for it
  void need_tangents() const;
  bool with_tangents() const { return !options_.tangents_for.empty(); }
  /// The pass of a layer of products, with tangents where they are wanted.
  template <class Spec>
  std::unique_ptr<Pass> product(std::unique_ptr<Pass> (*make)(Spec), Spec spec) const;

  const net::Node& node(int index) const { return network_.nodes[index]; }
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

  // compiler.cpp
  void add_layer(const net::Input& input, int index);
  // compile_products.cpp
  void add_layer(const net::Dense& dense, int index);
  void add_layer(const net::Conv& conv, int index);
  void add_layer(const net::ConvTranspose& conv, int index);
  void add_layer(const net::ConvGru& gru, int index);
  void add_layer(const net::Lstm& lstm, int index);
  // compile_pointwise.cpp
  void add_layer(const net::BatchNorm&, int index) { add_pointwise(index); }
  void add_layer(const net::Activation&, int index) { add_pointwise(index); }
  void add_layer(const net::Dropout&, int index) { add_pointwise(index); }
  void add_layer(const net::LayerNorm& norm, int index);
  // compile_glue.cpp
  void add_layer(const net::Embedding&, int index);
  void add_layer(const net::OneHot&, int index);
  void add_layer(const net::Multiply&, int index);
  void add_layer(const net::Concat&, int index);
  void add_layer(const net::Reshape&, int index);
  void add_layer(const net::Permute& permute, int index);
  void add_layer(const net::Pool& pool, int index);
  void add_layer(const net::MinibatchStd& layer, int index);
  void add_layer(const net::Projection&, int index);
  /// The value of an input as it is, or a flat vector that lies as an image copied to one position.
  Field* as_it_counts(int source, Field* field, int index);

  /// A convolution of either kind: its products, then the group of its bias.
  void add_conv(int index, bool bias, const Geometry& geometry, bool transposed);
  /// What follows products: the group of their bias, if they have one.
  void end_products(bool bias, int index, Field* result);
  /// What its input gives to all gates of a recurrent layer at all times: one convolution, before what runs through
  /// time.
  void add_gate_sums(int index, Field* in, Field* gates, int kernel);
  void add_pointwise(int index) { add_group(index, value_for(input_of(index)), nullptr); }
  /// An activation group, one pass, that starts behind `in`: [bias] or BatchNorm at `first`, then activation and
  /// dropout where they follow and can be fused.
  void add_group(int first, Field* in, Parameter* bias);
  struct Group;
  Group begin_group(int first, Field* in, Parameter* bias);
  /// The layer that may join the group, if it is an L.
  template <class L>
  const L* next_as(const Group& group) const;
  // Each takes the next node into the group if it is of its kind.
  void join_norm(Group& group);
  void join_activation(Group& group);
  void join_dropout(Group& group);
  void advance(Group& group);
  void end_group(Group group);
  /// Whether the group, a bias and a curve, and the dense layer behind it are one pass: narrow_head.
  bool is_head(const Group& group) const;
  void add_head(const net::Dense& dense, int index);
  /// The field itself, or a copy in the layout of `like`, for node `index`.
  Field* laid_out_like(const Field& like, Field* from, int index);
  void finish(int index, Field* out);
  void place();  ///< place.cpp

  const net::Network& network_;
  const Layout& layout_;
  ParameterSet& parameters_;
  const CompileOptions& options_;
  Compiled out_;
  std::vector<std::vector<int>> users_;
  std::vector<bool> kept_;
  std::vector<bool> done_;
  std::map<const Field*, FieldInfo> infos_;
  std::map<int, std::vector<Field*>> copies_;  ///< of nodes with several users
  std::map<int, NarrowHeadSpec> heads_;        ///< begun by the group of the node before, ended by the dense layer's
};

}  // namespace ganymede::engine
