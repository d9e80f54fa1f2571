#include "tensor/safetensors.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "tensor/sample_tensors.hpp"

namespace ganymede {
namespace {

using testing::FreshFolder;
using testing::message_of;
using testing::sample_tensors;

const Metadata kMetadata = {{"recipe", "schema = 1\n[train]\n"}, {"note", "größer \"als\" 28×28"}, {"empty", ""}};

// A file with the given header and data bytes.
std::string safetensors_of(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

std::string fault_of(const std::string& header, const std::string& data) {
  return message_of<DataError>([&] { parse_safetensors(safetensors_of(header, data), "file"); });
}

// The example is written by hand from the description of the format.
TEST(Safetensors, ReadsAFileWrittenByHand) {
  const std::string header =
      R"({"__metadata__":{"made":"by hand"},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]},)"
      R"("a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}   )";
  const auto file = parse_safetensors(safetensors_of(header, std::string("\x00\x00\x80\x3f\x07\x08", 6)), "file");
  EXPECT_EQ(file.metadata, (Metadata{{"made", "by hand"}}));
  ASSERT_EQ(file.tensors.size(), 2u);
  EXPECT_EQ(file.tensors.at("a").shape(), (Shape{1, 1}));
  EXPECT_EQ(file.tensors.at("a").values<float>()[0], 1);
  EXPECT_EQ(file.tensors.at("b").values<std::uint8_t>()[1], 8);
}

TEST(Safetensors, WritesWhatTheFormatSays) {
  const std::uint8_t values[] = {1, 2};
  const std::string bytes = to_safetensors({{"x", Tensor::of<std::uint8_t>({2}, values)}}, {{"k", "v"}});
  const std::string header = R"({"__metadata__":{"k":"v"},"x":{"data_offsets":[0,2],"dtype":"U8","shape":[2]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  EXPECT_EQ(bytes, safetensors_of(padded, "\x01\x02"));
}

TEST(Safetensors, RoundTripKeepsEverything) {
  const FreshFolder folder;
  write_safetensors(folder / "a.safetensors", sample_tensors(), kMetadata);
  const Safetensors file = read_safetensors(folder / "a.safetensors");
  EXPECT_EQ(file.tensors, sample_tensors());
  EXPECT_EQ(file.metadata, kMetadata);
  EXPECT_EQ(read_safetensors_metadata(folder / "a.safetensors"), kMetadata);
}

TEST(Safetensors, RoundTripOfNothing) {
  const Safetensors file = parse_safetensors(to_safetensors({}), "file");
  EXPECT_TRUE(file.tensors.empty());
  EXPECT_TRUE(file.metadata.empty());
}

TEST(Safetensors, SameContentGivesTheSameBytes) {
  EXPECT_EQ(to_safetensors(sample_tensors(), kMetadata), to_safetensors(sample_tensors(), kMetadata));
}

TEST(Safetensors, AlignsEveryTensor) {
  const std::string bytes = to_safetensors(sample_tensors(), kMetadata);
  std::uint64_t length;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ(length % 8, 0u);
  // The f64 and i64 tensors come first, then the four-byte ones, then u8: the last 13 bytes are `labels`.
  const Tensor labels = sample_tensors().at("labels");
  EXPECT_EQ(std::memcmp(bytes.data() + bytes.size() - 13, labels.bytes().data(), 13), 0);
}

TEST(Safetensors, MetadataIsReadWithoutTheData) {
  const FreshFolder folder;
  std::string bytes = to_safetensors(sample_tensors(), kMetadata);
  bytes.back() = static_cast<char>(~bytes.back());
  write_file_atomically(folder / "a", bytes);
  EXPECT_EQ(read_safetensors_metadata(folder / "a"), kMetadata);
  bytes.pop_back();  // but the length of the data is checked
  write_file_atomically(folder / "a", bytes);
  EXPECT_THROW(read_safetensors_metadata(folder / "a"), DataError);
  EXPECT_THROW(read_safetensors_metadata(folder / "none"), DataError);
  EXPECT_THROW(read_safetensors_metadata(folder.path()), DataError);
}

TEST(Safetensors, NamesTheFileInErrors) {
  const FreshFolder folder;
  write_file_atomically(folder / "short", "1234");
  EXPECT_EQ(message_of<DataError>([&] { read_safetensors(folder / "short"); }),
            (folder / "short").string() + ": not a valid safetensors file: wanted at least 8 bytes, found 4");
}

TEST(Safetensors, RefusesAbsurdHeaderLengths) {
  const std::string ones(8, '\xff');
  EXPECT_THROW(parse_safetensors(ones, "file"), DataError);
  EXPECT_THROW(parse_safetensors(ones + "{}", "file"), DataError);
  EXPECT_THROW(parse_safetensors(safetensors_of("{}", "").substr(0, 9), "file"), DataError);
}

TEST(Safetensors, RefusesHeadersThatAreNoDescription) {
  for (const char* header : {"", "[]", "1", "{", "{}x", "\xff", R"({"a":1})", R"({"a":{}})", R"({"__metadata__":[]})",
                             R"({"__metadata__":{"a":1}})", R"({"a":{"dtype":"U8","shape":[0]}})",
                             R"({"a":{"dtype":"U8","shape":0,"data_offsets":[0,0]}})",
                             R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"more":1}})",
                             R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}})",
                             R"({"a":{"dtype":"U8","shape":[0.0],"data_offsets":[0,0]}})",
                             R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}})"}) {
    EXPECT_TRUE(fault_of(header, "").starts_with("file: not a valid safetensors file: ")) << header;
  }
}

