#include <sys/stat.h>

#include "cli/program.hpp"
#include "picture/png.hpp"

namespace ganymede::cli {
namespace {

class OutsideFiles : public Cli {
 protected:
  void pipe(const std::string& name) const {
    fs::create_directories(at(name).parent_path());
    ASSERT_EQ(::mkfifo(at(name).c_str(), 0600), 0);
  }
  void picture(const std::string& name, const picture::Colour& colour, int channels = 3) const {
    fs::create_directories(at(name).parent_path());
    picture::write_png(at(name), picture::Image(8, 8, channels, colour));
  }
  /// Ends with -14 (SIGALRM) where the program waits for something that never comes.
  Result run_in_time(const std::vector<std::string>& arguments) const {
    return run(arguments, [] { ::alarm(30); });
  }
  nlohmann::json shown(const std::string& source, const std::string& split = "train") const {
    const Result result = run({"data", "show", source, "--split", split, "--image-size", "8", "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    return result.code == 0 ? result.json() : nlohmann::json();
  }
};

TEST_F(OutsideFiles, PipesAndDevicesAreRefusedAtOnce) {
  for (const char* name : {"p.npz", "p.npy", "p.json", "p.tar", "p.idx", "p.toml", "p.safetensors"}) pipe(name);
  const std::vector<std::vector<std::string>> commands = {{"data", "show", "./p.npz"},
                                                          {"data", "show", "./p.npy"},
                                                          {"data", "show", "./p.json"},
                                                          {"data", "show", "./p.tar"},
                                                          {"data", "show", "./p.idx"},
                                                          {"data", "show", "/dev/zero"},
                                                          {"train", "tiny.toml", "--set", "data.source=./p.npz"},
                                                          {"partition", "show", "p.safetensors"}};
  for (const auto& command : commands) {
    const Result result = run_in_time(command);
    EXPECT_EQ(result.code, 2) << command[2 < command.size() ? 2 : 1] << result.err;
    EXPECT_TRUE(holds(result.err, "wanted an ordinary file, found a "));
  }
  EXPECT_EQ(run_in_time({"train", "./p.toml"}).code, 2);
  EXPECT_FALSE(fs::exists(folder() / "runs"));
}

TEST_F(OutsideFiles, APipeAsTheNewestCheckpointIsDamage) {
  ASSERT_EQ(run(train("a", {"--quiet"})).code, 0);
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(run_path("a") / "checkpoints")) {
    if (entry.path() > newest) newest = entry.path();
  }
  const fs::path later = newest.parent_path() / "step-0000999999.safetensors";
  ASSERT_EQ(newest.filename().string().size(), later.filename().string().size()) << newest;
  ASSERT_EQ(::mkfifo(later.c_str(), 0600), 0);
  const Result result = run_in_time({"resume", "a", "--epochs", "3", "--threads", "1"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(result.err, "step-0000999999.safetensors: wanted an ordinary file, found a pipe"));
}

TEST_F(OutsideFiles, FoldersOfPicturesAreTakenAsTheirUsersMeanThem) {
  for (const char* name : {"0", "1"}) {
    picture(std::string("set/Training/") + name + "/a.png", {10, 10, 10}, 1);
    picture(std::string("store/") + name + "/b.png", {20, 20, 20}, 1);
  }
  picture("store/1/c.png", {200, 0, 0});
  picture("set/Training/0/._a.png", {1, 2, 3});
  write("set/Training/1/d.webp", "RIFF");
  fs::create_directory_symlink(at("store"), at("set/valid"));
  const auto train = shown("./set"), test = shown("./set", "test");
  EXPECT_EQ(train.at("count"), 2);
  EXPECT_EQ(test.at("count"), 3);
  EXPECT_EQ(train.at("class_names"), (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(train.at("channels"), 3) << "the other split has colour";
  EXPECT_EQ(test.at("channels"), 3);
  ASSERT_EQ(train.at("warnings").size(), 1U);
  EXPECT_TRUE(holds(train.at("warnings")[0], "(1 .webp)"));
}

TEST_F(OutsideFiles, AFileOfAnotherKindIsNamedWithTheWayOut) {
  write("digits.csv", "label,p0,p1\n5,0,0\n4,0,1\n");
  write("digits.npz", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
  for (const char* name : {"page.npy", "page.csv"}) write(name, "<!DOCTYPE html>\n<html></html>\n");
  for (const auto& [name, part] :
       {std::pair{"./digits.csv", "if this is a table of pictures: save its pictures as NPZ"},
        {"./digits.npz", "a Git LFS pointer instead of the file: run `git lfs pull`"},
        {"./page.csv", "found a web page (HTML) that was saved instead of the file"},
        {"./page.npy", "a web page (HTML) that was saved instead of the file"}}) {
    const Result result = run({"data", "show", name});
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(holds(result.err, part));
  }
}

}  // namespace
}  // namespace ganymede::cli
