#include "data/files/image_folder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/mutate.hpp"
#include "data/catalogue.hpp"
#include "data/helpers.hpp"
#include "data/summary.hpp"
#include "picture/jpeg_bytes.hpp"
#include "picture/png.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;
using picture::Colour;
using picture::Image;

void put_png(const fs::path& path, const Image& image) {
  fs::create_directories(path.parent_path());
  picture::write_png(path, image);
}

void put_jpeg(const fs::path& path, const Image& image) {
  fs::create_directories(path.parent_path());
  write_file_atomically(path, testing::jpeg_bytes(image));
}

/// Red of the first pixel of each picture, sorted.
std::vector<int> reds(const Dataset& d) {
  std::vector<int> values;
  for (std::int64_t i = 0; i < d.size(); ++i) values.push_back(d.image(i)[0]);
  std::sort(values.begin(), values.end());
  return values;
}

TEST(ImageFolder, CutsTheSquareAndReducesIt) {
  const FreshFolder folder;
  Image wide(8, 24, 3, Colour{9, 9, 9});
  wide.fill_rectangle(0, 8, 8, 8, {200, 100, 50});
  wide.fill_rectangle(0, 8, 4, 4, {100, 0, 250});
  put_png(folder / "wide.png", wide);
  const Dataset d = read_image_folder(folder.path(), Split::train, {.side = 4});
  EXPECT_EQ(d.images.shape(), (Shape{1, 3, 4, 4}));
  EXPECT_FALSE(d.has_labels());
  const auto p = d.image(0);
  EXPECT_EQ(p[0], 100);           // red, top left
  EXPECT_EQ(p[3], 200);           // top right
  EXPECT_EQ(p[16], 0);            // green, top left
  EXPECT_EQ(p[2 * 16 + 15], 50);  // blue, bottom right
  EXPECT_TRUE(says(d.provenance.description, "4 x 4"));
}

TEST(ImageFolder, ReadsPngAndJpegOfAnySizeInAllSubfolders) {
  const FreshFolder folder;
  put_png(folder / "a.png", Image(5, 7, 3, Colour{10, 20, 30}));
  put_jpeg(folder / "2024/may/b.JPG", Image(40, 33, 3, Colour{60, 20, 30}));
  put_jpeg(folder / "2024/c.jpeg", Image(300, 200, 3, Colour{110, 20, 30}));
  put_png(folder / ".hidden/d.png", Image(5, 5, 3, Colour{160, 20, 30}));
  put_png(folder / "._e.png", Image(5, 5, 3, Colour{170, 20, 30}));
  write_file_atomically(folder / "notes.txt", "no picture");
  const Dataset d = read_image_folder(folder.path(), Split::train, {.side = 8});
  const std::vector<int> found = reds(d);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_NEAR(found[0], 10, 2);
  EXPECT_NEAR(found[1], 60, 2);
  EXPECT_NEAR(found[2], 110, 2);
  EXPECT_FALSE(d.has_labels()) << "one picture lies outside the subfolder";
  EXPECT_TRUE(d.provenance.skipped.empty());
}

TEST(ImageFolder, TakesSubfoldersAsClasses) {
  const FreshFolder folder;
  for (int i = 0; i < 6; ++i) {
    put_png(folder / "sea" / fmt::format("s{}.png", i), Image(4, 4, 3, Colour{10, 0, static_cast<std::uint8_t>(i)}));
    if (i < 3) {
      put_png(folder / "alps/high" / fmt::format("a{}.png", i),
              Image(4, 4, 3, Colour{20, 0, static_cast<std::uint8_t>(i)}));
    }
  }
  const Dataset d = read_image_folder(folder.path(), Split::train, {.side = 4});
  EXPECT_EQ(d.class_names, (std::vector<std::string>{"alps", "sea"}));
  EXPECT_EQ(class_histogram(d), (std::vector<std::int64_t>{3, 6}));
  for (std::int64_t i = 0; i < d.size(); ++i)
    EXPECT_EQ(d.labels[static_cast<std::size_t>(i)], d.image(i)[0] == 20 ? 0 : 1);
}

TEST(ImageFolder, OneSubfolderIsNoClass) {
  const FreshFolder folder;
  put_png(folder / "images/a.png", Image(4, 4, 3));
  EXPECT_FALSE(read_image_folder(folder.path(), Split::train, {.side = 4}).has_labels());
}

TEST(ImageFolder, TrainAndTestAreTheSplits) {
  const FreshFolder folder;
  put_png(folder / "train/a.png", Image(4, 4, 3, Colour{1, 0, 0}));
  put_png(folder / "val/b.png", Image(4, 4, 3, Colour{2, 0, 0}));
  EXPECT_EQ(reds(read_image_folder(folder.path(), Split::train, {.side = 4})), (std::vector<int>{1}));
  EXPECT_EQ(reds(read_image_folder(folder.path(), Split::test, {.side = 4})), (std::vector<int>{2}));
}

