#include "data/files/inflate.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

std::string read_all(std::string_view bytes, std::size_t piece) {
  InflateReader in(bytes, "file");
  std::string out, buffer(piece, '\0');
  while (const std::size_t count = in.read(buffer)) out.append(buffer, 0, count);
  return out;
}

std::string text_of(std::size_t size) {
  RandomSequence random(Random(5, "test.text"), 0);
  std::string text;
  while (text.size() < size) text.append(random.below(60) + 1, static_cast<char>(random.below(256)));
  text.resize(size);
  return text;
}

TEST(Inflate, GivesBackWhatWasPackedInPiecesOfAnySize) {
  for (const std::size_t size : {0, 1, 1000, 100000}) {
    const std::string text = text_of(size);
    const std::string packed = to_gzip(text);
    for (const std::size_t piece : {1, 7, 4096, 200000}) EXPECT_EQ(read_all(packed, piece), text);
  }
}

TEST(Inflate, ReadsPlainBytesAsTheyAre) {
  EXPECT_EQ(read_all("plain text", 3), "plain text");
}

TEST(Inflate, ReadsSeveralMembersAsOne) {
  EXPECT_EQ(read_all(to_gzip("first ") + to_gzip("second"), 4), "first second");
}

// Made by gzip 1.12: printf hello | gzip -n
TEST(Inflate, ReadsTheOutputOfGzip) {
  const char bytes[] =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00";
  EXPECT_EQ(read_all({bytes, sizeof bytes - 1}, 100), "hello");
}

TEST(Inflate, RejectsEveryTruncation) {
  const std::string packed = to_gzip(text_of(3000));
  for (std::size_t size = 2; size < packed.size(); ++size) {
    EXPECT_THROW(read_all(packed.substr(0, size), 512), DataError) << size << " of " << packed.size();
  }
}

TEST(Inflate, RejectsAWrongChecksum) {
  std::string packed = to_gzip(text_of(3000));
  packed[packed.size() - 8] ^= 1;
  EXPECT_TRUE(says(message_of<DataError>([&] { read_all(packed, 512); }), "file: damaged gzip data"));
}

TEST(Inflate, RejectsTrailingBytes) {
  EXPECT_TRUE(
      says(message_of<DataError>([] { read_all(to_gzip("abc") + "junk", 512); }), "4 bytes that are not gzip follow"));
}

TEST(Inflate, BoundsWhatIsLeft) {
  EXPECT_EQ(InflateReader("twelve bytes", "file").most_left(), 12u);
  for (const std::size_t size : {100, 1000000}) {
    const std::string packed = to_gzip(std::string(size, 'x'));
    EXPECT_GE(InflateReader(packed, "file").most_left(), size);
  }
}

TEST(Inflate, PacksTheSameWayEachTime) {
  EXPECT_EQ(to_gzip(text_of(5000)), to_gzip(text_of(5000)));
}

}  // namespace
}  // namespace ganymede::data
