#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::train {

// Weights that belong to one class each: so that a model can go on with other classes than it was trained on.

/// Where a parameter has places that belong to classes: along this axis, those from `first` on, one a class.
struct ClassAxis {
  int axis = 0;
  std::int64_t first = 0;
  friend bool operator==(const ClassAxis&, const ClassAxis&) = default;
};

/// Those of a network, by parameter ("dense.weight"): rows of an embedding, a projection's classes and of D's class
/// head; columns of a dense layer that reads a one-hot class, alone or as the last part of what is joined.
std::map<std::string, ClassAxis> class_axes(const net::Network& network);

/// For each class of `here` its place among those of `there`; -1 where it is none of them.
std::vector<int> places_of_classes(std::span<const std::string> here, std::span<const std::string> there);

/// `fresh` with the values of `source`, but for the places of classes that are new (places[k] < 0), which stay as they
/// are. Nothing if the shapes differ in more than the number of classes, or the axes differ. f32.
std::optional<Tensor> with_known_classes(const Tensor& fresh, const ClassAxis& axis, const Tensor& source,
                                         const ClassAxis& source_axis, std::span<const int> places,
                                         std::int64_t source_classes);

}  // namespace ganymede::train
