#pragma once

#include <map>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::interop {

/// Whose shapes, and names of tensors within a layer: PyTorch's are ours (weight, bias, running_mean ...), Keras' are
/// those of net::from_keras (kernel, bias, gamma, moving_mean ...).
enum class WeightLayout { pytorch, keras };

/// Their name -> ours, of a layer ("net.0" -> "dense") or of one tensor ("net.0.weight" -> "dense.weight"); "": not
/// wanted.
using NameTable = std::map<std::string, std::string>;

struct ImportOptions {
  WeightLayout layout = WeightLayout::pytorch;
  NameTable table{};
  std::string prefix{};  ///< of the file's names: only these count, without it; "generator."
};

/// One tensor taken over.
struct TakenTensor {
  std::string ours;    ///< "conv1.weight"
  std::string theirs;  ///< as the file has it
  Shape found;         ///< there
};

struct ImportedWeights {
  NamedTensors tensors;               ///< "generator.conv1.weight", f32, all that the network has
  std::vector<TakenTensor> taken;     ///< in the order of the network
  std::vector<std::string> left_out;  ///< tensors of the file that are of another network, or count batches
  std::string way;                    ///< "by name", "by name under generator.", "in order"
};

/// The weights of a network from tensors that another program named. A slash counts as a dot; the layer is what stands
/// before the last one. What the table does not name is found by name, if every layer of the network is there under its
/// own (all with one prefix before it), else in order: the layers of each kind (dense, convolution, BatchNorm ...) as
/// the numbers in their names count, against the network's. @throws DataError that lists everything that does not fit,
/// with wanted and found shapes; for a value that is not finite; of names in the table that are nowhere; where several
/// prefixes have all layers.
ImportedWeights import_weights(const net::Network& network, const NamedTensors& theirs,
                               const ImportOptions& options = {});

}  // namespace ganymede::interop