TEST(Safetensors, RefusesNestedHeadersBeforeTheyCostAnything) {
  std::string header = R"({"a":)" + std::string(1000000, '[') + std::string(1000000, ']') + "}";
  EXPECT_NE(fault_of(header, "").find("nested"), std::string::npos) << fault_of(header, "");
}

TEST(Safetensors, RefusesDuplicateNames) {
  const std::string entry = R"({"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  EXPECT_NE(fault_of(R"({"a":)" + entry + R"(,"a":)" + entry + "}", "x").find(R"(the name "a" stands twice)"),
            std::string::npos);
  EXPECT_NE(fault_of(R"({"__metadata__":{"k":"1","k":"2"}})", "").find("stands twice"), std::string::npos);
}

TEST(Safetensors, RefusesHolesOverlapsAndWrongEnds) {
  const auto two = [](int begin, int end) {
    return R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[)" +
           std::to_string(begin) + "," + std::to_string(end) + "]}}";
  };
  EXPECT_EQ(fault_of(two(2, 4), "wxyz"), "nothing was thrown");
  EXPECT_EQ(fault_of(two(3, 5), "vwxyz"),
            "file: not a valid safetensors file: tensor 'b' begins at byte 3, but the one before it ends at 2");
  EXPECT_EQ(fault_of(two(1, 3), "xyz"),
            "file: not a valid safetensors file: tensor 'b' begins at byte 1, but the one before it ends at 2");
  EXPECT_EQ(fault_of(two(2, 5), "vwxyz"),
            "file: not a valid safetensors file: tensor 'b': u8 of shape [2] does not fill the bytes 2 to 5");
  EXPECT_EQ(fault_of(two(4, 2), "wxyz"),
            "file: not a valid safetensors file: tensor 'b': u8 of shape [2] does not fill the bytes 4 to 2");
  EXPECT_EQ(fault_of(two(2, 4), "wxyz!"), "file: not a valid safetensors file: wanted 4 bytes of data, found 5");
  EXPECT_EQ(fault_of(two(2, 4), "wxy"), "file: not a valid safetensors file: wanted 4 bytes of data, found 3");
}

