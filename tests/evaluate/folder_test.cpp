#include "evaluate/folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "evaluate/tiny.hpp"
#include "picture/jpeg_bytes.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;

picture::Image grey(int side, std::uint8_t level) {
  return {side, side, 1, std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side, level)};
}

Tensor bytes(const Shape& shape, const std::vector<std::uint8_t>& values) {
  return Tensor::of<std::uint8_t>(shape, values);
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

std::string error_of(const fs::path& source, const Shape& shape) {
  return error_of([&] { read_picture_set(source.string(), shape, {}); });
}

TEST(ReadPictures, TakesThoseOfTheSizeAndNamesTheOthers) {
  const ganymede::testing::FreshFolder folder;
  fs::create_directories(folder / "below");
  picture::write_png(folder / "b.png", grey(4, 9));
  picture::write_png(folder / "below/a.PNG", grey(4, 7));
  picture::write_png(folder / "large.png", grey(5, 1));
  std::ofstream(folder / "broken.png") << "no picture";
  std::ofstream(folder / "text.txt") << "not looked at";
  const PictureSet found = read_pictures(folder.path(), {1, 4, 4});
  ASSERT_EQ(found.pictures.shape(), (Shape{2, 1, 4, 4}));
  EXPECT_EQ(found.pictures.values<std::uint8_t>()[0], 9);
  EXPECT_EQ(found.pictures.values<std::uint8_t>()[16], 7);
  ASSERT_EQ(found.skipped.size(), 2U);
  EXPECT_NE(found.skipped[0].find("broken.png"), std::string::npos);
  EXPECT_NE(found.skipped[1].find("wanted 4 x 4 pixels (H x W), found 5 x 5"), std::string::npos);
}

TEST(ReadPictures, TakesJpegToo) {
  const ganymede::testing::FreshFolder folder;
  write_file_atomically(folder / "a.jpg",
                        ganymede::testing::jpeg_bytes(picture::Image(8, 8, 3, picture::Colour{200, 200, 200})));
  picture::write_png(folder / "b.png", grey(8, 50));
  const PictureSet found = read_pictures(folder.path(), {1, 8, 8});
  ASSERT_EQ(found.count(), 2);
  EXPECT_NEAR(found.pictures.values<std::uint8_t>()[0], 200, 2);
  EXPECT_EQ(found.pictures.values<std::uint8_t>()[64], 50);
}

TEST(ReadPictures, BringsChannelsIntoPlanes) {
  const ganymede::testing::FreshFolder folder;
  picture::write_png(folder / "a.png", picture::Image(1, 2, 3, {1, 2, 3, 4, 5, 6}));
  const PictureSet colour = read_pictures(folder.path(), {3, 1, 2});
  EXPECT_EQ(colour.pictures, bytes({1, 3, 1, 2}, {1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(read_pictures(folder.path(), {1, 1, 2}).pictures.shape(), (Shape{1, 1, 1, 2}));
}

TEST(ReadPictures, NothingToReadIsAnError) {
  const ganymede::testing::FreshFolder folder;
  EXPECT_THROW(read_pictures(folder / "missing", {1, 4, 4}), DataError);
  EXPECT_THROW(read_pictures(folder.path(), {1, 4, 4}), DataError);
  std::ofstream(folder / "broken.png") << "no picture";
  const std::string error = error_of([&] { read_pictures(folder.path(), {1, 4, 4}); });
  EXPECT_NE(error.find("broken.png"), std::string::npos) << error;
}

TEST(ReadPictures, TakesTheFilesThatTheDataReaderTakes) {
  const ganymede::testing::FreshFolder folder, elsewhere;
  picture::write_png(elsewhere / "linked.png", grey(4, 1));
  for (const char* name : {"a", "a/.ipynb_checkpoints", ".hidden"}) fs::create_directory(folder / name);
  for (const char* name : {"a/1.png", "a/._0000.png", "a/.ipynb_checkpoints/1-checkpoint.png", ".hidden/2.png"})
    picture::write_png(folder / name, grey(4, 2));
  fs::create_directory_symlink(elsewhere.path(), folder / "b");
  fs::create_directory_symlink(folder.path(), folder / "a/loop");
  std::ofstream(folder / "3.webp") << "RIFF";
  const PictureSet found = read_pictures(folder.path(), {1, 4, 4});
  EXPECT_EQ(found.count(), 2);
  EXPECT_TRUE(found.skipped.empty());
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_NE(found.notes[0].find("(1 .webp)"), std::string::npos) << found.notes[0];
  fs::remove_all(folder / "a");
  fs::remove_all(folder / "b");
  const std::string error = error_of([&] { read_pictures(folder.path(), {1, 4, 4}); });
  EXPECT_NE(error.find("(1 .webp)"), std::string::npos) << error;
}

TEST(ReadPictures, TakesTheTestSplitAsOfOtherSources) {
  const ganymede::testing::FreshFolder folder;
  for (const auto& [name, level] : {std::pair{"Training", 1}, {"Valid", 2}}) {
    fs::create_directory(folder / name);
    picture::write_png(folder / name / "0.png", grey(4, static_cast<std::uint8_t>(level)));
  }
  const PictureSet found = read_pictures(folder.path(), {1, 4, 4});
  ASSERT_EQ(found.count(), 1);
  EXPECT_EQ(found.pictures.values<std::uint8_t>()[0], 2);
}

TEST(ReadPictures, SurvivesDamagedFiles) {
  const ganymede::testing::FreshFolder folder;
  const std::string whole = picture::encode_png(grey(4, 100));
  picture::write_png(folder / "good.png", grey(4, 1));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x5A);
    std::ofstream(folder / "damaged.png", std::ios::binary) << damaged;
    const PictureSet found = read_pictures(folder.path(), {1, 4, 4});
    EXPECT_EQ(found.count() + static_cast<std::int64_t>(found.skipped.size()), 2) << at;
  }
}

TEST(ReadPictureSet, ArraysHoldThePicturesThatAFolderDoes) {
  const ganymede::testing::FreshFolder folder;
  fs::create_directories(folder / "pictures");
  const std::vector<std::uint8_t> pixels{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};  // [2][1][2][3] as [N][H][W][C]
  picture::write_png(folder / "pictures/0.png", picture::Image(1, 2, 3, {1, 2, 3, 4, 5, 6}));
  picture::write_png(folder / "pictures/1.png", picture::Image(1, 2, 3, {7, 8, 9, 10, 11, 12}));
  write_npz(folder / "samples.npz", {{"arr_0", bytes({2, 1, 2, 3}, pixels)}});
  write_npz(folder / "images.npz", {{"images", bytes({2, 1, 2, 3}, pixels)}});
  write_npy(folder / "samples.npy", bytes({2, 1, 2, 3}, pixels));
  for (const Shape& shape : {Shape{3, 1, 2}, Shape{1, 1, 2}}) {
    const Tensor expected = read_picture_set((folder / "pictures").string(), shape, {}).pictures;
    for (const char* name : {"samples.npz", "images.npz", "samples.npy"})
      EXPECT_EQ(read_picture_set((folder / name).string(), shape, {}).pictures, expected) << name;
  }
}

TEST(ReadPictureSet, TakesUnitRangeAsItsLevels) {
  const ganymede::testing::FreshFolder folder;
  const std::vector<float> drawn{-1, -0.75F, 0, 0.25F, 0.999F, 1};
  const Tensor images = Tensor::of<float>({1, 1, 3, 2}, drawn);
  write_npz(folder / "drawn.npz", {{"images", images}});
  EXPECT_EQ(read_picture_set((folder / "drawn.npz").string(), {1, 3, 2}, {}).pictures, fit::to_levels(images));
}

TEST(ReadPictureSet, GreyBecomesThreeEqualPlanes) {
  const ganymede::testing::FreshFolder folder;
  write_npz(folder / "grey.npz", {{"arr_0", bytes({2, 1, 2}, {1, 2, 3, 4})}});
  EXPECT_EQ(read_picture_set((folder / "grey.npz").string(), {3, 1, 2}, {}).pictures,
            bytes({2, 3, 1, 2}, {1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}));
}

TEST(ReadPictureSet, TakesTheTestSplitOfASet) {
  const ganymede::testing::FreshFolder folder;
  testing::write_bars(folder / "bars");
  const Tensor expected = testing::bars(240, 2).images;
  const std::vector<data::SearchPlace> places{{folder.path(), "--data"}};
  EXPECT_TRUE(is_data_set("bars", places));
  EXPECT_FALSE(is_data_set("bars", {}));
  EXPECT_TRUE(is_data_set("mnist", {}));
  EXPECT_EQ(read_picture_set("bars", {1, 8, 8}, places).pictures, expected);
  EXPECT_EQ(read_picture_set((folder / "bars").string(), {1, 8, 8}, {}).pictures, expected);
  EXPECT_EQ(read_picture_set((folder / "bars/t10k-images-idx3-ubyte").string(), {1, 8, 8}, {}).pictures, expected);
}

TEST(ReadPictureSet, SaysWhatIsWantedAndWhatWasFound) {
  const ganymede::testing::FreshFolder folder;
  write_npz(folder / "large.npz", {{"arr_0", bytes({1, 2, 3}, {0, 0, 0, 0, 0, 0})}});
  const std::string size = error_of(folder / "large.npz", {1, 4, 5});
  EXPECT_NE(size.find("large.npz: wanted pictures of 4 x 5 pixels (H x W), found 2 x 3"), std::string::npos) << size;
  const std::string missing = error_of("missing.npz", {1, 4, 5});
  EXPECT_EQ(missing.find("missing.npz: no such folder, file or data set"), 0U) << missing;
  const std::string ink = error_of("builtin-ink", {1, 4, 5});
  EXPECT_NE(ink.find("found symbols of ink"), std::string::npos) << ink;
  std::ofstream(folder / "text.npz") << "no archive";
  const std::string broken = error_of(folder / "text.npz", {1, 4, 5});
  EXPECT_NE(broken.find("text.npz"), std::string::npos) << broken;
  write_npz(folder / "numbers.npz", {{"arr_0", bytes({6}, {0, 0, 0, 0, 0, 0})}});
  const std::string flat = error_of(folder / "numbers.npz", {1, 4, 5});
  EXPECT_NE(flat.find("(N, H, W)"), std::string::npos) << flat;
}

TEST(ReadPictureSet, DamagedArraysAreErrorsOrPicturesOfTheSize) {
  const ganymede::testing::FreshFolder folder;
  const std::string whole = to_npz({{"arr_0", bytes({2, 3, 2, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})}});
  int errors = 0;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    RandomSequence random(Random(7, "damaged"), i);
    std::ofstream(folder / "damaged.npz", std::ios::binary) << ganymede::testing::mutate(whole, random);
    try {
      const Tensor found = read_picture_set((folder / "damaged.npz").string(), {1, 3, 2}, {}).pictures;
      ASSERT_EQ(found.shape(), (Shape{found.shape()[0], 1, 3, 2}));
    } catch (const DataError& error) {
      EXPECT_NE(std::string(error.what()).find("damaged.npz"), std::string::npos) << error.what();
      ++errors;
    }
  }
  EXPECT_GT(errors, 1000);
}

}  // namespace
}  // namespace ganymede::evaluate
