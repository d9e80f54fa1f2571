#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ganymede::latent {

enum class PriorKind { normal, uniform };
/// "normal" or "uniform"; @throws ConfigError otherwise, naming the two.
PriorKind prior_kind_from(std::string_view name);
const char* name_of(PriorKind kind);

/// The distribution of z in R^Z: N(0, I) or U[-1, 1)^Z.
struct Prior {
  int dim = 100;
  PriorKind kind = PriorKind::normal;
  /// > 0, of the z that seeds name: each number of N(0, 1) beyond so many deviations is drawn again until it is within
  /// (Brock, Donahue, Simonyan 2019: less variety, more typical pictures). The others stay what they are without.
  double truncation = 0;
  /// The last numbers of z are codes, n of each (play::codes_from): n > 1 of which one, drawn evenly, is 1 and the
  /// others 0; 1 of U[-1, 1). They are not truncated.
  std::vector<int> codes{};
};

/// The smallest truncation: below it most draws would be in vain.
inline constexpr double kLeastTruncation = 0.05;

/// Training noise, out [N, Z] with N = out.size() / Z: row i is sample first_index + i of `step` (key seed, stream
/// "latent.train"; its codes from stream "latent.train.codes"). A row depends on (seed, step, its index) alone, so
/// shards can fill their parts.
/// @throws ShapeError if out is no whole number of rows.
void fill_training(const Prior& prior, std::uint64_t seed, std::uint32_t step, std::uint32_t first_index,
                   std::span<float> out);

/// The z named by a seed, out [Z]: key seed, stream "latent.sample" (codes: "latent.sample.codes"), step 0, index 0.
/// Truncated: the k-th candidate of a number is its place in such a row of stream "latent.truncation", step k.
/// @throws ConfigError for a truncation of U[-1, 1), or one below kLeastTruncation.
void sample_z(const Prior& prior, std::uint64_t seed, std::span<float> out);
/// out [N, Z]: row i is the z named by seed + i (modulo 2^64), so picture i of `--seed S` is picture 0 of `--seed S+i`.
void fill_samples(const Prior& prior, std::uint64_t seed, std::span<float> out);

/// How generated samples get their class.
enum class ClassChoice {
  uniform,  ///< drawn from stream "latent.class", key seed + i
  cycle     ///< (seed + i) mod K
};
/// Class of the sample named by a seed, in [0, classes), a function of the seed alone; independent of z.
/// @throws ConfigError if classes < 1.
std::int32_t sample_class(std::uint64_t seed, int classes, ClassChoice choice = ClassChoice::uniform);
/// Classes of the samples seed, seed + 1, ..., seed + count - 1.
std::vector<std::int32_t> sample_classes(std::uint64_t seed, std::int64_t count, int classes,
                                         ClassChoice choice = ClassChoice::uniform);

}  // namespace ganymede::latent
