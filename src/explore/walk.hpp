#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "latent/paths.hpp"
#include "play/model.hpp"
#include "tensor/tensor.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {

/// An area that a walk passes through: points first .. last of the walk have its class.
struct Crossed {
  std::int32_t label = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  friend bool operator==(const Crossed&, const Crossed&) = default;
};
/// The areas in their order: runs of equal labels.
std::vector<Crossed> areas_crossed(std::span<const std::int32_t> labels);

struct WalkOptions {
  int steps = 12;  ///< pictures, both ends included
  latent::PathKind kind = latent::PathKind::lerp;
  std::optional<int> only{};  ///< the class of all pictures, of a generator that takes one
  /// The class at the end of the way, where `only` is that at its beginning: in between the generator gets mixtures of
  /// both (play::Inputs), the share of this one growing evenly. z goes its own way: where the latent sampler draws z by
  /// class (S-LATENT, partitions), z that is the same at both ends is at home in one class at most. Ends that are named
  /// by seeds, each drawn for its own class, lie where the generator knows their class.
  std::optional<int> to_class{};
  /// Conditions at both ends, of a generator that takes a vector: between them they go along a line.
  std::vector<float> condition{}, to_condition{};
  std::vector<play::Override> overrides{};  ///< parse_ablation
};
/// The classes of `samples`, which are the points of these numbers of a walk of so many.
void set_classes(const WalkOptions& options, std::span<const std::int64_t> which, std::int64_t points,
                 train::NamedSamples& samples);

/// Likewise their conditions.
void set_conditions(const WalkOptions& options, std::span<const std::int64_t> which, std::int64_t points,
                    train::NamedSamples& samples);

/// Points that areas are looked for at, from end to end: an area may lie between two pictures.
inline constexpr int kWalkPoints = 201;

struct Walk {
  Tensor pictures;                   ///< [steps, C, H, W]
  std::vector<float> line;           ///< [kWalkPoints, Z]
  std::vector<std::int32_t> labels;  ///< of the pictures, [steps]; empty without a classifier
  std::vector<Crossed> areas;        ///< of the line's points; likewise
};

/// "3 until 0.31, 8 until 0.64, 9": names, and t in [0, 1] halfway between the last point of an area and the first of
/// the next, of `points` points from t = 0 to 1.
std::string words_of(std::span<const Crossed> areas, std::int64_t points, std::span<const std::string> class_names);

/// "0.5,-1.2": so many finite numbers, or nothing.
std::optional<std::vector<float>> parse_coordinates(const std::string& text, int dim);

/// The condition of a generator that takes so many numbers, "0.2,0.7". @throws ConfigError for anything else
std::vector<float> parse_condition(const std::string& text, int length);

/// A z from text: a seed ("17": the z that `seed` names it by `named`) or its coordinates ("0.5,-1.2").
/// @throws ConfigError for anything else, another number of coordinates than dim, or one that is not finite.
std::vector<float> parse_z(const std::string& text, int dim,
                           const std::function<std::vector<float>(std::uint64_t seed)>& named);

}  // namespace ganymede::explore
