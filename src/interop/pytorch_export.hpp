#pragma once

#include <map>
#include <string>
#include <vector>

#include "interop/frozen.hpp"

namespace ganymede::interop {

/// Networks as a Python module that PyTorch runs: model.py, a class a network (Generator, Discriminator, Classifier)
/// and load(), which reads NAME.safetensors beside it, with the names of the class's own state_dict. In inference the
/// classes compute what the engine does; in training what PyTorch's layers do (BatchNorm with unbiased running
/// variances; weights that had a spectral norm have none).
/// @param sentence  the first line of the module: what it is, of which run
/// @return          content by file name
std::map<std::string, std::string> to_pytorch(const std::vector<FrozenNetwork>& networks, const std::string& sentence);

/// The name of a node in Python: as it is, with a _ where Python or nn.Module has taken it.
std::string python_name(const std::string& node);

}  // namespace ganymede::interop
