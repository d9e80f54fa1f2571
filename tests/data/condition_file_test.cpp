#include "data/files/condition_file.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/mutate.hpp"
#include "data/batches.hpp"
#include "data/catalogue.hpp"
#include "data/files/image_folder.hpp"
#include "data/files/npz_dataset.hpp"
#include "data/helpers.hpp"
#include "data/points/point_file.hpp"
#include "data/summary.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::data {
namespace {

Tensor floats(Shape shape, const std::vector<float>& values) {
  return Tensor::of<float>(std::move(shape), values);
}

std::vector<float> condition_of(const Dataset& d, std::int64_t i) {
  const auto one = d.condition(i);
  return {one.begin(), one.end()};
}

std::string table_fault(const std::string& text) {
  return message_of<DataError>([&] { parse_conditions(text, "c.csv"); });
}

TEST(ConditionTable, HasANameAColumnAndARowAPicture) {
  for (const char* text : {"file,age,height\na.png,30,1.5\nsub/b c.png,-2,0\n",
                           "\xEF\xBB\xBF"
                           "File; age; height\r\n# a remark\r\n\r\na.png;30;+1.5\r\n./sub/b c.png;-2;0",
                           "\"file\"\t\"age\"\t\"height\"\n\"a.png\"\t30\t1.5\n\"sub/b c.png\"\t-2\t0\n"}) {
    const ConditionTable table = parse_conditions(text, "c.csv");
    EXPECT_EQ(table.names, (std::vector<std::string>{"age", "height"})) << text;
    EXPECT_EQ(table.row_of("a.png"), (std::vector<float>{30, 1.5F})) << text;
    EXPECT_EQ(table.row_of("sub/b c.png"), (std::vector<float>{-2, 0})) << text;
    EXPECT_TRUE(says(message_of<DataError>([&] { table.row_of("z.png"); }), "c.csv: no line for the picture z.png"));
  }
  EXPECT_EQ(parse_conditions("file,k\n\"a,\"\"b\"\".png\",1\n", "c").row_of("a,\"b\".png"), std::vector<float>{1});
}

TEST(ConditionTable, SaysWhatIsWrongWithALine) {
  EXPECT_TRUE(says(table_fault("a.png,1,2\n"), "c.csv: line 1: wanted a head, \"file\"", "found \"a.png\""));
  EXPECT_TRUE(says(table_fault("file\na.png\n"), "line 1: wanted a head"));
  EXPECT_TRUE(says(table_fault("file,a,a\nx,1,2\n"), "line 1: two columns have one name"));
  EXPECT_TRUE(says(table_fault("file,a\nx.png,1,2\n"), "line 2: wanted a file and 1 numbers", "found 3 fields"));
  EXPECT_TRUE(says(table_fault("file,a\nx.png,one\n"), "line 2: column a: wanted a finite number, found \"one\""));
  EXPECT_TRUE(says(table_fault("file,a\nx.png,nan\n"), "found \"nan\""));
  EXPECT_TRUE(says(table_fault("file,a\nx.png,1e99\n"), "found \"1e99\"")) << "beyond f32";
  EXPECT_TRUE(says(table_fault("file,a\nx.png,\n"), "found \"\""));
  EXPECT_TRUE(says(table_fault("file,a\nx.png,1\nx.png,2\n"), "line 3: x.png has a line already"));
  EXPECT_TRUE(says(table_fault("file,a\n"), "holds no conditions"));
  EXPECT_TRUE(says(table_fault(""), "holds no conditions"));
  std::string wide = "file";
  for (int k = 0; k <= kMostConditions; ++k) wide += ",c" + std::to_string(k);
  EXPECT_TRUE(says(table_fault(wide + "\n"), "wanted at most 1024 numbers a picture, found 1025"));
}

TEST(ConditionTable, NeverCrashesOnDamage) {
  RandomSequence random(Random(7, "fuzz"), 0);
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = "file,age,height\n";
    for (int n = 0; n < 5; ++n) text += "p" + std::to_string(n) + ".png," + std::to_string(n * 0.37) + ",2\n";
    text = testing::mutate(text, random);
    try {
      const ConditionTable table = parse_conditions(text, "fuzz");
      for (const auto& [file, row] : table.rows) {
        ASSERT_EQ(row.size(), table.names.size());
        for (const float v : row) ASSERT_TRUE(std::isfinite(v));
      }
      ++read;
    } catch (const DataError&) {
    }
  }
  EXPECT_GT(read, 30);
}

