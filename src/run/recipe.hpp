#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "play/game.hpp"

namespace ganymede::run {

/// One experiment: everything that a run's result depends on (with the seed in it). A plain value; each field is
/// declared once as an option (options.hpp) with name, help, range and default, and from that come the TOML reader,
/// --set, `ganymede options` and the reference page.
struct Recipe {
  std::string name;         ///< without path and .toml
  std::string description;  ///< one sentence, shown by lists

  struct Data {
    std::string source =
        "builtin-digits";                ///< what data::open_dataset takes: a built-in set, "mnist", "unipen", a path
    std::int64_t limit = 0;              ///< > 0: the first so many images
    std::int64_t builtin_count = 20000;  ///< images of the built-in set
    std::string digits = "mnist";        ///< what stacked-mnist is made of
    std::string part{};                  ///< "2/4": the second of four parts; empty: all (data::part_of)
    std::string part_by = "writer";      ///< "writer", "class" or "sample"
    std::string last_batch = "keep";     ///< "keep" or "drop" the shorter last batch of an epoch
    int image_size = 0;  ///< side of built-in landscapes (0: 64) and of pictures from a folder (their own)
    std::string image_colour = "auto";  ///< "auto", "grey" or "rgb": of pictures from a folder
    bool flip = false;                  ///< each picture of a batch is mirrored or not, left and right, by chance
    // Of points alone (data::PointOptions).
    int modes = 8;         ///< Gaussians of a ring
    double radius = 2;     ///< of a ring
    int side = 5;          ///< Gaussians along a side of a grid
    double spacing = 2;    ///< of neighbours in a grid
    double mean = 4;       ///< of the one-dimensional normal
    double deviation = 0;  ///< of each Gaussian, or about a curve; 0: the set's own
    // Of ink alone (S-INK I2, I3; data::InkOptions).
    std::int64_t per_class = 0;            ///< > 0: the first so many symbols of every class
    int copies = 0;                        ///< noisy copies of each symbol
    double noise = 0.01;                   ///< their sigma, as a share of the symbol's longer side
    bool keep_original = false;            ///< the symbol itself before its copies
    std::string range = "unit";            ///< "unit" [0, 1] or "symmetric" [-1, 1]: of the min-max normalisation
    std::string simplification = "plain";  ///< "plain" or "consistent" Douglas-Peucker
    std::string padding = "still";         ///< "still" or "subdivide"
    double tolerance = 0.03;               ///< of Douglas-Peucker, as a share of the longer side
    double most_tolerance = 0.2;           ///< a symbol that needs more is dropped
    friend bool operator==(const Data&, const Data&) = default;
  } data;

  struct Latent {
    int dim = 100;
    std::string prior = "normal";      ///< "normal" N(0, I) or "uniform" U(-1, 1)
    std::string codes = "none";        ///< InfoGAN: play::codes_from, the last numbers of z
    std::string sampler = "gaussian";  ///< gaussian, centroid, rejection, partition (S-INK I5)
    double sigma = 0.2;                ///< centroid: of the noise around it
    std::string partition{};           ///< file of the partition; empty: drawn from partition_seed
    std::uint64_t partition_seed = 1;
    friend bool operator==(const Latent&, const Latent&) = default;
  } latent;

  using Optimizer = play::Optimizer;

  /// A network by family with parameters, or node by node.
  struct Player {
    std::string family =
        "digits";    ///< digits, photo, ink, mlp, conv; generator: lstm; or layers: `layers` holds the nodes
    int width = 64;  ///< channels of the layer next to the image; ink: of a state, of D's first
                     ///< layer; lstm: units
    std::vector<std::int64_t> widths{128, 128};  ///< mlp: units of each hidden layer; conv: channels
    int cells = 4;                               ///< ink, generator: cells of one step of time
    int kernel = 3;                              ///< ink, generator: kernel of a recurrent layer, in cells
    int recurrent_layers = 3;                    ///< ink, generator
    std::string activation = "leaky_relu";       ///< relu, leaky_relu, prelu, elu, rrelu, tanh
    double negative_slope = 0.3;                 ///< leaky_relu; relu takes relu_slope
    double relu_slope = 0;                       ///< relu: slope below the threshold
    double relu_ceiling = 0;                     ///< relu: largest value, 0 = none
    double relu_threshold = 0;                   ///< relu
    double elu_alpha = 1;
    double rrelu_lower = 0.125;
    double rrelu_upper = 0.3333333333333333;
    std::string norm = "batch";      ///< batch, layer, none; discriminator: spectral
    std::string condition = "none";  ///< none, embedding, concat, vector; discriminator: projection
    bool auxiliary = false;          ///< discriminator: a second head that classifies (T3)
    bool minibatch_std = false;      ///< discriminator: the batch's deviation as one more feature
    double dropout = 0.3;            ///< discriminator
    std::string initializer = "glorot_uniform";
    double initializer_scale = 1;
    std::optional<net::Network> layers{};  ///< family "layers": the network made from [[generator.layer]]
    Optimizer optimizer{};
    friend bool operator==(const Player&, const Player&) = default;
  };
  Player generator;
  Player discriminator{.widths = {128}, .norm = "none"};

