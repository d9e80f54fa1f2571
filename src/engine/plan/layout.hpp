#pragma once

#include <string>
#include <vector>

#include "engine/plan/field.hpp"
#include "engine/plan/parameter.hpp"
#include "engine/plan/spectral_weight.hpp"
#include "net/network.hpp"

namespace ganymede::engine {

/// Where a network's values and parameters lie: the same for training and inference, whatever is fused.
struct Layout {
  std::vector<Shape> shapes;  ///< of one sample, by node
  std::vector<Field> fields;  ///< by node; a class index has none that is used
  std::vector<bool> copies;   ///< reshape nodes whose input lies in another order
  bool flat(int node) const { return shapes[node].size() == 1; }
  /// A vector that lies as the image it is reshaped to: its features are spread over positions.
  bool per_position(int node) const { return flat(node) && fields[node].positions() > 1; }
};

/// Flat vectors take the C, H, W order of the image they are reshaped to, so that the reshape is free; images of up to
/// 4 channels are thin where all their neighbours can deal with that.
Layout make_layout(const net::Network& network);

/// The parameters of one network in the engine's order, with gradients, moments and average where asked for.
class ParameterSet {
 public:
  ParameterSet(const net::Network& network, const Layout& layout);

  std::vector<Parameter>& all() { return parameters_; }
  const std::vector<Parameter>& all() const { return parameters_; }
  Parameter* find(const std::string& name);
  /// What a pass computes with, and where it puts its gradient: the parameter, or what a spectral norm makes of it.
  /// Must exist.
  Parameter* get(const std::string& name);
  /// Brings what spectral norms make of the parameters up to date; `iterate`: for a training pass.
  void normalise(ThreadPool& pool, bool iterate);
  /// Gradients of the parameters from those of what spectral norms made of them.
  void pull_back(ThreadPool& pool);
  bool is_normalised() const { return !spectral_.empty(); }

  /// Room for the tangents of the gradients, and for the direction in which parameters move, where they do.
  void reserve_tangents(bool parameters_move);
  /// Values from "<prefix><name>"; throws DataError naming what is missing or misshapen.
  void load(const NamedTensors& tensors, const std::string& prefix);
  void copy_values(const ParameterSet& other, bool averages);
  std::int64_t bytes() const;

 private:
  std::vector<Parameter> parameters_;
  std::vector<SpectralWeight> spectral_;
};

}  // namespace ganymede::engine