TEST(NpzConditions, StandBesideTheImagesOfEachSplit) {
  const FreshFolder folder;
  write_npz(folder / "a.npz", {{"images", counting({3, 4, 4})}, {"Conditions", floats({3, 2}, {1, 2, 3, 4, 5, 6})}});
  const Dataset a = read_npz_dataset(folder / "a.npz");
  EXPECT_EQ(a.condition_length(), 2);
  EXPECT_EQ(a.condition_names, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(condition_of(a, 1), (std::vector<float>{3, 4}));
  EXPECT_EQ(condition_of(read_npz_dataset(folder / "a.npz", Split::test), 2), (std::vector<float>{5, 6}));
  const std::vector<double> whole{7, 8};
  write_npz(folder / "b.npz", {{"x_train", counting({2, 4, 4})},
                               {"conditions_train", Tensor::of<double>({2}, whole)},
                               {"x_test", counting({1, 4, 4})},
                               {"test_conditions", floats({1, 1}, {9})}});
  EXPECT_EQ(condition_of(read_npz_dataset(folder / "b.npz"), 1), std::vector<float>{8});
  EXPECT_EQ(condition_of(read_npz_dataset(folder / "b.npz", Split::test), 0), std::vector<float>{9});
}

TEST(NpzConditions, ThatDoNotFitAreRefused) {
  const FreshFolder folder;
  const auto fault = [&](const Tensor& conditions) {
    write_npz(folder / "a.npz", {{"images", counting({2, 4, 4})}, {"conditions", conditions}});
    return message_of<DataError>([&] { read_npz_dataset(folder / "a.npz"); });
  };
  EXPECT_TRUE(says(fault(floats({3, 1}, {1, 2, 3})), "a.npz: array conditions: wanted conditions of shape [2, K]",
                   "found [3, 1]"));
  EXPECT_TRUE(says(fault(floats({2, 1, 1}, {1, 2})), "found [2, 1, 1]"));
  EXPECT_TRUE(says(fault(floats({2, 1}, {1, NAN})), "element 1 is not finite"));
  EXPECT_TRUE(says(fault(Tensor::of<double>({2, 1}, std::vector<double>{1e99, 1})), "element 0 is not finite"));
}

TEST(NpzPoints, HaveConditionsTooAndGiveWayToPictures) {
  const FreshFolder folder;
  write_npz(folder / "p.npz", {{"points", floats({3, 2}, {1, 2, 3, 4, 5, 6})}, {"conditions", floats({3}, {7, 8, 9})}});
  const Dataset points = open_dataset((folder / "p.npz").string(), Split::test, {});
  EXPECT_TRUE(points.is_points());
  EXPECT_EQ(points.values(1)[1], 4);
  EXPECT_EQ(condition_of(points, 2), std::vector<float>{9});
  write_npz(folder / "q.npz", {{"faces", counting({3, 4, 4})}, {"points", floats({3, 2}, {1, 2, 3, 4, 5, 6})}});
  EXPECT_FALSE(read_npz_dataset(folder / "q.npz").is_points());
}

TEST(CsvPoints, TakeColumnsThatAreNamedConditions) {
  const Dataset d = parse_csv_points("x;condition;y;\"Condition_b\"\n1;10;2;20\n3;30;4;40\n", "a.csv");
  EXPECT_EQ(d.images.shape(), (Shape{2, 2}));
  EXPECT_EQ(d.values(1)[1], 4);
  EXPECT_EQ(d.condition_names, (std::vector<std::string>{"condition", "Condition_b"}));
  EXPECT_EQ(condition_of(d, 1), (std::vector<float>{30, 40}));
  const auto fault = [](const std::string& text) {
    return message_of<DataError>([&] { parse_csv_points(text, "a.csv"); });
  };
  EXPECT_TRUE(says(fault("condition1,condition2\n1,2\n"), "all columns are conditions"));
  EXPECT_TRUE(says(fault("x,condition\n1,2,3\n"), "line 2: wanted 2 numbers"));
}

void put_picture(const std::filesystem::path& path, std::uint8_t level) {
  std::filesystem::create_directories(path.parent_path());
  picture::write_png(path, picture::Image(8, 8, 1, picture::Colour{level, level, level}));
}

TEST(ImageFolderConditions, GoWithTheirPicturesInAnyOrder) {
  const FreshFolder folder;
  std::string table = "file,level,twice\n";
  for (const int level : {10, 20, 30, 40, 50}) {
    const std::string file = (level < 30 ? "a/" : "b/") + std::to_string(level) + ".png";
    put_picture(folder / file, static_cast<std::uint8_t>(level));
    table += file + "," + std::to_string(level) + "," + std::to_string(2 * level) + "\n";
  }
  write_file_atomically(folder / kConditionFile, table);
  const Dataset d = open_dataset(folder.path().string(), Split::train, {});
  ASSERT_EQ(d.size(), 5);
  EXPECT_EQ(d.condition_names, (std::vector<std::string>{"level", "twice"}));
  EXPECT_EQ(d.class_count(), 2) << "classes stay what they are";
  for (std::int64_t i = 0; i < 5; ++i) {
    const auto level = static_cast<float>(d.image(i)[0]);
    EXPECT_EQ(condition_of(d, i), (std::vector<float>{level, 2 * level}));
  }
  EXPECT_EQ(first_images(d, 2).conditions.size(), 4U);
  put_picture(folder / "a/60.png", 60);
  EXPECT_TRUE(says(message_of<DataError>([&] { open_dataset(folder.path().string(), Split::train, {}); }),
                   "conditions.csv: no line for the picture a/60.png"));
}

TEST(ImageFolderConditions, NameThePicturesOfBothSplits) {
  const FreshFolder folder;
  put_picture(folder / "train/a.png", 1);
  put_picture(folder / "test/a.png", 2);
  write_file_atomically(folder / kConditionFile, "file,k\ntrain/a.png,1\ntest/a.png,2\n");
  EXPECT_EQ(condition_of(read_image_folder(folder.path(), Split::train), 0), std::vector<float>{1});
  EXPECT_EQ(condition_of(read_image_folder(folder.path(), Split::test), 0), std::vector<float>{2});
}

TEST(ImageFolderConditions, OfPicturesThatAreNotThereAreNoted) {
  const FreshFolder folder;
  put_picture(folder / "train/a.png", 1);
  put_picture(folder / "test/a.png", 2);
  const std::string whole = "file,k\ntrain/a.png,1\ntest/a.png,2\n";
  const auto notes = [&](const std::string& table) {
    write_file_atomically(folder / kConditionFile, table);
    return read_image_folder(folder.path(), Split::train).provenance.notes;
  };
  EXPECT_EQ(notes(whole), std::vector<std::string>{});
  EXPECT_EQ(
      notes(whole + "train/b.png,3\n"),
      std::vector<std::string>{"1 of 3 lines of conditions.csv name a picture that is not here: \"train/b.png\""});
  EXPECT_EQ(notes(whole + "train/b.png,3\n../conditions.csv,4\n"),
            std::vector<std::string>{"2 of 4 lines of conditions.csv name a picture that is not here: "
                                     "\"../conditions.csv\" is the first"});
}

TEST(Conditions, ArePartOfASetsContentAndOfItsSummary) {
  Dataset d = parse_csv_points("x,condition\n1,10\n2,20\n3,60\n", "a.csv");
  const Dataset plain = parse_csv_points("x\n1\n2\n3\n", "a.csv");
  const std::uint32_t hash = content_hash(d);
  EXPECT_NE(hash, content_hash(plain));
  d.conditions[1] = 21;
  EXPECT_NE(content_hash(d), hash);
  d.conditions[1] = 20;
  const Summary s = summarize(d);
  ASSERT_EQ(s.conditions.size(), 1U);
  EXPECT_EQ(s.conditions[0].low, 10);
  EXPECT_EQ(s.conditions[0].high, 60);
  EXPECT_NEAR(s.conditions[0].mean, 30, 1e-12);
  EXPECT_TRUE(says(to_text(d, s), "conditions  1 number a sample", "condition", "60"));
  d.conditions.pop_back();
  EXPECT_TRUE(says(message_of<DataError>([&] { checked(d); }), "3 samples with 2 numbers of conditions, 1 each"));
}

TEST(Batches, GiveEachSampleItsCondition) {
  Dataset d = parse_csv_points("x,condition\n1,10\n2,20\n3,30\n4,40\n5,50\n", "a.csv");
  Batches batches(d, 2, LastBatch::keep, 3);
  std::vector<float> x(2), c(2);
  for (std::int64_t b = 0; b < 3; ++b) {
    const std::int64_t n = batches.fill(1, b, x, {});
    batches.fill_conditions(1, b, c);
    for (std::int64_t i = 0; i < n; ++i) EXPECT_EQ(c[static_cast<std::size_t>(i)], 10 * x[static_cast<std::size_t>(i)]);
  }
}

}  // namespace
}  // namespace ganymede::data
