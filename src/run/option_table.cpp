#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "data/parts.hpp"
#include "data/sources.hpp"
#include "run/options.hpp"
#include "run/words.hpp"

namespace ganymede::run {
namespace {

Legal from_to(double least, double most) {
  return {.least = least, .most = most};
}
Legal from_to_below(double least, double most) {
  return {.least = least, .most = most, .below_most = true};
}
Legal above(double least, double most) {
  return {.least = least, .most = most, .above_least = true};
}
/// For integers without a natural limit; a double holds each of them exactly.
Legal at_least(double least) {
  return from_to(least, 1e15);
}

Legal one_of(std::vector<std::string> choices) {
  return {.choices = std::move(choices)};
}

/// Keys of the networks that a family makes, not of those written node by node.
Use families(const std::string& player, std::vector<std::string> names) {
  return Use::where({{player + ".family", std::move(names)}});
}
/// Those of a player but some, and but "layers".
std::vector<std::string> families_but(const std::string& player, const std::vector<std::string>& without) {
  std::vector<std::string> names = {"digits", "photo", "ink", "mlp", "conv"};
  if (player == "generator") names.push_back("lstm");
  std::erase_if(names, [&](const std::string& name) { return std::ranges::find(without, name) != without.end(); });
  return names;
}
Use but_families(const std::string& player, const std::vector<std::string>& without) {
  return families(player, families_but(player, without));
}
Use with_activation(const std::string& player, const char* name) {
  return Use::where({{player + ".family", families_but(player, {})}, {player + ".activation", {name}}});
}
Use with_kind(const std::string& player, std::vector<std::string> kinds) {
  return Use::where({{player + ".optimizer.kind", std::move(kinds)}});
}
Use with_schedule(const std::string& player, std::vector<std::string> schedules) {
  return Use::where({{player + ".optimizer.schedule", std::move(schedules)}});
}
Use with(const char* key, std::vector<std::string> values) {
  return Use::where({{key, std::move(values)}});
}
Use without(const char* key, std::vector<std::string> values) {
  return Use::where({{key, std::move(values), true}});
}
/// Keys of some sets of points.
Use of_points(const char* key) {
  return with("data.source", data::point_sets_with(key));
}
std::vector<std::string> names_of_point_sets() {
  std::vector<std::string> names;
  for (const data::PointSet& set : data::point_sets()) names.emplace_back(set.name);
  return names;
}
/// Keys of ink: the other sets that have names, and the families that take no ink, do without.
Use of_ink() {
  static const std::vector<std::string> kOthers =
      data::source_names([](const data::Source& s) { return s.kind != data::SampleKind::ink; });
  return Use::where({{"data.source", kOthers, true}, {"generator.family", {"ink", "layers"}}});
}
Use of_copies() {
  Use ink = of_ink();
  std::vector<Condition> conditions = ink.conditions();
  conditions.push_back({"data.copies", {"0"}, true});
  return Use::where(conditions);
}
Use of_pictures() {
  static const std::vector<std::string> kOfOneSide =
      data::source_names([](const data::Source& s) { return !s.any_side; });
  return Use::where({{"data.source", kOfOneSide, true}, {"generator.family", {"ink", "mlp"}, true}});
}

constexpr double kSeeds = 0x1p63;  // TOML's integers are signed

#define KEY(path) [](Recipe& r) -> Field { return &r.path; }
#define PLAYER(path) [](Recipe& r) -> Field { return &(r.*P).path; }

/// The keys that both players have.
template <Recipe::Player Recipe::*P>
std::vector<Option> player_options(const std::string& name) {
  const bool generates = name == "generator";
  const auto norms = generates ? names_but(kNormWords, net::Norm::spectral) : names_in(kNormWords);
  const auto conditions =
      generates ? names_but(kConditionWords, net::Condition::projection) : names_in(kConditionWords);
  const std::string of_d = generates ? ""
                                     : "; spectral: none, but every dense and convolution weight is divided by its "
                                       "largest singular value (Miyato et al. 2018)";
  const std::string to_d = generates ? ""
                                     : "; projection: how well the features fit the class is part of the logit "
                                       "(Miyato, Koyama 2018)";
  std::vector<std::string> all_families = families_but(name, {});
  all_families.push_back("layers");
  const auto key = [&](const char* field) { return name + "." + field; };
  return {
      {key("family"), "The studies' network with the parameters below, or node by node in [[" + name + ".layer]]",
       PLAYER(family), one_of(all_families), Use::everywhere()},
      {key("width"),
       "digits, photo: channels of the hidden layer next to the image, of which the others have multiples; ink: "
       "channels of the recurrent states, units of D's first layer; lstm: units",
       PLAYER(width), from_to(1, 4096), but_families(name, {"mlp", "conv"})},
      {key("widths"),
       "mlp: units of each hidden layer, from the input on; at most 16 layers. conv: channels of each layer, at most "
       "8, "
       "which doubles (D: halves) the picture's side",
       PLAYER(widths), from_to(1, 4096), families(name, {"mlp", "conv"})},
      {key("activation"), "Activation of the hidden layers", PLAYER(activation), one_of(names_in(kActivationWords)),
       but_families(name, {})},
      {key("negative_slope"), "leaky_relu: slope below 0", PLAYER(negative_slope), from_to(0, 1),
       with_activation(name, "leaky_relu")},
      {key("relu_slope"), "relu: slope below the threshold", PLAYER(relu_slope), from_to(0, 1),
       with_activation(name, "relu")},
      {key("relu_ceiling"), "relu: largest value, 0 for none", PLAYER(relu_ceiling), from_to(0, 1e6),
       with_activation(name, "relu")},
      {key("relu_threshold"), "relu: values below it take the slope", PLAYER(relu_threshold), from_to(0, 1e6),
       with_activation(name, "relu")},
      {key("elu_alpha"), "elu: minus its limit far below 0", PLAYER(elu_alpha), from_to(0, 100),
       with_activation(name, "elu")},
      {key("rrelu_lower"), "rrelu: smallest random slope", PLAYER(rrelu_lower), from_to(0, 1),
       with_activation(name, "rrelu")},
      {key("rrelu_upper"), "rrelu: largest random slope", PLAYER(rrelu_upper), from_to(0, 1),
       with_activation(name, "rrelu")},
      {key("norm"), "Normalisation of the hidden layers" + of_d, PLAYER(norm), one_of(norms),
       but_families(name, {"ink", "lstm"})},
      {key("condition"),
       "How the class enters: a label embedding times the input (S-LATENT L2), or joined to it as a one-hot vector or "
       "planes (S-THEORY T3); vector: no class, but the vector of numbers that the data have of each sample, joined in "
       "the same way" +
           to_d + ". Points take none or vector, ink no vector",
       PLAYER(condition), one_of(conditions), but_families(name, {})},
      {key("initializer"), "Fresh values of dense and convolution kernels", PLAYER(initializer),
       one_of(names_in(kInitializerWords)), Use::everywhere()},
      {key("initializer_scale"),
       "normal: standard deviation; uniform: half width; the others: factor of their usual size",
       PLAYER(initializer_scale), above(0, 1000), Use::everywhere()},
  };
}

/// Of both players: how their parameters move.
template <Recipe::Player Recipe::*P>
std::vector<Option> optimizer_options(const std::string& player) {
  const auto key = [&](const char* field) { return player + ".optimizer." + field; };
  return {
      {key("kind"), "Rule of the updates, in Keras' form", PLAYER(optimizer.kind),
       one_of(play::names_of<play::OptimizerKind>()), Use::everywhere()},
      {key("learning_rate"), "Step size", PLAYER(optimizer.learning_rate), above(0, 1e38), Use::everywhere()},
      {key("beta1"), "adam, nadam: decay of the mean gradient", PLAYER(optimizer.beta1), from_to_below(0, 1),
       with_kind(player, {"adam", "nadam"})},
      {key("beta2"), "adam, nadam: decay of the mean square", PLAYER(optimizer.beta2), from_to_below(0, 1),
       with_kind(player, {"adam", "nadam"})},
      {key("epsilon"), "adam, nadam, rmsprop: added to the root of the mean square", PLAYER(optimizer.epsilon),
       above(0, 1), with_kind(player, {"adam", "nadam", "rmsprop"})},
      {key("momentum"), "sgd: share of the last step that goes on", PLAYER(optimizer.momentum), from_to_below(0, 1),
       with_kind(player, {"sgd"})},
      {key("rho"), "rmsprop: decay of the mean square", PLAYER(optimizer.rho), from_to_below(0, 1),
       with_kind(player, {"rmsprop"})},
      {key("clip_norm"), "Largest joint L2 norm of the player's gradients, 0 for no clipping",
       PLAYER(optimizer.clip_norm), from_to(0, 1e9), Use::everywhere()},
      {key("schedule"),
       "How the rate moves with this player's updates, as in Keras 3: linear or cosine (Loshchilov, Hutter 2017) to "
       "its "
       "end, or a factor every so many",
       PLAYER(optimizer.schedule), one_of(play::names_of<play::Schedule>()), Use::everywhere()},
      {key("schedule_updates"), "linear, cosine: updates of this player until the end; steps: between two falls",
       PLAYER(optimizer.schedule_updates), at_least(1), with_schedule(player, {"linear", "cosine", "steps"})},
      {key("schedule_end"), "linear, cosine: share of the rate that is left at the end and from there on",
       PLAYER(optimizer.schedule_end), from_to(0, 1000), with_schedule(player, {"linear", "cosine"})},
      {key("schedule_factor"), "steps: factor of the rate at each fall", PLAYER(optimizer.schedule_factor),
       above(0, 1000), with_schedule(player, {"steps"})},
  };
}

std::vector<Option> first_options() {
  return {
      {"name", "Name of the recipe; the file's own by default", KEY(name), {}, Use::everywhere()},
      {"description", "One sentence for lists", KEY(description), {}, Use::everywhere()},

      {"data.source",
       fmt::format("A data set by name: {} (nothing to download), {}; or a path: an IDX images file, an NPZ file, a "
                   "folder of IDX files or of pictures (PNG, JPEG; subfolders are classes), a JSON ink file, UniPen "
                   "data as a folder or an archive, points as an NPY file [N, D] or a CSV",
                   fmt::join(data::source_names([](const data::Source& s) { return s.synthetic; }), ", "),
                   fmt::join(data::source_names([](const data::Source& s) { return !s.synthetic; }), ", ")),
       KEY(data.source),
       {},
       Use::everywhere()},
      {"data.limit", "Only the first so many images, 0 for all", KEY(data.limit), at_least(0), Use::everywhere()},
      {"data.part",
       "Only a part of the training data, \"2/4\" the second of four, as one of several workers has it; empty for all. "
       "Scores and classifiers take the whole set",
       KEY(data.part),
       {},
       Use::everywhere()},
      {"data.part_by",
       "What the parts are cut along: writer or class, each in one part, the parts of nearly equal size (the largest "
       "first, each to the smallest part), or sample, every part with all classes alike; by class a network may know "
       "classes that it has no sample of",
       KEY(data.part_by), one_of(data::names_of_part_by()), without("data.part", {""})},
      {"data.builtin_count", "Images of the built-in set", KEY(data.builtin_count), from_to(1, 1e8),
       with("data.source", data::source_names([](const data::Source& s) { return s.any_count; }))},
      {"data.digits", "stacked-mnist: the digits that are its channels", KEY(data.digits),
       one_of(data::digits_to_stack()), with("data.source", {data::kStackedMnist})},
      {"data.last_batch", "What happens to the shorter last batch of an epoch", KEY(data.last_batch),
       one_of({"keep", "drop"}), Use::everywhere()},
      {"data.image_size",
       "Built-in landscapes and folders of pictures: side of the square that each becomes, its middle reduced by "
       "areas; 8 or more, or 0: the pictures' own where all are squares of one size, 64 for landscapes",
       KEY(data.image_size), from_to(0, 1024), of_pictures()},
      {"data.image_colour", "Folders of pictures: grey or rgb; auto is grey where no picture has any colour",
       KEY(data.image_colour), one_of({"auto", "grey", "rgb"}), of_pictures()},

      {"data.flip",
       "Pictures of a batch are mirrored, left and right, each with a chance of one half (not for digits and letters)",
       KEY(data.flip),
       {},
       Use::where({{"generator.family", {"ink", "mlp"}, true}})},

      {"data.modes", "ring: Gaussians on the circle", KEY(data.modes), from_to(1, 1000), of_points("modes")},
      {"data.radius", "ring: radius of the circle", KEY(data.radius), from_to(0, 1e6), of_points("radius")},
      {"data.side", "grid: Gaussians along each side of the square", KEY(data.side), from_to(1, 31), of_points("side")},
      {"data.spacing", "grid: distance of neighbours", KEY(data.spacing), from_to(0, 1e6), of_points("spacing")},
      {"data.mean", "normal-1d: mean", KEY(data.mean), from_to(-1e6, 1e6), of_points("mean")},
      {"data.deviation",
       "Points: standard deviation of each Gaussian, or about a curve; 0: the set's own (0.02 of a ring, 0.05 of a "
       "grid, "
       "a line, moons and a spiral, 0.4 of two-blobs, 0.5 in one dimension)",
       KEY(data.deviation), from_to(0, 1e6), of_points("deviation")},

      {"data.per_class", "Ink: only the first so many symbols of every class, 0 for all", KEY(data.per_class),
       at_least(0), of_ink()},
      {"data.copies", "Ink: noisy copies of each symbol (S-INK I3), 0 for the symbol alone", KEY(data.copies),
       from_to(0, 1000), of_ink()},
      {"data.noise", "Ink: sigma of the copies, as a share of the symbol's longer side", KEY(data.noise), from_to(0, 1),
       of_copies()},
      {"data.keep_original",
       "Ink: the symbol itself stays before its copies",
       KEY(data.keep_original),
       {},
       of_copies()},
      {"data.range", "Ink: the longer side is normalised to [0, 1] or [-1, 1]", KEY(data.range),
       one_of({"unit", "symmetric"}), of_ink()},
      {"data.simplification", "Ink: plain Douglas-Peucker, or the one that makes no new self-crossings",
       KEY(data.simplification), one_of({"plain", "consistent"}), of_ink()},
      {"data.padding", "Ink: what a symbol of fewer than ten moves gets: moves that stand still, or halved moves",
       KEY(data.padding), one_of({"still", "subdivide"}), of_ink()},
      {"data.tolerance", "Ink: of the simplification, as a share of the longer side", KEY(data.tolerance),
       from_to(0, 1), of_ink()},
      {"data.most_tolerance", "Ink: a symbol that needs more to fit ten moves is dropped", KEY(data.most_tolerance),
       from_to(0, 1), of_ink()},

      {"latent.dim", "Length of the latent vector z", KEY(latent.dim), from_to(1, 65536), Use::everywhere()},
      {"latent.prior", "Distribution of z: N(0, I) or U(-1, 1)", KEY(latent.prior), one_of({"normal", "uniform"}),
       Use::everywhere()},
      {"latent.codes",
       "InfoGAN (Chen et al. 2016): codes that the pictures are to show, the last numbers of z, each the number of "
       "values "
       "of a categorical one (so many numbers, one of which is 1) or uniform (one number in [-1, 1)), as in "
       "10,uniform,uniform; a head of D tells them",
       KEY(latent.codes),
       {},
       families("discriminator", {"digits", "photo", "mlp", "conv", "layers"})},
      {"latent.sampler",
       "How z of a class is drawn (S-INK I5): gaussian, around the class's centroid, from its cell by rejection, or "
       "moved into its cell",
       KEY(latent.sampler), one_of({"gaussian", "centroid", "rejection", "partition"}), Use::everywhere()},
      {"latent.sigma", "centroid: deviation of the noise around it", KEY(latent.sigma), from_to(0, 100),
       with("latent.sampler", {"centroid"})},
      {"latent.partition",
       "File of the partition (ganymede partition), empty to draw one from partition_seed",
       KEY(latent.partition),
       {},
       without("latent.sampler", {"gaussian"})},
      {"latent.partition_seed", "Seed of the partition, where no file gives one", KEY(latent.partition_seed),
       from_to_below(0, kSeeds), without("latent.sampler", {"gaussian"})},
  };
}

std::vector<Option> generator_options() {
  return {
      {"generator.cells", "ink: cells of one step of time, which recurrent layers convolve over", KEY(generator.cells),
       from_to(1, 256), families("generator", {"ink"})},
      {"generator.kernel", "ink: kernel of the recurrent layers, in cells", KEY(generator.kernel), from_to(1, 256),
       families("generator", {"ink"})},
      {"generator.recurrent_layers", "ink: ConvGRU layers (S-INK I4: 3)", KEY(generator.recurrent_layers),
       from_to(1, 32), families("generator", {"ink"})},
  };
}

std::vector<Option> discriminator_options() {
  return {
      {"discriminator.dropout", "Share of the activations dropped in training, 0 for none", KEY(discriminator.dropout),
       from_to_below(0, 1), but_families("discriminator", {"mlp"})},
      {"discriminator.auxiliary",
       "A second head that classifies (S-THEORY T3)",
       KEY(discriminator.auxiliary),
       {},
       but_families("discriminator", {"mlp"})},
      {"discriminator.minibatch_std",
       "Before the last layer one more feature map holds the standard deviation over the batch, mean over all features "
       "(Karras et al. 2018): fakes that are all alike show",
       KEY(discriminator.minibatch_std),
       {},
       but_families("discriminator", {"ink"})},
  };
}

std::vector<Option> game_options() {
  return {
      {"game.loss", "Losses of both players", KEY(game.loss), one_of(play::names_of<play::Loss>()), Use::everywhere()},
      {"game.update",
       "Both players from one forward pass; D and G in turn; or D until its loss stops improving, then G",
       KEY(game.update), one_of(play::names_of<play::UpdateOrder>()), Use::everywhere()},
      {"game.d_steps", "alternating: steps of D per step of G", KEY(game.d_steps), from_to(1, 1000),
       with("game.update", {"alternating"})},
      {"game.converge_tolerance",
       "converge: D stops when the mean of its loss over 10 steps fell by less than this share",
       KEY(game.converge_tolerance), above(0, 1), with("game.update", {"converge"})},
      {"game.converge_max_steps", "converge: most steps of D per step of G", KEY(game.converge_max_steps),
       from_to(1, 1e6), with("game.update", {"converge"})},
      {"game.label_smoothing", "One-sided: the label of real images is 1 less this", KEY(game.label_smoothing),
       from_to_below(0, 1), without("game.loss", {"hinge", "wasserstein"})},
      {"game.weight_clip", "D's parameters are kept in [-c, c] after each update, 0 for no clipping",
       KEY(game.weight_clip), from_to(0, 1e6), Use::everywhere()},
      {"game.auxiliary_weight", "Factor of the class head's cross-entropy", KEY(game.auxiliary_weight),
       from_to(0, 1000), with("discriminator.auxiliary", {"true"})},
      {"game.info_weight",
       "InfoGAN: lambda, the weight of the lower bound on what the pictures tell of the codes, in both players' losses",
       KEY(game.info_weight), from_to(0, 1000), without("latent.codes", {"none"})},
      {"game.ema_decay", "Decay of the moving average of G, 0 for none", KEY(game.ema_decay), from_to_below(0, 1),
       Use::everywhere()},
      {"game.augment",
       fmt::format("What is done to real and generated pictures alike before D sees them, in this order, as "
                   "translation,cutout,brightness (DiffAugment, Zhao et al. 2020): words of {}, or color (brightness, "
                   "saturation, contrast); empty: nothing",
                   fmt::join(play::names_of<play::Augmentation>(), ", ")),
       KEY(game.augment),
       {},
       Use::where({{"generator.family", {"ink", "mlp"}, true}})},
      {"game.pack",
       "Pictures that D sees at a time, joined along their channels, all real or all generated (PacGAN, Lin et al. "
       "2018); above 1 it divides train.batch, data.last_batch is drop, and no class is told",
       KEY(game.pack), from_to(1, 64), families("discriminator", {"digits", "photo", "mlp", "conv", "layers"})},
      {"game.penalty",
       "A penalty on the slopes g = dD/dx of D: r1, weight/2 |g|^2 at the reals; r2, at the fakes; wgan-gp, weight "
       "(|g| - 1)^2 between real and fake; dragan, around the reals",
       KEY(game.penalty), one_of(play::names_of<play::Penalty>()), Use::everywhere()},
      {"game.penalty_weight", "Its weight", KEY(game.penalty_weight), from_to(0, 1e9),
       without("game.penalty", {"none"})},
      {"game.penalty_interval", "Only in every so-manieth update of D, with so many times the weight",
       KEY(game.penalty_interval), from_to(1, 1e6), without("game.penalty", {"none"})},
      {"game.unroll",
       "Unrolled GAN: G descends its loss against the D of so many updates later, through all of them; 0 for none",
       KEY(game.unroll), from_to(0, 100), with("game.update", {"simultaneous"})},
      {"game.unroll_rate", "Learning rate of those updates, 0 for D's own", KEY(game.unroll_rate), from_to(0, 1e38),
       without("game.unroll", {"0"})},
      {"game.unroll_batches",
       "Those updates see the step's batch, or each a fresh one, through which G's loss goes too",
       KEY(game.unroll_batches), one_of(play::names_of<play::UnrollBatches>()), without("game.unroll", {"0"})},
      {"game.stop_above", "A player's loss above this, up or down, stops the run (exit code 3), 0 for never",
       KEY(game.stop_above), from_to(0, 1e38), Use::everywhere()},

      {"train.seed", "Of every random number in the run", KEY(train.seed), from_to_below(0, kSeeds), Use::everywhere()},
      {"train.batch", "Images of a batch", KEY(train.batch), from_to(1, 65536), Use::everywhere()},
      {"train.from",
       "Begins with the weights of another run: its name or folder (its newest checkpoint), or a checkpoint or "
       "snapshot "
       "file; empty: fresh ones",
       KEY(train.from),
       {},
       Use::everywhere()},
      {"train.from_fitting",
       "Takes of it the layers that fit, the others begin fresh; false: all must fit",
       KEY(train.from_fitting),
       {},
       without("train.from", {""})},
      {"train.epochs", "Length in passes over the data; exactly one of epochs, steps and images is above 0",
       KEY(train.epochs), at_least(0), Use::everywhere()},
      {"train.steps", "Length in steps of G", KEY(train.steps), at_least(0), Use::everywhere()},
      {"train.images", "Length in real images seen", KEY(train.images), at_least(0), Use::everywhere()},
      {"train.precision",
       "Arithmetic of the engine: mixed has products in bf16 and everything else in f32; auto is mixed where the CPU "
       "makes it faster, which a run records when it begins",
       KEY(train.precision), one_of(play::names_of<play::Precision>()), Use::everywhere()},
      {"train.shards",
       "Parts of a batch whose gradients are added in a fixed tree, 1, 2, 4, 8 ...: so many processes or fewer make "
       "the "
       "same run (mpirun -n P; docs/scaling.md)",
       KEY(train.shards), from_to(1, 1024), Use::everywhere()},
      {"train.shard_statistics",
       "Of which samples BatchNorm takes its statistics in training: of each shard's own, or of the whole batch's",
       KEY(train.shard_statistics), one_of(play::names_of<play::ShardStatistics>()), without("train.shards", {"1"})},
      {"train.sample_grid", "Pictures of the larger grid after each epoch", KEY(train.sample_grid), from_to(1, 10000),
       Use::everywhere()},
      {"train.tensorboard",
       "Tells curves and pictures to TensorBoard too, as the run goes; `tensorboard --logdir` takes the folder of runs",
       KEY(train.tensorboard),
       {},
       Use::everywhere()},

      {"checkpoint.every_steps", "Steps between checkpoints, 0 for the end of each epoch", KEY(checkpoint.every_steps),
       at_least(0), Use::everywhere()},
      {"checkpoint.every_minutes", "Also after so many minutes, 0 for never", KEY(checkpoint.every_minutes),
       from_to(0, 1e6), Use::everywhere()},
      {"checkpoint.keep_every", "Besides the last two, keep the checkpoint of each so many epochs, 0 for none",
       KEY(checkpoint.keep_every), at_least(0), Use::everywhere()},

      {"snapshot.every",
       "Epochs between snapshots of the weights, 0 for each one to 10, each 5th to 100 and then each 10th",
       KEY(snapshot.every), at_least(0), Use::everywhere()},
      {"snapshot.epochs", "Snapshots after these epochs too", KEY(snapshot.epochs), at_least(1), Use::everywhere()},

      {"evaluate.every",
       "Epochs between weak real-or-generated classifiers that judge the run (S-LATENT L5), told in its events, 0 for "
       "none",
       KEY(evaluate.every), at_least(0), Use::everywhere()},
      {"evaluate.doctor_every",
       "Epochs between check-ups of the doctor, who names failures (mode collapse, oscillation and others) on the "
       "screen and in the run's events, with the keys that may cure them; 0 for none",
       KEY(evaluate.doctor_every), at_least(0), Use::everywhere()},
      {"evaluate.axes",
       "Sets of points: the doctor's check-ups also measure whether each coordinate has an axis of z of its own, and "
       "name entanglement where none has",
       KEY(evaluate.axes),
       {},
       with("data.source", names_of_point_sets())},
      {"evaluate.frechet_every",
       "Epochs between Fréchet distances of fakes and reals by the features of the data's classifier, told in "
       "the run's events; the weights of the best are kept as snapshots/best.safetensors; 0 for none",
       KEY(evaluate.frechet_every), at_least(0), Use::where({{"generator.family", {"mlp"}, true}})},
      {"evaluate.frechet_count", "Fakes and as many reals of that distance, fewer where the set holds fewer",
       KEY(evaluate.frechet_count), from_to(100, 50000), without("evaluate.frechet_every", {"0"})},
      {"evaluate.mixture_every",
       "Points from a mixture: epochs between counts of the modes that G covers, told in the run's events and on the "
       "screen; 0 for none",
       KEY(evaluate.mixture_every), at_least(0), with("data.source", data::sets_of_mixtures())},
      {"evaluate.mixture_count", "Points that are counted", KEY(evaluate.mixture_count), from_to(100, 1e6),
       Use::where({{"data.source", data::sets_of_mixtures()}, {"evaluate.mixture_every", {"0"}, true}})},
      {"evaluate.map_every",
       "Epochs between class maps of a latent space of 2 to 4 dimensions (S-LATENT L6), kept in maps/ and told in the "
       "run's events, 0 for none",
       KEY(evaluate.map_every), at_least(0), Use::everywhere()},
      {"evaluate.map_resolution",
       "Points along an axis of those maps; 0: 100 of a plane, 32 of a cube, 22 of a cube for each class",
       KEY(evaluate.map_resolution), from_to(0, 1000), without("evaluate.map_every", {"0"})},
      {"evaluate.map_stop",
       "The run is finished when less than this share of the map changed since the last, 0 for never",
       KEY(evaluate.map_stop), from_to(0, 1), Use::everywhere()},
      {"evaluate.map_stop_from", "First epoch at which that may be", KEY(evaluate.map_stop_from), at_least(1),
       without("evaluate.map_stop", {"0"})},
  };
}

#undef KEY
#undef PLAYER

}  // namespace

const std::vector<Option>& options() {
  static const std::vector<Option> table = [] {
    std::vector<Option> all;
    for (auto& section :
         {first_options(), player_options<&Recipe::generator>("generator"), generator_options(),
          optimizer_options<&Recipe::generator>("generator"), player_options<&Recipe::discriminator>("discriminator"),
          discriminator_options(), optimizer_options<&Recipe::discriminator>("discriminator"), game_options()}) {
      all.insert(all.end(), section.begin(), section.end());
    }
    return all;
  }();
  return table;
}

}  // namespace ganymede::run