TEST(ImageFolder, NumbersSortAsNumbersBeforeNames) {
  const FreshFolder folder;
  const std::vector<std::string> names{"0", "1", "2", "007", "9", "10", "11", "100000000000000000000", "1a", "b"};
  for (std::size_t i = 0; i < names.size(); ++i)
    put_png(folder / names[i] / "p.png", Image(4, 4, 3, Colour{static_cast<std::uint8_t>(10 * i), 0, 1}));
  const Dataset d = read_image_folder(folder.path(), Split::train, {.side = 4});
  EXPECT_EQ(d.class_names, names);
  for (std::int64_t i = 0; i < d.size(); ++i) EXPECT_EQ(d.image(i)[0], 10 * d.labels[static_cast<std::size_t>(i)]);
}

TEST(ImageFolder, TheTrainingSplitNumbersTheClassesOfTheTestSplit) {
  const FreshFolder folder;
  const auto put = [&](const std::string& at, int count) {
    for (int i = 0; i < count; ++i)
      put_png(folder / at / (std::to_string(i) + ".png"), Image(4, 4, 3, Colour{1, 2, static_cast<std::uint8_t>(i)}));
  };
  for (const char* name : {"ant", "bee", "cat"}) put(std::string("train/") + name, 5);
  put("test/ant", 4);
  put("test/cat", 4);
  put("test/wasp", 3);
  const Dataset d = read_image_folder(folder.path(), Split::test, {.side = 4});
  EXPECT_EQ(d.class_names, (std::vector<std::string>{"ant", "bee", "cat"}));
  EXPECT_EQ(class_histogram(d), (std::vector<std::int64_t>{4, 0, 4}));
  EXPECT_TRUE(
      says(warnings(d).at(0), "the class \"wasp\" is not among those of the training split: its 3 samples are left"));
  EXPECT_TRUE(says(to_text(d, summarize(d)), "wasp", "number  class"));
}

TEST(ImageFolder, LeavesBrokenFilesOutAndNamesThem) {
  const FreshFolder folder;
  for (int i = 0; i < 12; ++i)
    put_png(folder / (std::to_string(i) + ".png"), Image(4, 4, 3, Colour{static_cast<std::uint8_t>(i), 0, 0}));
  const std::string whole = read_file(folder / "3.png");
  write_file_atomically(folder / "3.png", whole.substr(0, whole.size() / 2));
  write_file_atomically(folder / "7.png", "nothing of a picture");
  const Dataset d = read_image_folder(folder.path(), Split::train, {.side = 4});
  EXPECT_EQ(reds(d), (std::vector<int>{0, 1, 2, 4, 5, 6, 8, 9, 10, 11}));
  ASSERT_EQ(d.provenance.skipped.size(), 2U);
  const std::string all = d.provenance.skipped[0] + d.provenance.skipped[1];
  EXPECT_TRUE(says(all, "3.png: this PNG file is damaged", "7.png: wanted a PNG or JPEG file"));
  ASSERT_EQ(warnings(d).size(), 1U);
  EXPECT_TRUE(says(warnings(d)[0], ": 2 files could not be read and are left out: ", "3.png: ", "; "));
  EXPECT_TRUE(warnings(numbered(3)).empty());
  EXPECT_TRUE(says(to_text(d, summarize(d)), "skipped", "3.png"));

  for (int i = 0; i < 12; ++i) write_file_atomically(folder / (std::to_string(i) + ".png"), "?");
  EXPECT_TRUE(says(message_of<DataError>([&] { read_image_folder(folder.path(), Split::train); }),
                   "none of 12 pictures can be read", ".png"));
}

TEST(ImageFolder, ALimitTakesAFairSampleWithoutTheBroken) {
  const FreshFolder folder;
  for (int i = 0; i < 60; ++i) {
    put_png(folder / (i < 30 ? "a" : "b") / (std::to_string(i) + ".png"),
            Image(4, 4, 3, Colour{static_cast<std::uint8_t>(i), 0, 0}));
    if (i % 5 == 0) write_file_atomically(folder / (i < 30 ? "a" : "b") / (std::to_string(i) + ".png"), "?");
  }
  const Dataset all = read_image_folder(folder.path(), Split::train, {.side = 4});
  const Dataset some = read_image_folder(folder.path(), Split::train, {.side = 4, .limit = 20, .threads = 1});
  EXPECT_EQ(all.size(), 48);
  EXPECT_EQ(some.size(), 20);
  EXPECT_EQ(content_hash(some), content_hash(first_images(all, 20)));
  EXPECT_GE(class_histogram(some)[0], 4);
  EXPECT_GE(class_histogram(some)[1], 4);
}

