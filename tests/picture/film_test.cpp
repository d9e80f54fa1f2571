#include "picture/film.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"

namespace ganymede::picture {
namespace {

using testing::FreshFolder;

// Sets PATH for the time of a scope.
class Path {
 public:
  explicit Path(const std::string& value) : old_(environment("PATH").value_or("")) {
    ::setenv("PATH", value.c_str(), 1);
  }
  ~Path() { ::setenv("PATH", old_.c_str(), 1); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;

 private:
  std::string old_;
};

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> buffer;
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
  ::pclose(pipe);
  return out;
}

Image frame(int i) {
  Image image(57, 91, 1, Colour{20, 20, 20});
  image.fill_rectangle(10, 10 + i, 20, 20, kWhite);
  return image;
}

// A program called ffmpeg that does what `script` says.
void make_ffmpeg(const std::filesystem::path& folder, const std::string& script) {
  const std::filesystem::path path = folder / "ffmpeg";
  std::ofstream(path) << "#!/bin/sh\n" << script;
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

class Video : public ::testing::TestWithParam<const char*> {};

TEST_P(Video, HasTheFramesSizeAndLengthOfWhatWasAdded) {
  if (!ffmpeg_available() || output_of("command -v ffprobe").empty())
    GTEST_SKIP() << "ffmpeg and ffprobe are not installed";
  const FreshFolder folder;
  const std::filesystem::path path = folder / (std::string("film") + GetParam());
  FilmWriter film(path, {.frames_per_second = 5, .hold_last_seconds = 2});
  for (int i = 0; i < 12; ++i) film.add(frame(i));
  film.finish();
  const std::string probe = output_of(
      "ffprobe -v error -count_frames -select_streams v -show_entries "
      "stream=width,height,pix_fmt,nb_read_frames,r_frame_rate -of default=nw=1 '" +
      path.string() + "'");
  for (const char* wanted :
       {"width=92\n", "height=58\n", "pix_fmt=yuv420p\n", "r_frame_rate=5/1\n", "nb_read_frames=22\n"}) {
    EXPECT_NE(probe.find(wanted), std::string::npos) << wanted << " in\n" << probe;
  }
}

TEST_P(Video, ShowsThePicture) {
  if (!ffmpeg_available()) GTEST_SKIP() << "ffmpeg is not installed";
  const FreshFolder folder;
  const std::filesystem::path path = folder / (std::string("film") + GetParam());
  FilmWriter film(path);
  const Image colour(32, 48, 3, Colour{200, 60, 60});
  film.add(colour);
  film.finish();
  const std::string raw =
      output_of("ffmpeg -v error -i '" + path.string() + "' -frames:v 1 -f rawvideo -pix_fmt rgb24 -");
  ASSERT_EQ(raw.size(), 32u * 48 * 3);
  for (int channel = 0; channel < 3; ++channel) {
    EXPECT_NEAR(static_cast<unsigned char>(raw[(16 * 48 + 24) * 3 + channel]), channel == 0 ? 200 : 60,
                8);  // lossy, 4:2:0
  }
}

TEST_P(Video, LeavesNothingUnlessFinished) {
  if (!ffmpeg_available()) GTEST_SKIP() << "ffmpeg is not installed";
  const FreshFolder folder;
  {
    FilmWriter film(folder / (std::string("film") + GetParam()));
    for (int i = 0; i < 3; ++i) film.add(frame(i));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Video, ::testing::Values(".mp4", ".webm"),
                         [](const auto& i) { return std::string(i.param + 1); });

TEST(Film, WritesGifWithoutAnyProgram) {
  const FreshFolder folder;
  const Path none("");
  FilmWriter film(folder / "a.gif");
  film.add(frame(0));
  film.add(frame(1));
  film.finish();
  EXPECT_EQ(read_file(folder / "a.gif").substr(0, 6), "GIF89a");
}

// A hundredth of a second is what GIF counts in: 2.5 of them are carried over, not rounded up to 3 each time.
TEST(Film, FramesOfAGifLastAsLongAsTheySayInAll) {
  const FreshFolder folder;
  FilmWriter film(folder / "a.gif", {.frames_per_second = 40, .hold_last_seconds = 1});
  for (int i = 0; i < 300; ++i) film.add(frame(i % 20));
  film.finish();
  const std::string bytes = read_file(folder / "a.gif");
  int hundredths = 0, frames = 0;
  const std::string mark = "\x21\xF9\x04";  // graphic control extension: flags, then the delay
  for (std::size_t at = 0; (at = bytes.find(mark, at)) != std::string::npos; at += 8, ++frames) {
    hundredths += static_cast<unsigned char>(bytes[at + 4]) + 256 * static_cast<unsigned char>(bytes[at + 5]);
  }
  EXPECT_EQ(frames, 300);
  EXPECT_EQ(hundredths, 750 + 100);
}

TEST(Film, SaysWhatToInstallWhereFfmpegIsMissing) {
  const FreshFolder folder;
  const Path none(folder.path().string());
  EXPECT_FALSE(ffmpeg_available());
  try {
    FilmWriter film(folder / "a.mp4");
    FAIL();
  } catch (const ConfigError& e) {
    EXPECT_NE(std::string(e.what()).find("apt install ffmpeg"), std::string::npos) << e.what();
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Film, PassesOnWhatFfmpegComplainedAbout) {
  const FreshFolder folder, programs;
  make_ffmpeg(programs.path(), "echo \"Unknown encoder 'libx264'\" >&2\nexit 1\n");
  const Path fake(programs.path().string() + ":/usr/bin:/bin");
  FilmWriter film(folder / "a.mp4");
  try {
    const Image large(500, 500, 3);  // more than a socket's buffer holds: the end is noticed while sending
    for (int i = 0; i < 50; ++i) film.add(large);
    film.finish();
    FAIL();
  } catch (const DataError& e) {
    EXPECT_NE(std::string(e.what()).find("Unknown encoder 'libx264'"), std::string::npos) << e.what();
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "a.mp4"));
}

TEST(Film, NoticesAFailureAtTheEnd) {
  const FreshFolder folder, programs;
  make_ffmpeg(programs.path(), "cat > /dev/null\nexit 3\n");
  const Path fake(programs.path().string() + ":/usr/bin:/bin");
  FilmWriter film(folder / "a.webm");
  film.add(frame(0));
  EXPECT_THROW(film.finish(), DataError);
  EXPECT_FALSE(std::filesystem::exists(folder / "a.webm"));
}

TEST(Film, ACaptionAddsAStripToEveryFrame) {
  const FreshFolder folder;
  {
    FilmWriter film(folder / "a.gif");
    film.add(frame(0), "epoch 1");
    film.add(frame(1));
    EXPECT_THROW(film.add(Image(3, 3, 1), "epoch 3"), ShapeError);
    film.finish();
  }
  const std::string bytes = read_file(folder / "a.gif");
  EXPECT_EQ(static_cast<unsigned char>(bytes[6]), 91);
  EXPECT_EQ(static_cast<unsigned char>(bytes[8]), 57 + 20);
}

TEST(Film, RejectsOtherKindsAndSpeeds) {
  const FreshFolder folder;
  EXPECT_THROW(FilmWriter(folder / "a.avi"), ConfigError);
  EXPECT_THROW(FilmWriter(folder / "film"), ConfigError);
  EXPECT_THROW(FilmWriter(folder / "a.gif", {.frames_per_second = 0}), ConfigError);
  EXPECT_THROW(FilmWriter(folder / "a.gif", {.hold_last_seconds = -1}), ConfigError);
  FilmWriter film(folder / "a.gif");
  EXPECT_THROW(film.finish(), DataError);
}

}  // namespace
}  // namespace ganymede::picture
