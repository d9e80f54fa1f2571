#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "run/networks.hpp"
#include "run/recipe.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::train {

/// What a run with train.from begins with: weights alone, neither moments nor step.
struct StartWeights {
  NamedTensors tensors;                      ///< for Executor::set_state
  std::filesystem::path file;                ///< the checkpoint or snapshot
  std::uint64_t step = 0;                    ///< of the run that it belongs to
  std::vector<std::string> fresh;            ///< layers that did not fit and begin anew: "discriminator.dense"
  std::vector<std::string> partly{};         ///< layers taken but for the places of new classes
  std::vector<std::string> known_classes{};  ///< where there are such layers: classes that both have, by their names
  std::vector<std::string> new_classes{};    ///< ... and those that begin anew
  bool by_name = false;                      ///< G takes classes, and they are the same there, by names and order
  bool by_place = false;                     ///< the classes have other names there, and were taken by their numbers
};

/// Puts the weights of recipe.train.from (a run's folder: its newest checkpoint, else its last snapshot; or such a
/// file) in the place of `fresh` ones, layer by layer. A layer fits if all its tensors are there in the same shapes;
/// what it computes besides, such as its activation, is not compared. A moving average of G is taken where there is
/// one. With train.from_fitting a layer that differs in the classes alone (class_parts.hpp) is taken for those that
/// both have by name, `class_names` of the run and of the source; only the new ones begin anew. Without it classes are
/// taken by their numbers.
/// @throws DataError if there is no such run or file or it is damaged; ConfigError naming the first layer that does not
/// fit, or that has no counterpart here, unless train.from_fitting; and in any case if no layer fits.
StartWeights start_weights(const run::Recipe& recipe, const run::Networks& networks, NamedTensors fresh,
                           std::span<const std::string> class_names = {});

}  // namespace ganymede::train
