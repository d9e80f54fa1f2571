#include "data/catalogue.hpp"

#include <algorithm>
#include <fstream>

#include "base/error.hpp"
#include "data/files/idx.hpp"
#include "data/helpers.hpp"
#include "tensor/npy.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

std::string idx_name(const std::string& what, const std::string& separator, const std::string& idx) {
  return fmt::format("{}{}{}-ubyte", what, separator, idx);
}

/// Writes a split whose first pixel is `mark`.
void put_split(const fs::path& folder, const std::string& split, int mark, const std::string& separator = "-",
               const std::string& ending = "") {
  fs::create_directories(folder);
  write_idx(folder / (idx_name(split + "-images", separator, "idx3") + ending), counting({3, 4, 4}, mark));
  write_idx(folder / (idx_name(split + "-labels", separator, "idx1") + ending), bytes_of({0, 1, 2}));
}

int first_pixel(const Dataset& d) {
  return d.image(0)[0];
}

TEST(SearchPlaces, FollowTheContract) {
  const ScopedVariable data("GANYMEDE_DATA", "/env/data"), xdg("XDG_DATA_HOME", "/xdg");
  std::vector<std::string> folders;
  for (const SearchPlace& place : search_places("/usr")) folders.push_back(place.folder.string());
  EXPECT_EQ(folders, (std::vector<std::string>{"/usr", "/env/data", "data", "/xdg/ganymede/data"}));
  EXPECT_EQ(search_places("")[0].origin, "GANYMEDE_DATA");
}

