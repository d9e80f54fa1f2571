#include "data/files/picture_files.hpp"

#include <fstream>

#include "base/error.hpp"
#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

/// A folder of empty files; what they hold is not looked at here.
class PictureFilesTest : public ::testing::Test {
 protected:
  void put(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      fs::create_directories((folder_ / name).parent_path());
      std::ofstream(folder_ / name) << "";
    }
  }
  std::vector<std::string> files(Split split = Split::train) const {
    const PictureFiles found = find_pictures(folder_, split);
    std::vector<std::string> names;
    for (const fs::path& file : found.files)
      names.push_back((found.root / file).lexically_relative(folder_.path()).string());
    return names;
  }
  using Names = std::vector<std::string>;
  FreshFolder folder_;
};

TEST_F(PictureFilesTest, AscendAndLeaveHiddenNamesOut) {
  put({"b/2.png", "b/10.PNG", "a.jpg", "b.jpeg", "c/d/e.jfif", "notes.txt", "b/._2.png", ".DS_Store/x.png",
       "b/.ipynb_checkpoints/2-checkpoint.png", "@eaDir/thumb.png", "__MACOSX/y.png"});
  EXPECT_EQ(files(), (Names{"a.jpg", "b/10.PNG", "b/2.png", "b.jpeg", "c/d/e.jfif"}));
}

TEST_F(PictureFilesTest, LinksAreFollowedAndLoopsAreNot) {
  const FreshFolder elsewhere;
  fs::create_directories(elsewhere / "b/deep");
  std::ofstream(elsewhere / "b/deep/1.png") << "";
  std::ofstream(elsewhere / "2.png") << "";
  put({"a/0.png"});
  fs::create_directory_symlink(elsewhere / "b", folder_ / "b");
  fs::create_symlink(elsewhere / "2.png", folder_ / "a/2.png");
  fs::create_symlink(elsewhere / "missing.png", folder_ / "a/3.png");
  fs::create_directory_symlink(folder_.path(), folder_ / "a/up");
  fs::create_directory_symlink(".", folder_ / "here");
  fs::create_directory_symlink(folder_ / "a", elsewhere / "b/back");  // b/back/up would be the folder again
  EXPECT_EQ(files(),
            (Names{"a/0.png", "a/2.png", "a/3.png", "b/back/0.png", "b/back/2.png", "b/back/3.png", "b/deep/1.png"}));
}

TEST_F(PictureFilesTest, FoldersWithTheUsualNamesAreTheSplits) {
  for (const auto& [train, test] : std::vector<std::pair<std::string, std::string>>{{"train", "test"},
                                                                                    {"training", "testing"},
                                                                                    {"Train", "VAL"},
                                                                                    {"TRAINING", "valid"},
                                                                                    {"train", "Validation"}}) {
    put({train + "/a/1.png", test + "/a/2.png"});
    EXPECT_EQ(files(Split::train), (Names{train + "/a/1.png"}));
    EXPECT_EQ(files(Split::test), (Names{test + "/a/2.png"}));
    EXPECT_TRUE(find_pictures(folder_, Split::test).notes.empty());
    fs::remove_all(folder_ / train);
    fs::remove_all(folder_ / test);
  }
}

TEST_F(PictureFilesTest, WhatLiesBesideTheSplitsIsNamed) {
  put({"train/1.png", "valid/2.png", "test/3.png", "extra/4.png", "5.png", "readme.txt"});
  EXPECT_EQ(files(Split::test), (Names{"test/3.png"}));
  const std::vector<std::string> notes = find_pictures(folder_, Split::train).notes;
  ASSERT_EQ(notes.size(), 3U);
  EXPECT_EQ(notes[0], "pictures beside the folders are left out: \"train\" and \"test\" are taken as the splits");
  EXPECT_TRUE(says(notes[1], "\"extra\" is left out"));
  EXPECT_TRUE(says(notes[2], "\"valid\" is left out"));
}

TEST_F(PictureFilesTest, OneSplitOrNoneIsTheWholeSet) {
  put({"train/a/1.png", "train/b/2.png"});
  EXPECT_EQ(find_pictures(folder_, Split::test).root, folder_ / "train");
  EXPECT_EQ(files(Split::test), (Names{"train/a/1.png", "train/b/2.png"}));
  put({"bus/3.png"});  // "train" is a class now
  EXPECT_EQ(find_pictures(folder_, Split::train).root, folder_.path());
  EXPECT_EQ(files().size(), 3U);
}

TEST_F(PictureFilesTest, RefusesTwoTrainingSplits) {
  put({"train/1.png", "training/2.png", "test/3.png"});
  EXPECT_TRUE(says(message_of<DataError>([&] { files(); }), "both \"train\" and \"training\""));
}

TEST_F(PictureFilesTest, CountsFormatsThatAreNotRead) {
  put({"a/1.png", "a/2.webp", "a/3.WEBP", "b/4.bmp", "c/5.gif", "c/d/6.png", "7.txt"});
  const PictureFiles found = find_pictures(folder_, Split::train);
  EXPECT_EQ(found.files.size(), 2U);
  EXPECT_EQ(formats_text(found),
            "4 pictures are of formats that are not read (1 .bmp, 1 .gif, 2 .webp): wanted PNG or JPEG; convert them, "
            "for example with ImageMagick: `mogrify -format png *.bmp *.gif *.webp`");
  EXPECT_EQ(unread_folders(found), (Names{"b"}));
  EXPECT_EQ(formats_text(find_pictures(folder_ / "c/d", Split::train)), "");
  EXPECT_TRUE(holds_pictures(folder_ / "b"));
  put({"e/8.txt"});
  EXPECT_FALSE(holds_pictures(folder_ / "e"));
}

TEST_F(PictureFilesTest, ManyLinksBetweenFoldersEnd) {
  // Six folders, each with links to all six: without a guard the walk would not end, with it it visits every order.
  for (int i = 0; i < 6; ++i) {
    put({std::to_string(i) + "/x.png"});
    for (int k = 0; k < 6; ++k)
      fs::create_directory_symlink("../" + std::to_string(k), folder_ / std::to_string(i) / ("to" + std::to_string(k)));
  }
  // Orders of 1 to 6 of six folders: 6 + 30 + 120 + 360 + 720 + 720.
  EXPECT_EQ(files().size(), 1956U);
}

}  // namespace
}  // namespace ganymede::data
