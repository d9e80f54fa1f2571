#include "explore/dissection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "engine/reference/interpreter.hpp"
#include "explore/dissection_picture.hpp"
#include "net/families.hpp"
#include "picture/font.hpp"

namespace ganymede::explore {
namespace {

net::Network network() {
  return net::digits_generator({.latent_dim = 3, .width = 4, .image_size = 8});
}

struct Fixture {
  net::Network generator = network();
  NamedTensors weights = net::initialise(generator, 5);
  std::vector<float> z{0.3F, -1.2F, 0.7F, 1.5F, 0.1F, -0.4F};
  engine::Model model{generator, 8, 1};
  Fixture() { model.load(weights); }
  engine::Inputs inputs() const { return {.count = 2, .values = z, .classes = {}}; }
};

TEST(Layers, AreAllThatCompute) {
  std::vector<std::string> names;
  for (const LayerInfo& layer : layers_of(network())) names.push_back(layer.node);
  EXPECT_EQ(names, (std::vector<std::string>{"dense", "norm0", "act0", "conv1", "norm1", "act1", "conv2", "norm2",
                                             "act2", "conv3", "image"}));
  const auto layers = layers_of(network());
  EXPECT_EQ(layers[2].kind, "leaky_relu");
  EXPECT_EQ(layers[2].shape, (Shape{16, 2, 2})) << "the vector has the shape that it is given later";
  EXPECT_EQ(layers[6].kind, "conv_transpose");
}

TEST(Dissect, ShowsTheValuesThatTheReferenceHas) {
  Fixture f;
  engine::Interpreter<double> slow(f.generator);
  slow.set_parameters(f.weights);
  const std::vector<double> z(f.z.begin(), f.z.end());
  slow.forward(engine::named_inputs<double>(f.generator, 2, z, {}));
  const Dissection d = dissect(f.model, f.generator, f.inputs());
  ASSERT_EQ(d.layers.size(), 11U);
  for (const LayerView& view : d.layers) {
    const std::vector<double>& wanted = slow.value(view.layer.node);
    ASSERT_EQ(view.values.count(), static_cast<std::int64_t>(wanted.size())) << view.layer.node;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_NEAR(view.values.values<float>()[i], wanted[i], 1e-5) << view.layer.node << " " << i;
  }
}

TEST(Dissect, TakesTheLayersThatAreNamed) {
  Fixture f;
  const Dissection d = dissect(f.model, f.generator, f.inputs(), {"act1"});
  ASSERT_EQ(d.layers.size(), 1U);
  EXPECT_EQ(d.layers[0].values.shape(), (Shape{2, 8, 2, 2}));
  try {
    dissect(f.model, f.generator, f.inputs(), {"act9"});
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("no layer \"act9\""), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("act0, conv1"), std::string::npos) << error.what();
  }
}

/// What an ablation makes of the pictures, by the engine and by the reference with the node as written.
void expect_like_reference(const std::string& text, const engine::Override& wanted) {
  Fixture f;
  engine::Interpreter<double> slow(f.generator);
  slow.set_parameters(f.weights);
  const std::vector<double> z(f.z.begin(), f.z.end());
  slow.forward(engine::named_inputs<double>(f.generator, 2, z, {}), {.overrides = {wanted}});
  const Tensor found = f.model.infer(f.inputs(), {}, {parse_ablation(text, f.generator)}).output;
  const Tensor plain = f.model.infer(f.inputs()).output;
  EXPECT_NE(found, plain) << text;
  const std::vector<double>& image = slow.value("image");
  for (std::size_t i = 0; i < image.size(); ++i) ASSERT_NEAR(found.values<float>()[i], image[i], 1e-5) << text;
}

TEST(Ablation, ChangesWhatItNames) {
  expect_like_reference("act2:channel=1", {.node = "act2", .channel = 1});
  expect_like_reference("act1:row=1,value=0.5", {.node = "act1", .row = 1, .value = 0.5F});
  expect_like_reference("conv2:channel=2,row=3,value=-2", {.node = "conv2", .channel = 2, .row = 3, .value = -2});
  expect_like_reference("act1", {.node = "act1"});
  // A vector that is reshaped: its channels are those of the shape that it is given.
  expect_like_reference("reshape:channel=7,value=3", {.node = "reshape", .channel = 7, .value = 3});
  expect_like_reference("act0:channel=7,value=3", {.node = "reshape", .channel = 7, .value = 3});
  expect_like_reference("act0:row=1,value=1", {.node = "reshape", .row = 1, .value = 1});
}

TEST(Ablation, RefusesWhatIsNotThere) {
  const net::Network generator = network();
  for (const char* text : {"act9", "z:channel=0", "act2:channel=4", "act2:row=4", "act2:channel=-1", "act2:channel=x",
                           "act2:colour=1", "act2:", "act2:channel", ":channel=1", ""}) {
    EXPECT_THROW(parse_ablation(text, generator), ConfigError) << text;
  }
  const engine::Override change = parse_ablation("act2:channel=3,value=1.5", generator);
  EXPECT_EQ(change.node, "act2");
  EXPECT_EQ(change.channel, 3);
  EXPECT_EQ(change.row, -1);
  EXPECT_EQ(change.value, 1.5F);
}

TEST(Activity, IsThatOfHandNumbers) {
  const std::vector<float> values{0, 0, 3, -4, 0.1F, 0.3F, 0, 0};
  const Activity a = activity_of(values);
  EXPECT_DOUBLE_EQ(a.zero, 0.5);
  EXPECT_NEAR(a.rms, std::sqrt(25.1 / 8), 1e-6);  // 1.771: a tenth is 0.177
  EXPECT_DOUBLE_EQ(a.near_zero, 5 / 8.0);
  EXPECT_NEAR(a.mean, -0.6 / 8, 1e-6);
  EXPECT_EQ(a.least, -4);
  EXPECT_EQ(a.most, 3);
  EXPECT_EQ(activity_of(std::vector<float>(4, 0)).near_zero, 1);
  EXPECT_THROW(activity_of({}), DataError);
  EXPECT_THROW(activity_of(std::vector<float>{1, NAN}), DataError);
}

TEST(Activity, OfAnyNumberOfValuesIsThatOfPlainSums) {
  for (std::size_t n = 1; n < 40; ++n) {
    std::vector<float> values(n);
    Random(2, "test").normal(n, values);
    values[n / 2] = 0;
    double sum = 0, squares = 0;
    for (const float v : values) sum += v, squares += double{v} * v;
    const double size = static_cast<double>(n), rms = std::sqrt(squares / size);
    const Activity a = activity_of(values);
    EXPECT_NEAR(a.mean, sum / size, 1e-12);
    EXPECT_NEAR(a.rms, rms, 1e-12);
    EXPECT_DOUBLE_EQ(a.zero, 1 / size);
    const auto near = std::ranges::count_if(values, [&](float v) { return v == 0 || std::fabs(v) < kNearZero * rms; });
    EXPECT_DOUBLE_EQ(a.near_zero, static_cast<double>(near) / size);
    EXPECT_EQ(a.least, std::ranges::min(values));
    EXPECT_EQ(a.most, std::ranges::max(values));
  }
}

TEST(Activity, OfNormalValuesIsEightPerCent) {
  std::vector<float> values(200000);
  Random(1, "test").normal(0, values);
  EXPECT_NEAR(activity_of(values).near_zero, 0.0797, 0.003);  // 2 Phi(0.1) - 1, five deviations
}

TEST(MeanMap, IsTheMeanOverChannels) {
  LayerView view{{"x", "conv", {2, 1, 2}}, Tensor::of<float>({1, 2, 1, 2}, std::vector<float>{1, 2, 5, 8}), {}};
  EXPECT_EQ(mean_map(view, 0), Tensor::of<float>({1, 2}, std::vector<float>{3, 5}));
  EXPECT_EQ(feature_map(view, 0, 1), Tensor::of<float>({1, 2}, std::vector<float>{5, 8}));
  view = {{"x", "dense", {5}}, Tensor::of<float>({1, 5}, std::vector<float>{1, 2, 3, 4, 5}), {}};
  const Tensor square = mean_map(view, 0);
  EXPECT_EQ(square.shape(), (Shape{2, 3}));
  EXPECT_EQ(square.values<float>()[4], 5);
  EXPECT_TRUE(std::isnan(square.values<float>()[5]));
  EXPECT_THROW(feature_map(view, 0, 0), ShapeError);
}

TEST(PictureChange, IsAMeanOfDifferences) {
  const Tensor a = Tensor::of<float>({2, 1, 1, 2}, std::vector<float>{0, 0, 1, 1});
  const Tensor b = Tensor::of<float>({2, 1, 1, 2}, std::vector<float>{0, 1, 1, 0.5F});
  const PictureChange change = change_of(a, b);
  EXPECT_EQ(change.samples, (std::vector<double>{0.5, 0.25}));
  EXPECT_EQ(change.pixels, Tensor::of<float>({1, 2}, std::vector<float>{0, 0.75}));
  EXPECT_THROW(change_of(a, Tensor(DType::f32, {1, 1, 1, 2})), ShapeError);
}

TEST(DissectionPicture, ShowsRunsOfDifferentLayers) {
  Fixture f;
  std::vector<DissectedRun> runs;
  runs.push_back({"all", dissect(f.model, f.generator, f.inputs())});
  runs.push_back({"one", dissect(f.model, f.generator, f.inputs(), {"act1"})});
  const picture::Image both = draw_overview(runs, 1), one = draw_overview({runs[1]}, 1);
  EXPECT_EQ(both.height(), 2 * one.height());
  EXPECT_GT(both.width(), 5 * one.width());
  for (std::size_t layer = 0; layer < 11; ++layer) EXPECT_GT(draw_layer(runs, layer).height(), 100);
  const Tensor pictures = runs[0].dissection.pictures;
  EXPECT_GT(draw_ablation({{"x", pictures, pictures}}).height(), 100);
}

TEST(DrawValues, GoesFromLeastToMost) {
  const picture::Image image = draw_values(Tensor::of<float>({1, 3}, std::vector<float>{-1, 1, NAN}), -1, 1, 6);
  EXPECT_EQ(image.height(), 2);
  EXPECT_EQ(image.width(), 6);
  EXPECT_EQ(image.colour_at(0, 0), picture::sequential_colour(0));
  EXPECT_EQ(image.colour_at(1, 3), picture::sequential_colour(1));
  EXPECT_EQ(image.colour_at(0, 5), (picture::Colour{128, 128, 128}));
}

// Under every map stands the K of --ablate NODE:channel=K.
TEST(DissectionPicture, NumbersTheMapsOfALayer) {
  Fixture f;
  const std::vector<DissectedRun> runs{{"run", dissect(f.model, f.generator, f.inputs(), {"act0"})}};
  const LayerView& view = runs[0].dissection.layers[0];
  ASSERT_EQ(view.layer.shape, (Shape{16, 2, 2}));
  const picture::Image image = draw_layer(runs, 0);
  constexpr int kCell = 48, kGap = 2, kLine = 12, kTop = 22 + 192 + 22 + kGap, kLeft = 8 + 8 + kGap;
  for (int channel = 0; channel < 16; ++channel) {
    picture::Image wanted(kLine - 1, kCell, 3, picture::kWhite);
    picture::draw_text(wanted, kCell / 2.0, kLine - 4, std::to_string(channel), 7, {40, 40, 40},
                       picture::Align::centre);
    const int left = kLeft + channel * (kCell + kGap);
    const picture::Image map =
        draw_values(feature_map(view, 0, channel), view.activity.least, view.activity.most, kCell);
    EXPECT_EQ(image.colour_at(kTop, left), map.colour_at(0, 0));
    int different = 0;
    for (int y = 0; y < wanted.height(); ++y) {
      for (int x = 0; x < kCell; ++x)
        different += image.colour_at(kTop + kCell + y, left + x) != wanted.colour_at(y, x) ? 1 : 0;
    }
    EXPECT_EQ(different, 0) << "channel " << channel;
  }
}

}  // namespace
}  // namespace ganymede::explore
