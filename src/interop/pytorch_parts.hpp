#pragma once

namespace ganymede::interop {

/// A layer that torch.nn has not, as the class that model.py gets of it.
struct PyTorchPart {
  const char* name;
  const char* text;
};

extern const PyTorchPart kConvGruPart, kLstmPart, kMinibatchStdPart, kProjectionPart;

}  // namespace ganymede::interop
