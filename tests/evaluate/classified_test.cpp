#include "evaluate/classified.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "evaluate/tiny.hpp"
#include "picture/png.hpp"

namespace ganymede::evaluate {
namespace {

TEST(RowsOf, TakesRowsInTheOrderAsked) {
  const std::vector<float> values{0, 1, 10, 11, 20, 21};
  const Tensor samples = Tensor::of<float>({3, 1, 2}, values);
  const std::vector<std::int64_t> wanted{2, 0, 2};
  const Tensor rows = rows_of(samples, wanted);
  EXPECT_EQ(rows, Tensor::of<float>({3, 1, 2}, std::vector<float>{20, 21, 0, 1, 20, 21}));
}

TEST(Collect, IsTheSourceInPieces) {
  std::vector<std::int64_t> asked;
  const auto source = [&](std::int64_t first, std::int64_t count) {
    asked.push_back(count);
    Tensor piece(DType::u8, {count, 1, 1, 2});
    for (std::int64_t i = 0; i < count; ++i)
      piece.values<std::uint8_t>()[static_cast<std::size_t>(2 * i)] = static_cast<std::uint8_t>(first + i);
    return piece;
  };
  const Tensor all = collect(source, 2500);
  EXPECT_EQ(all.shape(), (Shape{2500, 1, 1, 2}));
  EXPECT_EQ(asked, (std::vector<std::int64_t>{1024, 1024, 452}));
  for (const std::size_t i : {0U, 1023U, 1024U, 2499U})
    EXPECT_EQ(all.values<std::uint8_t>()[2 * i], static_cast<std::uint8_t>(i)) << i;
}

TEST(Reference, KeepsHeldOutSamplesApartAndNamesThem) {
  const testing::TinyRuns tiny;
  Reference reference(tiny.recipe, tiny.reference_options());
  EXPECT_TRUE(reference.name().starts_with("bars-")) << reference.name();
  EXPECT_TRUE(reference.name().ends_with("_v1"));
  EXPECT_FALSE(reference.one_split());
  EXPECT_EQ(reference.train().size(), 300);
  EXPECT_EQ(reference.order().size(), 240U);
  // The front of the order holds all classes, and images and classes belong together.
  const auto classes = reference.held_out_classes(30);
  EXPECT_EQ(std::set<std::int32_t>(classes.begin(), classes.end()).size(), 3U);
  const Tensor first = reference.held_out(0, 30);
  EXPECT_EQ(reference.held_out(10, 5), rows_of(first, std::vector<std::int64_t>{10, 11, 12, 13, 14}));
  const Classified& classified = reference.classified(120);
  EXPECT_EQ(classified.count(), 120);
  std::int64_t right = 0;
  for (std::size_t i = 0; i < 120; ++i) right += classified.labels[i] == classified.wanted[i] ? 1 : 0;
  EXPECT_GT(right, 110);  // bars are easy: a shuffled pairing would give 40
}

TEST(Reference, DoesNotDependOnTheShareThatARunSaw) {
  testing::TinyRuns tiny;
  const Reference whole(tiny.recipe, tiny.reference_options());
  tiny.recipe.data.limit = 10;
  const Reference part(tiny.recipe, tiny.reference_options());
  EXPECT_EQ(part.name(), whole.name());
  EXPECT_EQ(part.train().images, whole.train().images);
}

/// A reference whose classifier is of another set; the fit is left as it begins.
struct OtherFeatures : ::testing::Test {
  struct Begun : std::exception {};
  std::unique_ptr<Reference> by(const std::string& features) {
    ReferenceOptions options{.backend = *tiny.session.backend, .threads = 1, .cache = tiny.root / "no-cache"};
    options.on_classifier = [](const std::string&, bool, std::int64_t) -> fit::OnProgress { throw Begun(); };
    return std::make_unique<Reference>(tiny.recipe, options, features);
  }
  testing::TinyRuns tiny;
};

TEST_F(OtherFeatures, OfAnotherShapeAreRefusedBeforeTheFit) {
  try {
    by("builtin-digits")->classifier();
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("[1, 28, 28], those of bars"), std::string::npos) << error.what();
  }
}

TEST_F(OtherFeatures, OfAFolderOfPicturesAreReadAtTheSizeOfTheSamples) {
  for (const char* name : {"ant", "bee"}) {
    std::filesystem::create_directories(tiny.root / "other" / name);
    for (int i = 0; i < 3; ++i) {
      picture::write_png(tiny.root / "other" / name / (std::to_string(i) + ".png"),
                         picture::Image(20, 20, 1, picture::Colour{40, 40, 40}));
    }
  }
  EXPECT_THROW(by((tiny.root / "other").string())->classifier(), Begun);
}

TEST(Slug, KeepsWhatANameMayHold) {
  EXPECT_EQ(slug("out/My digits.npz"), "My-digits");
  EXPECT_EQ(slug("mnist"), "mnist");
  EXPECT_EQ(slug("pictures/real/"), "real");
  EXPECT_EQ(slug("/"), "data");
}

}  // namespace
}  // namespace ganymede::evaluate
