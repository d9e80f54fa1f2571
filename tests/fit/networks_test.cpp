#include "fit/networks.hpp"

#include "base/error.hpp"
#include "fit/tiny.hpp"

namespace ganymede::fit {
namespace {

Shape shape_at(const net::Network& network, const std::string& node) {
  return net::infer_shapes(network)[static_cast<std::size_t>(network.index_of(node))];
}

TEST(ImageClassifier, HalvesPicturesUntilTheyAreSmall) {
  const net::Network digits = image_classifier({});
  EXPECT_EQ(shape_at(digits, "act2"), (Shape{64, 7, 7}));
  EXPECT_EQ(digits.index_of("conv3"), -1);
  const net::Network colour = image_classifier({.channels = 3, .height = 64, .width = 64, .outputs = 1});
  EXPECT_EQ(shape_at(colour, "act3"), (Shape{128, 8, 8}));
  EXPECT_EQ(shape_at(colour, "logits"), Shape{1});
  const net::Network oblong = image_classifier({.height = 20, .width = 33});
  EXPECT_EQ(shape_at(oblong, "act2"), (Shape{64, 5, 9}));
}

// conv1 25 * 32, norm1 2 * 32, conv2 32 * 25 * 64, norm2 2 * 64, dense 3136 * 128, norm 2 * 128, logits 128 * 10 + 10.
TEST(ImageClassifier, HasTheParametersOfAHandCount) {
  EXPECT_EQ(net::count_parameters(image_classifier({})).trainable, 800 + 64 + 51200 + 128 + 401408 + 256 + 1290);
}

// Biases 32 + 64 + 128 for the scale and shift of the norms.
TEST(ImageClassifier, HasBiasesWhereItHasNoNorm) {
  EXPECT_EQ(net::count_parameters(image_classifier({.norm = false})).total,
            800 + 32 + 51200 + 64 + 401408 + 128 + 1290);
}

TEST(InkClassifier, ReadsMovesInTime) {
  const net::Network ink = ink_classifier({.filters = 16, .hidden = 32, .features = 24});
  EXPECT_EQ(shape_at(ink, "act1"), (Shape{16, 10, 1}));
  EXPECT_EQ(shape_at(ink, kFeatures), Shape{24});
  EXPECT_EQ(shape_at(ink, "logits"), Shape{39});
}

TEST(ClassifierForShape, TakesTheKindFromTheSample) {
  EXPECT_EQ(shape_at(classifier_for_shape({3, 32, 32}, 7), "logits"), Shape{7});
  EXPECT_EQ(shape_at(classifier_for_shape({10, 3}, 7), "input"), (Shape{1, 10, 3}));
  EXPECT_EQ(shape_at(classifier_for_shape({1, 28, 28}, 1, 0.25), kFeatures), Shape{32});
  EXPECT_THROW(classifier_for_shape({9}, 7), ShapeError);
}

}  // namespace
}  // namespace ganymede::fit
