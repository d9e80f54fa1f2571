#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/ink/ink_picture.hpp"
#include "net/network.hpp"
#include "net/traits.hpp"
#include "picture/image.hpp"
#include "play/executor.hpp"
#include "tensor/tensor.hpp"
#include "train/noise.hpp"

namespace ganymede::train {

/// The seed of the first picture of every epoch's grid: picture i is the sample named kFixedSeed + i, in every run.
inline constexpr std::uint64_t kFixedSeed = 0;

/// Generated pictures named by seeds: noise [N, Z] and, for a generator that takes a class, classes [N], for one that
/// takes a vector, conditions [N, K].
struct NamedSamples {
  std::uint64_t seed = 0;  ///< of the first; the others count up
  std::int64_t count = 0;
  std::vector<float> z;
  std::vector<std::int32_t> classes;
  std::vector<std::int32_t> toward{};  ///< between two classes: play::Inputs
  std::vector<float> shares{};
  std::vector<float> conditions{};

  play::Inputs inputs() const {
    return {
        .count = count, .values = z, .classes = classes, .toward = toward, .shares = shares, .conditions = conditions};
  }
  /// Rows of samples of the same generator, behind these.
  void append(const NamedSamples& more);
};

using net::class_count;
using net::condition_length;

/// The class that a text of the command line means: the one of that name, else the one of that number. So "10" is the
/// folder 10 where the classes are called 0, 1, 10, whatever its number. `names`: [K], or none, for runs that did not
/// keep them. @throws ConfigError that lists the classes.
int class_named(const std::string& text, int classes, std::span<const std::string> names);
/// "2 (bee)", or "2" where that is its name or it has none.
std::string class_words(int number, std::span<const std::string> names);

/// The samples named seed, seed + 1, ... The class of a sample is its seed modulo the classes, or `only` for all; its
/// condition is that of train::Conditions.
/// @throws ConfigError for a class that the generator does not know, or any for one that takes none.
NamedSamples named_samples(Noise& noise, const net::Network& generator, std::uint64_t seed, std::int64_t count,
                           std::optional<int> only = {});

/// Whether samples of this shape [C, H, W] are symbols of ink, moves [1, T, 3], rather than pictures.
bool is_ink(const Shape& sample);
/// The symbols that moves f32 [N, 1, T, 3] draw, in rows of `columns` (0: thirteen, a third of the alphabet, or as
/// square as can be for fewer).
data::InkSheet ink_sheet(const Tensor& moves, std::vector<ink::Ink>& inks, int columns = 0, int cell = 56);

/// A grid of images [N, C, H, W] in [-1, 1], small ones enlarged so that a cell is about `cell` pixels wide, or of
/// symbols of ink; of points a plot of all of them. columns 0: as square as can be.
picture::Image sheet(const Tensor& images, int columns = 0, int cell = 112);

}  // namespace ganymede::train