TEST(SearchPlaces, RefuseWhatIsNoFolderAndNameTheWayOut) {
  const auto fault_of = [](const std::string& option) -> std::string {
    try {
      search_places(option);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_TRUE(says(fault_of("mnist"), "--data mnist: there is no such folder; mnist is a data set: --source mnist"));
  EXPECT_TRUE(says(fault_of("builtin-digits"), "--source builtin-digits"));
  EXPECT_TRUE(says(fault_of("./mnist"), "there is no such folder"));
  EXPECT_FALSE(says(fault_of("./mnist"), "is a data set"));
  EXPECT_TRUE(says(fault_of("/proc/self/status"), "is a file"));
}

TEST(SearchPlaces, FetchGoesWhereSearchLooks) {
  const ScopedVariable xdg("XDG_DATA_HOME", "/xdg");
  {
    const ScopedVariable data("GANYMEDE_DATA", "/env/data");
    EXPECT_EQ(fetch_folder("/option"), "/option");
    EXPECT_EQ(fetch_folder(), "/env/data");
  }
  const ScopedVariable data("GANYMEDE_DATA", "");
  EXPECT_EQ(fetch_folder(), "/xdg/ganymede/data");
}

TEST(IdxFiles, AreFoundUnderEveryUsualName) {
  for (const std::string separator : {"-", "."}) {
    for (const std::string ending : {"", ".gz"}) {
      const FreshFolder folder;
      put_split(folder, "train", 1, separator, ending);
      put_split(folder, "t10k", 2, separator, ending);
      const IdxFiles train = find_idx_files(folder, Split::train), test = find_idx_files(folder, Split::test);
      EXPECT_EQ(train.images.filename(), idx_name("train-images", separator, "idx3") + ending);
      EXPECT_EQ(test.labels.filename(), idx_name("t10k-labels", separator, "idx1") + ending);
    }
  }
}

// Folders list their files in no order, so many pairs are tried.
TEST(IdxFiles, PrefersPlainOverPacked) {
  for (const std::string split : {"emnist-train", "fashion-train", "train", "test", "t10k"}) {
    for (const std::string packed : {"-", "."}) {
      for (const std::string plain : {"-", "."}) {
        const FreshFolder folder;
        put_split(folder, split, 1, packed, ".gz");
        put_split(folder, split, 1, plain);
        const IdxFiles files = find_idx_files(folder, split.ends_with("train") ? Split::train : Split::test);
        EXPECT_EQ(files.images.filename(), idx_name(split + "-images", plain, "idx3"));
        EXPECT_EQ(files.labels.filename(), idx_name(split + "-labels", plain, "idx1"));
      }
    }
  }
}

TEST(IdxFiles, AllowAPrefixButNotTwo) {
  const FreshFolder folder;
  put_split(folder, "emnist-digits-train", 1);
  EXPECT_EQ(find_idx_files(folder, Split::train).labels.filename(), "emnist-digits-train-labels-idx1-ubyte");
  put_split(folder, "emnist-letters-train", 1);
  EXPECT_TRUE(says(message_of<DataError>([&] { find_idx_files(folder, Split::train); }), "emnist-digits-train-images",
                   "emnist-letters-train-images"));
}

TEST(IdxFiles, HiddenNamesAreNone) {
  const FreshFolder folder;
  put_split(folder, "train", 1);
  put_split(folder, "._train", 1);
  EXPECT_EQ(find_idx_files(folder, Split::train).images.filename(), "train-images-idx3-ubyte");
}

TEST(IdxFiles, AreNotFoundInOtherNames) {
  const FreshFolder folder;
  write_idx(folder / "train-images-idx3-ubyte.bad", counting({3, 4, 4}));
  write_idx(folder / "strain-images-idx3-ubyte", counting({3, 4, 4}));
  write_idx(folder / "train-pictures-idx3-ubyte", counting({3, 4, 4}));
  EXPECT_FALSE(holds_idx_files(folder));
  EXPECT_FALSE(holds_idx_files(folder / "missing"));
}

class Catalogue : public ::testing::Test {
 protected:
  std::vector<SearchPlace> places() const { return {{a_, "--data"}, {b_, "GANYMEDE_DATA"}}; }
  FreshFolder root_;
  fs::path a_ = root_ / "a", b_ = root_ / "b";
  void SetUp() override {
    fs::create_directories(a_);
    fs::create_directories(b_);
  }
};

TEST_F(Catalogue, TakesTheFirstPlaceThatHasMnist) {
  put_split(b_ / "mnist", "train", 20);
  EXPECT_EQ(first_pixel(open_dataset("mnist", Split::train, places())), 20);
  put_split(a_ / "mnist", "train", 10);
  const Dataset d = open_dataset("mnist", Split::train, places());
  EXPECT_EQ(first_pixel(d), 10);
  EXPECT_EQ(d.class_count(), 10);  // though the labels here go to 2 only
  EXPECT_EQ(d.provenance.name, "mnist");
}

TEST_F(Catalogue, PassesOverMnistWithoutLabels) {
  put_split(a_ / "mnist", "train", 10);
  fs::remove(a_ / "mnist" / "train-labels-idx1-ubyte");
  put_split(b_ / "mnist", "train", 20);
  EXPECT_EQ(first_pixel(open_dataset("mnist", Split::train, places())), 20);
}

TEST_F(Catalogue, OpensTheTestSplit) {
  put_split(a_ / "mnist", "train", 10);
  put_split(a_ / "mnist", "t10k", 77, ".", ".gz");
  EXPECT_EQ(first_pixel(open_dataset("mnist", Split::test, places())), 77);
}

TEST_F(Catalogue, SaysWhatAFileOfNoKnownKindIs) {
  const fs::path notes = a_ / "notes.txt";
  std::ofstream(notes) << "remember the milk\n";
  const std::string message = message_of<DataError>([&] { open_dataset(notes, Split::train, places()); });
  EXPECT_TRUE(says(message, notes.string() + ": not a data set: wanted an IDX images file", "found a text"));
  EXPECT_TRUE(says(message, "NPZ", "pictures"));
}

TEST_F(Catalogue, SaysWhereItLookedAndWhatHelps) {
  const std::string message = message_of<DataError>([&] { open_dataset("mnist", Split::train, places()); });
  EXPECT_TRUE(says(message, (a_ / "mnist").string() + " (--data: no such folder)"));
  EXPECT_TRUE(says(message, (b_ / "mnist").string() + " (GANYMEDE_DATA"));
  EXPECT_TRUE(says(message, "train-images-idx3-ubyte"));
  EXPECT_TRUE(says(message, "`ganymede data fetch mnist`"));
  EXPECT_TRUE(says(message, "`--source builtin-digits`"));
}

TEST_F(Catalogue, NeverSwitchesToBuiltInDataByItself) {
  EXPECT_THROW(open_dataset("mnist", Split::test, places()), DataError);
}

TEST_F(Catalogue, OpensBuiltInDigitsWithoutAnyData) {
  const Dataset train = open_dataset("builtin-digits", Split::train, places(), {.limit = 5, .builtin_count = 12});
  EXPECT_EQ(train.size(), 5);
  const Dataset test = open_dataset("builtin-digits", Split::test, places(), {.limit = 0, .builtin_count = 12});
  EXPECT_EQ(test.size(), 12);
  EXPECT_NE(content_hash(train), content_hash(first_images(test, 5)));
}

TEST_F(Catalogue, OpensOtherFoldersByName) {
  put_split(b_ / "fashion", "train", 33);
  EXPECT_EQ(first_pixel(open_dataset("fashion", Split::train, places())), 33);
  EXPECT_TRUE(says(message_of<DataError>([&] { open_dataset("fashion", Split::test, places()); }), "test split"));
}

TEST_F(Catalogue, NamesTheNearestOfUnknownNames) {
  put_split(b_ / "fashion", "train", 33);
  EXPECT_TRUE(says(message_of<ConfigError>([&] { open_dataset("mnits", Split::train, places()); }),
                   "unknown data set \"mnits\", did you mean \"mnist\"?",
                   "builtin-digits, builtin-landscapes, builtin-ink, mnist, unipen, stacked-mnist, normal-1d",
                   ", fashion"));
  EXPECT_TRUE(says(message_of<ConfigError>([&] { open_dataset("", Split::train, places()); }), "builtin-digits"));
}

TEST_F(Catalogue, OpensLandscapesOfBothSplitsAtASize) {
  const OpenOptions options{.builtin_count = 6, .image_size = 16};
  const Dataset train = open_dataset("builtin-landscapes", Split::train, {}, options);
  const Dataset test = open_dataset("builtin-landscapes", Split::test, {}, options);
  EXPECT_EQ(train.images.shape(), (Shape{6, 3, 16, 16}));
  EXPECT_NE(content_hash(train), content_hash(test));
}

TEST_F(Catalogue, OpensPaths) {
  put_split(root_ / "folder", "train", 5, "-", ".gz");
  put_split(root_ / "folder", "t10k", 6);
  const fs::path images = root_ / "folder" / "train-images-idx3-ubyte.gz";
  const Dataset file = open_dataset(images.string(), Split::train, places());
  EXPECT_EQ(first_pixel(file), 5);
  EXPECT_TRUE(file.has_labels());
  EXPECT_EQ(first_pixel(open_dataset((root_ / "folder").string(), Split::test, places())), 6);
  write_npz(root_ / "set.npz", {{"x", counting({2, 4, 4}, 9)}});
  EXPECT_EQ(first_pixel(open_dataset((root_ / "set.npz").string(), Split::train, places())), 9);
}

TEST_F(Catalogue, ClassesOfIdxFilesAreThoseOfTheTrainingLabels) {
  const auto labels = [](std::vector<std::uint8_t> values) {
    return Tensor::of<std::uint8_t>({static_cast<std::int64_t>(values.size())}, values);
  };
  const FreshFolder folder;
  write_idx(folder / "train-images-idx3-ubyte", counting({4, 4, 4}));
  write_idx(folder / "train-labels-idx1-ubyte", labels({1, 3, 7, 3}));
  write_idx(folder / "t10k-images-idx3-ubyte", counting({3, 4, 4}));
  write_idx(folder / "t10k-labels-idx1-ubyte", labels({7, 1, 2}));
  const Dataset train = open_dataset(folder.path().string(), Split::train, {});
  EXPECT_EQ(train.class_names, (std::vector<std::string>{"1", "3", "7"})) << "no class 0";
  EXPECT_EQ(train.labels, (std::vector<std::int32_t>{0, 1, 2, 1}));
  const Dataset test = open_dataset(folder.path().string(), Split::test, {});
  EXPECT_EQ(test.class_names, train.class_names);
  EXPECT_EQ(test.labels, (std::vector<std::int32_t>{2, 0}));
  ASSERT_EQ(test.provenance.notes.size(), 1U);
  EXPECT_TRUE(says(test.provenance.notes[0], "\"2\""));
}

TEST_F(Catalogue, OpensAnImagesFileOfAnyNameWithoutLabels) {
  write_idx(root_ / "mine.idx", counting({2, 4, 4}, 8));
  const Dataset d = open_dataset((root_ / "mine.idx").string(), Split::train, places());
  EXPECT_EQ(first_pixel(d), 8);
  EXPECT_FALSE(d.has_labels());
}

TEST_F(Catalogue, RefusesPathsWithoutData) {
  EXPECT_TRUE(says(message_of<DataError>([&] { open_dataset((root_ / "no").string(), Split::train, places()); }),
                   "no such file or folder"));
  EXPECT_TRUE(says(message_of<DataError>([&] { open_dataset(a_.string(), Split::train, places()); }),
                   "wanted train-images-idx3-ubyte"));
}

TEST_F(Catalogue, ListsWhatIsThereAndWhatIsMissing) {
  put_split(b_ / "mnist", "train", 1);
  put_split(a_ / "fashion", "train", 1);
  put_split(a_ / "fashion", "t10k", 1);
  const auto entries = list_datasets(places());
  ASSERT_EQ(entries.size(), source_names().size() + 1);
  EXPECT_EQ(entries[0].name, "builtin-digits");
  EXPECT_TRUE(entries[0].available);
  EXPECT_EQ(entries[1].name, "builtin-landscapes");
  EXPECT_TRUE(entries[1].available);
  EXPECT_EQ(entries[2].name, "builtin-ink");
  EXPECT_TRUE(entries[2].available);
  EXPECT_EQ(entries[3].name, "mnist");
  EXPECT_EQ(entries[3].found, b_ / "mnist");
  EXPECT_FALSE(entries[3].available);  // no test split
  EXPECT_EQ(entries[3].searched, (std::vector<fs::path>{a_ / "mnist", b_ / "mnist"}));
  EXPECT_EQ(entries[4].name, "unipen");
  EXPECT_FALSE(entries[4].available);
  EXPECT_EQ(entries[4].searched, (std::vector<fs::path>{a_ / "unipen", b_ / "unipen"}));
  EXPECT_EQ(entries.back().name, "fashion");
  EXPECT_TRUE(entries.back().available);
}

TEST_F(Catalogue, ListsFoldersItCannotUseWithTheReason) {
  put_split(a_ / "emnist", "emnist-digits-train", 1);
  put_split(a_ / "emnist", "emnist-letters-train", 1);
  const auto entries = list_datasets(places());
  ASSERT_EQ(entries.size(), source_names().size() + 1);
  EXPECT_FALSE(entries.back().available);
  EXPECT_TRUE(says(entries.back().description, "several sets of train images"));
}

}  // namespace
}  // namespace ganymede::data