TEST(ImageFolder, IsGreyWhereNoPictureHasColour) {
  const FreshFolder folder;
  put_png(folder / "a.png", Image(4, 4, 1, Colour{80, 80, 80}));
  put_png(folder / "b.png", Image(4, 4, 3, Colour{90, 90, 90}));
  const auto channels = [&](ImageColour colour) {
    return read_image_folder(folder.path(), Split::train, {.side = 4, .colour = colour}).channels();
  };
  EXPECT_EQ(channels(ImageColour::automatic), 1);
  EXPECT_EQ(channels(ImageColour::rgb), 3);
  put_png(folder / "c.png", Image(4, 4, 3, Colour{100, 0, 0}));
  EXPECT_EQ(channels(ImageColour::automatic), 3);
  const Dataset grey = read_image_folder(folder.path(), Split::train, {.side = 4, .colour = ImageColour::grey});
  EXPECT_EQ(reds(grey), (std::vector<int>{30, 80, 90}));  // luma of (100, 0, 0): 29.9
}

TEST(ImageFolder, IsGreyOrColourAsAWholeSet) {
  for (const std::string coloured : {"train", "test"}) {
    const FreshFolder folder;
    for (int i = 0; i < 30; ++i) {
      put_png(folder / "train" / (std::to_string(i) + ".png"), Image(4, 4, 1, Colour{80, 80, 80}));
      put_png(folder / "test" / (std::to_string(i) + ".png"), Image(4, 4, 3, Colour{90, 90, 90}));
    }
    const auto channels = [&](Split split, std::int64_t limit) {
      return read_image_folder(folder.path(), split, {.side = 4, .limit = limit}).channels();
    };
    for (const std::int64_t limit : {0, 1, 7}) {
      EXPECT_EQ(channels(Split::train, limit), 1);
      EXPECT_EQ(channels(Split::test, limit), 1);
    }
    put_png(folder / coloured / "colour.png", Image(4, 4, 3, Colour{100, 0, 0}));
    for (const std::int64_t limit : {0, 1, 7}) {
      EXPECT_EQ(channels(Split::train, limit), 3) << coloured << limit;
      EXPECT_EQ(channels(Split::test, limit), 3) << coloured << limit;
    }
  }
}

TEST(ImageFolder, NamesFormatsThatItDoesNotReadAndClassesThatDropOut) {
  const FreshFolder folder;
  for (const std::string name : {"cats", "eels"}) put_png(folder / name / "0.png", Image(4, 4, 3, Colour{200, 1, 2}));
  for (const std::string name : {"dogs/0.webp", "dogs/1.webp", "cats/2.bmp", "fish/0.png"}) {
    fs::create_directories((folder / name).parent_path());
    write_file_atomically(folder / name, "RIFF");
  }
  const Dataset d = read_image_folder(folder.path(), Split::train, {.side = 4});
  EXPECT_EQ(d.size(), 2);
  const std::vector<std::string> lines = warnings(d);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_TRUE(says(lines[0], folder.path().string() + ": 3 pictures", "(1 .bmp, 2 .webp)", "mogrify"));
  EXPECT_TRUE(says(lines[1], "nothing in \"dogs\" can be read: it is no class of this set"));
  EXPECT_TRUE(says(lines[2], "none of the pictures of class \"fish\" can be read"));
  EXPECT_TRUE(says(lines[3], "1 file could not be read and is left out"));
  EXPECT_TRUE(says(to_text(d, summarize(d)), "note", "2 .webp"));
}

TEST(ImageFolder, OfOtherFormatsAloneSaysWhatToDo) {
  const FreshFolder folder;
  for (const char* name : {"0.webp", "1.webp", "2.webp"}) write_file_atomically(folder / name, "RIFF");
  const std::string message =
      message_of<DataError>([&] { open_dataset(folder.path().string(), Split::train, {}, {.image_size = 4}); });
  EXPECT_TRUE(says(message, "no PNG or JPEG pictures here; 3 pictures", "(3 .webp)", "`mogrify -format png *.webp`"));
}

