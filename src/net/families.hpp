#pragma once

#include <vector>

#include "net/network.hpp"

namespace ganymede::net {

enum class Norm {
  none,
  batch,
  layer,
  spectral  ///< of discriminators: no layers of its own, all dense and convolution weights are spectral
};
enum class Condition {
  none,
  embedding,   ///< label embedding times z / times the image (S-LATENT L2)
  concat,      ///< one-hot class joined to z / as constant planes to the image (S-THEORY T3)
  projection,  ///< of discriminators: the logit holds how well the features fit the class (Miyato, Koyama 2018)
  vector       ///< a vector of the data's own instead of a class, joined as concat joins the one-hot class (T3)
};

/// The studies' generator (S-LATENT L2): Dense z -> 7x7x(4w), norm, activation; ConvT 5x5/1 -> 2w; ConvT 5x5/2 -> w;
/// ConvT 5x5/2 -> channels, tanh. Node names: z, class, embedding or one_hot, condition, dense, norm0, act0, reshape,
/// conv1, norm1, act1, conv2, norm2, act2, conv3, image. A condition that is a vector comes in at `vector`, in the
/// place of class and one_hot, here and in all families that take one.
struct GeneratorConfig {
  int latent_dim = 100;
  int classes = 0;           ///< of a condition by class
  int condition_length = 0;  ///< of Condition::vector
  Condition condition = Condition::none;
  int width = 64;       ///< w: channels of the last hidden layer
  int image_size = 28;  ///< a multiple of 4
  int channels = 1;
  Norm norm = Norm::batch;
  Activation activation{.kind = ActivationKind::leaky_relu, .negative_slope = 0.3F};
};
Network digits_generator(const GeneratorConfig& config);

/// The studies' discriminator (S-LATENT L2): Conv 5x5/2 w, [norm,] activation, dropout; Conv 5x5/2 2w, [norm,]
/// activation, dropout; flatten; Dense 1. Node names: image, class, embedding and plane or one_hot, condition, conv1,
/// norm1, act1, drop1, conv2, norm2, act2, drop2, minibatch_std, flatten, dense (the logit, a Projection where that is
/// the condition), class_dense (auxiliary), code_dense (codes).
struct DiscriminatorConfig {
  int classes = 0;
  int condition_length = 0;  ///< of Condition::vector
  Condition condition = Condition::none;
  bool auxiliary = false;  ///< a second head of class logits [classes] (T3); then `condition` is usually none
  int width = 64;
  int image_size = 28;
  int channels = 1;
  Norm norm = Norm::none;
  Activation activation{.kind = ActivationKind::leaky_relu, .negative_slope = 0.3F};
  float dropout = 0.3F;        ///< 0: no dropout nodes
  bool minibatch_std = false;  ///< before the last layer
  int code_width = 0;          ///< > 0: a head of so many numbers, net::kCodeHead, on what the logit is made of
};
Network digits_discriminator(const DiscriminatorConfig& config);

/// A generator of photographs (S-LATENT L8, whose layers are not published), in the manner of digits_generator and of
/// DCGAN (Radford et al. 2016): Dense z -> (s/16 x s/16 x 4w), norm, activation; ConvT 5x5/2 -> 4w, 2w, w, each with
/// norm and activation; ConvT 5x5/2 -> channels, tanh. s = image_size is a multiple of 16. w = 128 at 64 x 64 in colour
/// with four latent dimensions: 10,728,320 parameters; the study's model has 10,729,344.
Network photo_generator(const GeneratorConfig& config);

/// Its discriminator: Conv 5x5/2 w, 2w, 4w, 4w, each with [norm,] activation, dropout; flatten; Dense 1. w = 64 at
/// 64 x 64 in colour: 2,672,001 parameters; the study's has 2,563,713.
Network photo_discriminator(const DiscriminatorConfig& config);

/// A small generator of any depth, as on stacked MNIST (Metz, Poole, Pfau, Sohl-Dickstein 2017, appendix; layers as in
/// the code of Lin, Khetan, Fanti, Oh 2018): Dense z -> s x s x widths[0], [norm,] activation; for each further width a
/// ConvT 3x3/2, [norm,] activation, which doubles the side, to an odd one where the next is (28: s = 4, 7, 14, 28);
/// Conv 3x3/1 -> channels, tanh. config.width is not used. Node names: z, class, embedding or one_hot, condition,
/// dense, norm0, act0, reshape, conv1, norm1, act1 ..., conv, image.
Network conv_generator(const GeneratorConfig& config, const std::vector<int>& widths);

/// Its discriminator: for each width a Conv 3x3/2, [norm,] activation, [dropout]; flatten; Dense 1. config.width is not
/// used. Node names as digits_discriminator's.
Network conv_discriminator(const DiscriminatorConfig& config, const std::vector<int>& widths);

/// A recurrent generator that draws one column of the picture at each step (Metz et al. 2017, section 3.2 and
/// appendix): Dense z -> width, activation; an Lstm of `width` units that begins with it, one step a column, with
/// forget bias 1; each step's state -> the channels * rows pixels of its column, tanh. Node names: z, class, embedding
/// or one_hot, condition, dense, act0, lstm, columns, tanh, image.
struct LstmGeneratorConfig {
  int latent_dim = 256;
  int classes = 0;           ///< of a condition by class
  int condition_length = 0;  ///< of Condition::vector
  Condition condition = Condition::none;
  int width = 256;
  int channels = 1, rows = 28, columns = 28;
  Activation activation{.kind = ActivationKind::relu};
};
Network lstm_generator(const LstmGeneratorConfig& config);

/// A generator of vector handwriting (S-INK I4): z and the class -> Dense onto times and cells, activation, reshape to
/// [width, T, cells]; ConvGru layers over time, which convolve over the cells; a convolution over time (3 rows, all
/// cells) to dx, dy, pen; tanh. The study is silent on what a recurrent layer convolves over: here a step of time holds
/// `cells` cells in a row; cells = kernel = 1 is a plain GRU. Node names: z, class, embedding or one_hot, condition,
/// dense, act0, reshape, gru1, gru2 ..., conv, permute, image [1, T, 3].
struct InkGeneratorConfig {
  int latent_dim = 100;
  int classes = 0;  ///< 0: unconditional
  Condition condition = Condition::none;
  int width = 32;  ///< channels of the dense layer's cells and of every state
  int cells = 4;   ///< of one step of time
  int kernel = 3;  ///< of a recurrent layer, in cells
  int layers = 3;  ///< recurrent layers
  int moves = 10;  ///< T
  int values = 3;  ///< dx, dy, pen
  Activation activation{.kind = ActivationKind::leaky_relu, .negative_slope = 0.2F};
};
Network ink_generator(const InkGeneratorConfig& config);

/// The discriminator of vector handwriting (S-INK I4), a perceptron of three layers on the moves and the class:
/// flatten, join; Dense w, activation, dropout; Dense w / 2, activation, dropout; Dense 1. Node names: image [1, T, 3],
/// class, flatten, embedding or one_hot, condition, dense1, act1, drop1, dense2, act2, drop2, dense (the logit),
/// class_dense.
struct InkDiscriminatorConfig {
  int classes = 0;
  Condition condition = Condition::none;
  bool auxiliary = false;  ///< a second head of class logits
  int width = 256;
  int moves = 10;
  int values = 3;
  Activation activation{.kind = ActivationKind::leaky_relu, .negative_slope = 0.2F};
  float dropout = 0.3F;  ///< 0: no dropout nodes
};
Network ink_discriminator(const InkDiscriminatorConfig& config);

/// A perceptron of points of D coordinates. Generator: z; each hidden layer Dense, [norm,] activation; Dense D without
/// an activation, since coordinates have no limits; reshape to [D, 1, 1]. Discriminator: flatten, the hidden layers,
/// Dense 1. A condition, which is a vector, is joined to z and to the flat point. Node names: z or image, flatten,
/// vector, condition, dense1, norm1, act1, dense2 ..., dense, image.
struct MlpConfig {
  int latent_dim = 256;      ///< generator
  int condition_length = 0;  ///< 0: unconditional
  int coordinates = 2;       ///< D
  std::vector<int> widths{128, 128};
  Norm norm = Norm::none;
  Activation activation{.kind = ActivationKind::relu};
  bool minibatch_std = false;  ///< discriminator, before the last layer
  int code_width = 0;          ///< discriminator: DiscriminatorConfig::code_width
};
Network mlp_generator(const MlpConfig& config);
Network mlp_discriminator(const MlpConfig& config);

}  // namespace ganymede::net
