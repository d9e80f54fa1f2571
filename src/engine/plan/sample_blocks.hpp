#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/plan/program.hpp"

namespace ganymede::engine {

/// The training of a network whose layers treat each sample by itself and whose values are flat vectors, such as a
/// perceptron: in blocks of samples that go through the whole network on one thread, so that what lies between the
/// layers stays in its cache. A part of Program.
class SampleBlocks {
 public:
  /// Whether all layers are of that kind, the weights are few enough to be read by every block, and there are several
  /// blocks.
  static bool suit(const net::Network& network, const Layout& layout, const ParameterSet& parameters,
                   const CompileOptions& options);

  /// All must outlive it.
  SampleBlocks(const net::Network& network, const Layout& layout, ParameterSet& parameters,
               const CompileOptions& options);

  /// Those of Program.
  const Field& field(int node) const;
  void forward(const Step& step);
  void backward(const Step& step);
  void forward_tangent(const Step& step);
  void backward_tangent(const Step& step);
  void sweep(const Sweep& sweep);
  void parameters_changed();
  void describe(std::vector<PassInfo>& out) const;
  void noise(const Step& step, NamedTensors& into) const;
  void profile(const PassClock& clock, std::vector<PassTime>& out) const;
  std::int64_t bytes() const;

 private:
  /// The network compiled for one block at a time: the values of all parameters are those of the whole.
  struct Piece {
    Piece(const SampleBlocks& of, const CompileOptions& options)
        : parameters(of.network_, of.layout_), program(of.network_, of.layout_, parameters, options) {}
    ParameterSet parameters;
    Program program;
    bool stale = true;  ///< its program has not heard of the parameters' last change
  };
  /// The values of an input or output for all samples.
  struct Whole {
    int node;
    Field field;
    Buffer memory;
  };

  /// Blocks of so many samples, a number that the threads do not decide: it is in the order of sums.
  static std::int64_t rows_for(std::int64_t samples, const ParameterSet& parameters);
  std::int64_t blocks_of(std::int64_t samples) const { return (samples + rows_ - 1) / rows_; }
  /// Runs work(program, range) for each block of the first `samples`, in any order.
  template <class F>
  void each(const Step& step, std::int64_t samples, const F& work);
  /// The piece reads and writes what is of this block.
  void look_at(Piece& piece, std::int64_t block);
  /// The step as the block's own.
  static Step of_block(const Step& step, SampleRange range);
  /// The gradients of the parameters, or their tangents, from those of the blocks of the first `samples`, added up in
  /// a binary tree.
  void add_up(ThreadPool& pool, std::int64_t samples, Buffer& of_blocks, Buffer Parameter::*into);
  static bool gives_gradients(const Step& step) { return step.parameter_gradients && step.weight_gradients; }

  const net::Network& network_;
  const Layout& layout_;
  ParameterSet& parameters_;
  CompileOptions options_;  ///< of a piece
  bool swept_;              ///< a piece serves one thread, and keeps nothing; otherwise one block
  std::int64_t rows_;
  std::map<std::string, WeightPanels> backward_panels_;  ///< of all pieces
  std::vector<std::unique_ptr<Piece>> pieces_;
  std::vector<Whole> wholes_;
  std::vector<std::int64_t> offsets_;  ///< of each parameter's gradient in a block's, and their size together
  std::int64_t size_ = 0;
  Buffer gradients_, tangents_;  ///< [block][all parameters]
};

}  // namespace ganymede::engine