TEST(ImageFolder, SaysOfAPictureWhatItIsInstead) {
  const FreshFolder folder;
  put_png(folder / "0.png", Image(4, 4, 3));
  write_file_atomically(folder / "1.png", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
  ASSERT_EQ(::mkfifo((folder / "2.png").c_str(), 0600), 0);
  const Dataset d = read_image_folder(folder.path(), Split::train, {.side = 4});
  EXPECT_EQ(d.size(), 1);
  ASSERT_EQ(d.provenance.skipped.size(), 2U);
  const std::string all = d.provenance.skipped[0] + d.provenance.skipped[1];
  EXPECT_TRUE(says(all, "1.png: wanted a PNG or JPEG file, found a Git LFS pointer", "git lfs pull",
                   "2.png: wanted an ordinary file, found a pipe"));
}

TEST(ImageFolder, SaysWhatIsMissing) {
  const FreshFolder folder;
  EXPECT_TRUE(says(message_of<DataError>([&] { read_image_folder(folder.path(), Split::train); }), "no PNG or JPEG"));
  EXPECT_TRUE(says(message_of<DataError>([&] { read_image_folder(folder / "none", Split::train); }), "no such folder"));
  EXPECT_THROW(read_image_folder(folder.path(), Split::train, {.side = 3}), ConfigError);
  EXPECT_THROW(image_colour_from("color"), ConfigError);
  EXPECT_EQ(image_colour_from("auto"), ImageColour::automatic);
}

TEST(ImageFolder, TakesSquaresOfOneSizeAsTheyAre) {
  const FreshFolder folder;
  Image own(6, 6, 3, Colour{9, 8, 7});
  own.fill_rectangle(1, 2, 3, 3, {200, 100, 50});
  put_png(folder / "train/a.png", own);
  put_jpeg(folder / "train/b.jpg", Image(6, 6, 3, Colour{60, 20, 30}));
  put_png(folder / "test/c.png", own);
  const Dataset d = open_dataset(folder.path().string(), Split::test, {});
  ASSERT_EQ(d.images.shape(), (Shape{1, 3, 6, 6}));
  for (std::size_t p = 0; p < 36; ++p) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(d.image(0)[36 * c + p], own.pixels()[3 * p + c]) << p;
  }
  EXPECT_EQ(read_image_folder(folder.path(), Split::train).images.shape(), (Shape{2, 3, 6, 6}));
}

TEST(ImageFolder, OfSeveralSizesOrNoSquaresWantsASizeChosen) {
  const FreshFolder folder;
  const auto fault = [&] { return message_of<ConfigError>([&] { read_image_folder(folder.path(), Split::train); }); };
  put_png(folder / "train/a.png", Image(6, 6, 3, Colour{9, 8, 7}));
  put_png(folder / "test/b.png", Image(8, 8, 3, Colour{9, 8, 7}));
  EXPECT_TRUE(says(fault(), "a.png is 6 x 6", "b.png is 8 x 8", "data.image_size"));
  EXPECT_EQ(read_image_folder(folder.path(), Split::train, {.side = 4}).height(), 4);
  fs::remove_all(folder / "test");
  EXPECT_EQ(read_image_folder(folder.path(), Split::train).height(), 6);
  put_png(folder / "train/a.png", Image(6, 9, 3, Colour{9, 8, 7}));
  EXPECT_TRUE(says(fault(), "no squares of one size", "a.png is 9 x 6"));
  put_png(folder / "train/a.png", Image(3, 3, 3, Colour{9, 8, 7}));
  EXPECT_TRUE(says(fault(), "wanted 4 to 1024, found 3, the pictures' own size"));
}

TEST(ImageFolder, IsADataSourceByItsPath) {
  const FreshFolder folder;
  put_png(folder / "a.png", Image(40, 30, 3, Colour{1, 2, 3}));
  const Dataset d = open_dataset(folder.path().string(), Split::train, {}, {.image_size = 16});
  EXPECT_EQ(d.images.shape(), (Shape{1, 3, 16, 16}));
  EXPECT_EQ(d.provenance.name, folder.path().string());
  fs::remove(folder / "a.png");
  EXPECT_TRUE(says(message_of<DataError>([&] { open_dataset(folder.path().string(), Split::train, {}); }),
                   "no IDX images", "or pictures"));
}

TEST(ImageFolder, SurvivesMutatedFiles) {
  const FreshFolder folder;
  RandomSequence random(Random(4, "fuzz"), 0);
  const std::string png = picture::encode_png(Image(9, 14, 3, Colour{1, 100, 200}));
  const std::string jpeg = testing::jpeg_bytes(Image(21, 9, 3, Colour{1, 100, 200}), {.progressive = true});
  for (int i = 0; i < 300; ++i)
    write_file_atomically(folder / (std::to_string(i) + ".png"), testing::mutate(i % 2 == 0 ? png : jpeg, random));
  put_png(folder / "whole.png", Image(4, 4, 3));
  const Dataset d = read_image_folder(folder.path(), Split::train, {.side = 8});
  EXPECT_GE(d.size(), 1);
  EXPECT_EQ(d.size() + static_cast<std::int64_t>(d.provenance.skipped.size()), 301);
}

}  // namespace
}  // namespace ganymede::data
