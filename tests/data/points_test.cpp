#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/mutate.hpp"
#include "base/philox.hpp"
#include "data/catalogue.hpp"
#include "data/helpers.hpp"
#include "data/points/point_file.hpp"
#include "data/points/point_picture.hpp"
#include "data/points/point_sets.hpp"
#include "data/summary.hpp"
#include "tensor/npy.hpp"

namespace ganymede::data {
namespace {

Dataset drawn(const std::string& name, std::int64_t count, const PointOptions& options = {},
              Split split = Split::train) {
  return draw_points(*find_point_set(name), split, count, options);
}

double mean_of_coordinate(const Dataset& d, std::size_t which) {
  double sum = 0;
  for (std::int64_t i = 0; i < d.size(); ++i) sum += d.values(i)[which];
  return sum / static_cast<double>(d.size());
}

TEST(Points, AreAFunctionOfSplitAndIndex) {
  for (const PointSet& set : point_sets()) {
    const Dataset few = drawn(set.name, 5), many = drawn(set.name, 300), other = drawn(set.name, 5, {}, Split::test);
    EXPECT_EQ(first_images(many, 5).images, few.images) << set.name << ": the count changed them";
    EXPECT_NE(few.images, other.images) << set.name << ": nothing is held out";
  }
}

TEST(Points, CountAsImagesOfOnePixelWithoutLimits) {
  const Dataset d = drawn("ring", 50);
  EXPECT_TRUE(d.is_points());
  EXPECT_FALSE(d.is_ink());
  EXPECT_EQ(d.channels(), 2);
  EXPECT_EQ(d.height(), 1);
  EXPECT_EQ(d.width(), 1);
  std::vector<float> row(2);
  float largest = 0;
  for (std::int64_t i = 0; i < 50; ++i) {
    copy_values(d, i, row);
    EXPECT_EQ(row[0], d.values(i)[0]);
    largest = std::max({largest, std::abs(row[0]), std::abs(row[1])});
  }
  EXPECT_GT(largest, 1.9F) << "clipped to [-1, 1]";
  EXPECT_THROW(d.image(0), ShapeError);
}

TEST(Points, OfARingLieOnItsEightCentres) {
  const Dataset d = drawn("ring", 4000);
  std::set<int> met;
  for (std::int64_t i = 0; i < d.size(); ++i) {
    const auto p = d.values(i);
    const double turn = std::atan2(p[1], p[0]) / (2 * 3.14159265358979) * 8;
    met.insert((static_cast<int>(std::lround(turn)) + 8) % 8);
    EXPECT_NEAR(std::hypot(p[0], p[1]), 2, 0.12);
    EXPECT_NEAR(turn, std::round(turn), 8 * 0.12 / (2 * 3.14159 * 2));
  }
  EXPECT_EQ(met.size(), 8U);
}

TEST(Points, FollowTheirKeys) {
  const Dataset normal = drawn("normal-1d", 20000, {.mean = -3, .deviation = 2});
  double squares = 0;
  for (std::int64_t i = 0; i < normal.size(); ++i) squares += std::pow(normal.values(i)[0] + 3, 2);
  EXPECT_NEAR(mean_of_coordinate(normal, 0), -3, 4 * 2 / std::sqrt(20000.0));
  EXPECT_NEAR(std::sqrt(squares / 20000), 2, 0.05);
  const auto mixture = mixture_of("ring", {.modes = 3, .radius = 5, .deviation = 0.5});
  EXPECT_EQ(mixture->modes(), 3);
  EXPECT_EQ(mixture->centres[0], 5);
  EXPECT_EQ(mixture->deviations[2], 0.5);
  EXPECT_EQ(mixture_of("grid", {.side = 2, .spacing = 1})->centres,
            (std::vector<float>{-.5, -.5, .5, -.5, -.5, .5, .5, .5}));
  EXPECT_EQ(mixture_of("grid", {})->deviations.front(), 0.05) << "its own where none is asked for";
}

TEST(Points, OfAMixtureKeepItsWeights) {
  const Dataset d = drawn("mixture-1d", 20000);
  int middle = 0;
  for (std::int64_t i = 0; i < d.size(); ++i) middle += std::abs(d.values(i)[0]) < 2 ? 1 : 0;
  EXPECT_NEAR(middle / 20000.0, 0.5, 4 * std::sqrt(0.25 / 20000));
}

TEST(Points, OfACurveHaveNoMixture) {
  for (const char* name : {"line", "moons", "spiral", "mnist", "a.csv"}) EXPECT_FALSE(mixture_of(name, {})) << name;
  EXPECT_THROW(drawn("ring", 0), ConfigError);
}

TEST(PointSets, NameTheSetsThatTakeAKey) {
  EXPECT_EQ(point_sets_with("radius"), std::vector<std::string>{"ring"});
  EXPECT_EQ(point_sets_with("deviation").size(), point_sets().size());
  EXPECT_TRUE(point_sets_with("nonsense").empty());
}

std::vector<float> values_of_csv(const std::string& text) {
  const Dataset d = parse_csv_points(text, "a.csv");
  const auto values = d.images.values<float>();
  return {values.begin(), values.end()};
}

std::string csv_fault(const std::string& text) {
  return message_of<DataError>([&] { parse_csv_points(text, "a.csv"); });
}

TEST(CsvPoints, AreReadWithAnyUsualSeparatorAndAHead) {
  const std::vector<float> wanted{1, -2.5, 3e2, 4};
  for (const char* text : {"1,-2.5\n3e2,4\n", "x,y\n1,-2.5\n3e2,4", "\xEF\xBB\xBFx;y\r\n1;-2.5\r\n\r\n3e2;4\r\n",
                           "# a remark\n1 -2.5\n 3e2\t+4 \n", "\"x\", \"y\"\n1, -2.5\n3e2, 4\n"}) {
    EXPECT_EQ(values_of_csv(text), wanted) << text;
  }
  EXPECT_EQ(parse_csv_points("5\n6\n7\n", "a.csv").images.shape(), (Shape{3, 1}));
}

TEST(CsvPoints, SayWhatIsWrongWithALine) {
  EXPECT_TRUE(says(csv_fault("1,2\n3\n"), "a.csv: line 2: wanted 2 numbers as in the lines before, found 1"));
  EXPECT_TRUE(says(csv_fault("x,y\n1,two\n"), "a.csv: line 2: wanted a finite number, found \"two\""));
  EXPECT_TRUE(says(csv_fault("x,y\nz,w\n"), "a.csv: line 2: wanted a finite number, found \"z\"")) << "one head alone";
  EXPECT_TRUE(says(csv_fault("1,nan\n"), "found \"nan\""));
  EXPECT_TRUE(says(csv_fault("1,1e99\n"), "found \"1e99\"")) << "beyond f32";
  EXPECT_TRUE(says(csv_fault("1,,2\n"), "line 1: wanted a finite number, found \"\""));
  EXPECT_TRUE(says(csv_fault("1,\n"), "found \"\""));
  EXPECT_TRUE(says(csv_fault(""), "holds no points"));
  EXPECT_TRUE(says(csv_fault("x,y\n"), "holds no points"));
  EXPECT_TRUE(says(csv_fault("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n"), "wanted 1 to 16 numbers, found 17 fields",
                   "numpy.savez"));
  EXPECT_TRUE(
      says(csv_fault("x,y,\"Class\"\n1,2,0\n"), "line 1: column 3 is named \"class\"", "leave that column out"));
}

TEST(CsvPoints, NeverCrashOnDamage) {
  RandomSequence random(Random(3, "fuzz"), 0);
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = "x,y\n";
    for (int n = 0; n < 6; ++n) text += std::to_string(n) + ", " + std::to_string(n * 0.37) + "\n";
    text = testing::mutate(text, random);
    try {
      const Dataset d = parse_csv_points(text, "fuzz");
      for (const float v : d.images.values<float>()) EXPECT_TRUE(std::isfinite(v));
      ++read;
    } catch (const DataError&) {
    }
  }
  EXPECT_GT(read, 30);
}

TEST(PointFiles, OpenByTheirPaths) {
  const FreshFolder folder;
  write_npy(folder / "a.npy", Tensor::of<double>({2, 3}, std::vector<double>{1, 2, 3, 4, 5, 600}));
  write_file_atomically(folder / "b.csv", "7 8\n");
  const Dataset a = open_dataset((folder / "a.npy").string(), Split::test, {});
  EXPECT_TRUE(a.is_points());
  EXPECT_EQ(a.channels(), 3);
  EXPECT_EQ(a.values(1)[2], 600);
  EXPECT_EQ(open_dataset((folder / "b.csv").string(), Split::train, {}).values(0)[1], 8);
  write_npy(folder / "c.npy", Tensor::of<float>({1, 2}, std::vector<float>{1, INFINITY}));
  EXPECT_TRUE(says(message_of<DataError>([&] { open_dataset((folder / "c.npy").string(), Split::train, {}); }),
                   "value 1 of the points is not finite"));
  write_npy(folder / "d.npy", Tensor(DType::f32, {4, 784}));
  EXPECT_TRUE(says(message_of<DataError>([&] { open_dataset((folder / "d.npy").string(), Split::train, {}); }),
                   "flattened images must be reshaped"));
}

TEST(PointSummary, TellsEveryCoordinate) {
  const Dataset d = parse_csv_points("0,10\n2,10\n4,10\n", "a.csv");
  const Summary s = summarize(d);
  ASSERT_EQ(s.coordinates.size(), 2U);
  EXPECT_EQ(s.coordinates[0].low, 0);
  EXPECT_EQ(s.coordinates[0].high, 4);
  EXPECT_NEAR(s.coordinates[0].mean, 2, 1e-12);
  EXPECT_NEAR(s.coordinates[0].deviation, std::sqrt(8.0 / 3), 1e-12);
  EXPECT_EQ(s.coordinates[1].deviation, 0);
  EXPECT_TRUE(says(to_text(d, s), "points", "2 coordinates"));
  EXPECT_TRUE(warnings(d).empty());
}

TEST(PointFrame, IsASquareAboutTheRealsThatDoesNotMove) {
  const std::vector<float> points{0, 0, 10, 1, NAN, 5};
  const PointFrame frame = frame_of(points, 2);
  EXPECT_NEAR(frame.x.low, -2, 1e-9);
  EXPECT_NEAR(frame.x.high, 12, 1e-9);
  EXPECT_NEAR(frame.y.high - frame.y.low, 14, 1e-9);
  EXPECT_NEAR(frame.y.high + frame.y.low, 5, 1e-9);
  const std::vector<float> places = places_to_ask(frame, 2);
  EXPECT_LT(places[0], -1.8F) << "from the top left";
  EXPECT_GT(places[1], 9.3F);
  EXPECT_EQ(places_to_ask(frame_of(std::vector<float>{3, 3}, 1), 1).size(), 201U);
  EXPECT_TRUE(places_to_ask(frame, 3).empty());
}

TEST(PointPicture, ShowsWhatDSaysBehindThePoints) {
  const std::vector<float> real{-1, -1, 1, 1}, fake{0.5F, -0.5F};
  const PointFrame frame = frame_of(real, 2);
  const std::size_t places = places_to_ask(frame, 2).size() / 2;
  const std::vector<float> sure(places, 1), unsure(places, 0.5F);
  const auto corner = [&](std::span<const float> shares) {
    const picture::Image image =
        picture_of_points({.dim = 2, .frame = frame, .real = real, .fake = fake, .shares = shares});
    return image.colour_at(image.height() / 2, image.width() / 2);
  };
  EXPECT_EQ(corner(unsure), picture::kWhite);
  EXPECT_NE(corner(sure), picture::kWhite);
  EXPECT_EQ(corner({}), picture::kWhite);
}

}  // namespace
}  // namespace ganymede::data