TEST(Safetensors, RefusesSizesThatOverflow) {
  // 2^62 f32 values would have 2^64 = 0 bytes.
  EXPECT_NE(
      fault_of(R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}})", "").find("does not fill"),
      std::string::npos);
  EXPECT_NE(fault_of(R"({"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", "")
                .find("does not fill"),
            std::string::npos);
  // An empty shape whose other axes overflow cannot be held in a tensor either.
  EXPECT_NE(fault_of(R"({"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}})", "")
                .find("does not fill"),
            std::string::npos);
  EXPECT_NE(fault_of(R"({"a":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,0]}})", "")
                .find("wanted a number"),
            std::string::npos);
  EXPECT_NE(fault_of(R"({"a":{"dtype":"U8","shape":[99999999999999999999999],"data_offsets":[0,0]}})", "")
                .find("wanted a number"),
            std::string::npos);
}

TEST(Safetensors, NamesTensorAndTypeThatIsNotSupported) {
  for (const std::string type : {"F16", "BF16", "BOOL", "F8_E4M3"}) {
    EXPECT_EQ(fault_of(R"({"conv1.weight":{"dtype":")" + type + R"(","shape":[1],"data_offsets":[0,2]}})", "xy"),
              "file: tensor 'conv1.weight' has the type " + type +
                  ", which is not supported; convert it to F32 (or F64, I64, I32, U8)");
  }
}

TEST(Safetensors, RefusesToWriteWhatCannotBeRead) {
  EXPECT_THROW(to_safetensors({{"__metadata__", Tensor(DType::u8, {1})}}), DataError);
  EXPECT_THROW(to_safetensors({}, {{"latin1", "gr\xfc\xdf"}}), DataError);
  EXPECT_THROW(to_safetensors({{"\xff", Tensor(DType::u8, {1})}}), DataError);
}

TEST(Safetensors, MutatedFilesAreReadOrRefused) {
  const std::string valid = to_safetensors(sample_tensors(), kMetadata);
  RandomSequence random(Random(1, "fuzz"), 0);
  int refused = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::string bytes = testing::mutate(valid, random);
    try {
      const Safetensors file = parse_safetensors(bytes, "file");
      parse_safetensors(to_safetensors(file.tensors, file.metadata), "again");
    } catch (const DataError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 5000);
  EXPECT_LT(refused, 10000);  // accidents among the data go unseen here: that is what content_crc is for
}

TEST(Safetensors, ReadsTheKerasReferenceFiles) {
  const char* given = std::getenv("GANYMEDE_TEST_SHARED");
  const std::filesystem::path shared = given != nullptr ? given : GANYMEDE_SOURCE_DIR "/../shared/data";
  if (!std::filesystem::exists(shared / "keras")) GTEST_SKIP() << "no reference files under " << shared;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shared / "keras")) {
    if (entry.path().extension() != ".safetensors") continue;
    const Safetensors file = read_safetensors(entry.path());
    EXPECT_FALSE(file.tensors.empty()) << entry.path();
    EXPECT_EQ(read_safetensors_metadata(entry.path()), file.metadata);
    ++files;
  }
  EXPECT_GT(files, 0);
}

TEST(ContentCrc, SeesEveryPartButTheOneThatHoldsIt) {
  const NamedTensors tensors = sample_tensors();
  const std::uint32_t before = content_crc(tensors, kMetadata);
  for (const auto& [name, tensor] : tensors) {
    for (std::size_t i = 0; i < tensor.bytes().size(); ++i) {
      NamedTensors changed = tensors;
      changed[name].bytes()[i] ^= std::byte{1};
      EXPECT_NE(content_crc(changed, kMetadata), before);
    }
    NamedTensors renamed = tensors;
    renamed.erase(name);
    EXPECT_NE(content_crc(renamed, kMetadata), before);
    renamed[name + "x"] = tensor;
    EXPECT_NE(content_crc(renamed, kMetadata), before);
  }
  NamedTensors reshaped = tensors;
  reshaped["labels"] = reshaped["labels"].reshaped({13, 1});
  EXPECT_NE(content_crc(reshaped, kMetadata), before);
  Metadata metadata = kMetadata;
  metadata["crc32"] = "12345678";
  EXPECT_EQ(content_crc(tensors, metadata), before);
  metadata["note"] += ".";
  EXPECT_NE(content_crc(tensors, metadata), before);
}

}  // namespace
}  // namespace ganymede