  struct Game {
    play::Loss loss = play::Loss::non_saturating;
    play::UpdateOrder update = play::UpdateOrder::simultaneous;
    int d_steps = 1;                   ///< alternating: k discriminator steps per generator step
    double converge_tolerance = 1e-3;  ///< converge: stop when the mean D loss of 10 steps fell by less than this share
    int converge_max_steps = 200;      ///< converge: cap
    double label_smoothing = 0;
    double weight_clip = 0;
    double auxiliary_weight = 1;
    double info_weight = 1;  ///< lambda of InfoGAN
    double ema_decay = 0;
    std::string augment{};                        ///< play::augmentations
    int pack = 1;                                 ///< pictures that D sees at a time
    play::Penalty penalty = play::Penalty::none;  ///< on D's slopes
    double penalty_weight = 10;
    int penalty_interval = 1;  ///< only in every so-manieth update of D
    int unroll = 0;            ///< > 0: updates of D that G's loss looks ahead
    double unroll_rate = 0;    ///< their learning rate, 0: D's
    play::UnrollBatches unroll_batches = play::UnrollBatches::same;
    double stop_above = 0;  ///< > 0: a loss above it, either player's, stops the run
    friend bool operator==(const Game&, const Game&) = default;
  } game;

  struct Train {
    std::uint64_t seed = 1;  ///< below 2^63, since TOML's integers are signed
    int batch = 256;
    std::string from{};         ///< a run, or a checkpoint or snapshot: its weights are those to begin with
    bool from_fitting = false;  ///< of it only the layers that fit
    std::int64_t epochs = 0;    ///< exactly one of epochs, steps, images is > 0
    std::int64_t steps = 0;
    std::int64_t images = 0;
    play::Precision precision = play::Precision::f32;
    int shards = 1;  ///< of a batch: play::ExecutorConfig
    play::ShardStatistics shard_statistics = play::ShardStatistics::shard;
    int sample_grid = 100;     ///< pictures of the larger grid
    bool tensorboard = false;  ///< what the events tell, for TensorBoard too
    friend bool operator==(const Train&, const Train&) = default;
  } train;

  struct Checkpoint {
    std::int64_t every_steps = 0;  ///< 0: at the end of each epoch
    double every_minutes = 10;     ///< also after so many minutes, 0: never
    std::int64_t keep_every =
        0;  ///< > 0: keep each checkpoint that ends an epoch of which this is a divisor, besides the last two
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
  } checkpoint;

  struct Snapshot {
    std::int64_t every = 0;            ///< 0: every epoch to 10, each 5th to 100, then each 10th
    std::vector<std::int64_t> epochs;  ///< these epochs too (what a study lists)
    friend bool operator==(const Snapshot&, const Snapshot&) = default;
  } snapshot;

  struct Evaluate {
    std::int64_t every = 0;  ///< > 0: a weak real-or-generated classifier after each so many epochs (S-LATENT L5)
    std::int64_t doctor_every = 1;   ///< > 0: a check-up after each so many epochs, which names failures (S-THEORY T5)
    bool axes = false;               ///< points: each check-up asks whether attributes have axes of z of their own
    std::int64_t frechet_every = 0;  ///< > 0: a Fréchet distance after each so many epochs; the best one's weights stay
    int frechet_count = 2000;        ///< fakes and held-out reals of it
    std::int64_t mixture_every = 1;   ///< > 0, points from a mixture: its modes are counted after each so many epochs
    int mixture_count = 2500;         ///< by so many points
    std::int64_t map_every = 0;       ///< > 0: a class map after each so many epochs (S-LATENT L6)
    int map_resolution = 0;           ///< points along an axis of it; 0: explore::MapOptions' default
    double map_stop = 0;              ///< > 0: the run is finished when less than this share of the map changed
    std::int64_t map_stop_from = 10;  ///< but not before this epoch
    friend bool operator==(const Evaluate&, const Evaluate&) = default;
  } evaluate;

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

/// Is there a snapshot at the end of this epoch (from 1)? The cadence of `snapshot`; epoch 0 and the last one are the
/// caller's decision.
bool wants_snapshot(const Recipe::Snapshot& snapshot, std::int64_t epoch);

/// A run must find its data and its partition again from any folder: makes those paths of the recipe that lead
/// somewhere absolute.
void make_absolute(Recipe& recipe);

}  // namespace ganymede::run
