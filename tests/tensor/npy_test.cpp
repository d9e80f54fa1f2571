#include "tensor/npy.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

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

// An NPY file with the given dictionary and data.
std::string file_of(const std::string& dictionary, const std::string& data, int version = 1) {
  std::string bytes("\x93NUMPY", 6);
  bytes += static_cast<char>(version);
  bytes += '\0';
  const std::size_t size = dictionary.size();
  bytes += {static_cast<char>(size & 255), static_cast<char>(size >> 8 & 255)};
  if (version > 1) bytes += {static_cast<char>(size >> 16 & 255), static_cast<char>(size >> 24)};
  return bytes + dictionary + data;
}

std::string dictionary(const std::string& type, const std::string& order, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

std::string fault_of(const std::string& bytes) {
  return message_of<DataError>([&] { parse_npy(bytes, "file"); });
}

// numpy.save(f, numpy.array([[1, 2, 3], [4, 5, 6]], 'u1')) of NumPy 1.24, byte for byte.
std::string numpy_bytes() {
  const std::string text = dictionary("|u1", "False", "(2, 3)");
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + text + std::string(128 - 10 - text.size() - 1, ' ') + "\n" +
         "\x01\x02\x03\x04\x05\x06";
}

Tensor one_to_six() {
  const std::uint8_t values[] = {1, 2, 3, 4, 5, 6};
  return Tensor::of<std::uint8_t>({2, 3}, values);
}

TEST(Npy, ReadsWhatNumPyWrites) {
  EXPECT_EQ(parse_npy(numpy_bytes(), "file"), one_to_six());
}

TEST(Npy, RoundTripKeepsEverything) {
  const FreshFolder folder;
  for (const auto& [name, tensor] : sample_tensors()) {
    EXPECT_EQ(parse_npy(to_npy(tensor), name), tensor) << name;
    write_npy(folder / "a.npy", tensor);
    EXPECT_EQ(read_npy(folder / "a.npy"), tensor) << name;
  }
}

TEST(Npy, DataBeginAtAMultipleOf64) {
  for (int rank = 0; rank <= 64; ++rank) {
    const Tensor tensor(DType::u8, Shape(static_cast<std::size_t>(rank), 1));
    EXPECT_EQ((to_npy(tensor).size() - 1) % 64, 0u);
    EXPECT_EQ(parse_npy(to_npy(tensor), "file"), tensor);
  }
  EXPECT_THROW(to_npy(Tensor(DType::u8, Shape(65, 1))), DataError);
}

TEST(Npy, ReadsVersionTwo) {
  const std::string data = "\x01\x02\x03\x04\x05\x06";
  EXPECT_EQ(parse_npy(file_of(dictionary("|u1", "False", "(2, 3)"), data, 2), "file"), one_to_six());
}

TEST(Npy, TurnsFortranOrderIntoRows) {
  const std::string columns = "\x01\x04\x02\x05\x03\x06";
  EXPECT_EQ(parse_npy(file_of(dictionary("|u1", "True", "(2, 3)"), columns), "file"), one_to_six());
  // Three axes: element (i, j, k) of shape (2, 3, 4) stands at i + 2 j + 6 k.
  std::string data(24, '\0');
  for (int i = 0; i < 24; ++i) data[static_cast<std::size_t>(i)] = static_cast<char>(i);
  const Tensor tensor = parse_npy(file_of(dictionary("|u1", "True", "(2, 3, 4)"), data), "file");
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k) {
        EXPECT_EQ(tensor.values<std::uint8_t>()[static_cast<std::size_t>(12 * i + 4 * j + k)], i + 2 * j + 6 * k);
      }
    }
  }
  EXPECT_EQ(parse_npy(file_of(dictionary("<f4", "True", "(0, 3)"), ""), "file"), Tensor(DType::f32, {0, 3}));
  EXPECT_EQ(parse_npy(file_of(dictionary("|u1", "True", "()"), "x"), "file").shape(), Shape{});
}

TEST(Npy, ReadsDictionariesInEveryOrderAndStyle) {
  const std::string data = "\x01\x02\x03\x04\x05\x06";
  for (const char* text : {"{'shape': (2, 3), 'fortran_order': False, 'descr': '|u1'}\n",
                           "{\"descr\":\"|u1\",\"fortran_order\":False,\"shape\":(2,3,)}",
                           "  { 'descr' : '|u1' , 'fortran_order' : False , 'shape' : ( 2 , 3 ) , }  \n"}) {
    EXPECT_EQ(parse_npy(file_of(text, data), "file"), one_to_six()) << text;
  }
}

TEST(Npy, RefusesBrokenDictionaries) {
  for (const char* text :
       {"", "{", "{}", "[]", "{'descr': '|u1'}", "{'descr': '|u1', 'fortran_order': False}",
        "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': ()}",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': ()}", "{'descr': '|u1', 'fortran_order': False, 'shape': 3}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1.5,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1 2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': ()} x",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (), 'more': 1}", "{'descr': '|u1", "{'descr\": '|u1'}"}) {
    EXPECT_TRUE(fault_of(file_of(text, "x")).starts_with("file: not a valid NPY file: ")) << text;
  }
}

TEST(Npy, ReadsTruthsAndIntegersOfEveryWidthInBothByteOrders) {
  const auto read = [](const std::string& type, const std::string& data, int count) {
    return parse_npy(file_of(dictionary(type, "False", "(" + std::to_string(count) + ",)"), data), "file");
  };
  const auto bytes = [](std::initializer_list<int> list) { return std::string(list.begin(), list.end()); };
  using I32 = std::vector<std::int32_t>;
  using I64 = std::vector<std::int64_t>;
  const auto i32 = [](const Tensor& t) {
    return I32(t.values<std::int32_t>().begin(), t.values<std::int32_t>().end());
  };
  const auto i64 = [](const Tensor& t) {
    return I64(t.values<std::int64_t>().begin(), t.values<std::int64_t>().end());
  };
  EXPECT_EQ(read("|b1", bytes({0, 1, 7}), 3), Tensor::of<std::uint8_t>({3}, std::vector<std::uint8_t>{0, 1, 1}));
  EXPECT_EQ(i32(read("|i1", bytes({1, -1, -128}), 3)), (I32{1, -1, -128}));
  EXPECT_EQ(i32(read("<u2", bytes({1, 2, -1, -1}), 2)), (I32{0x201, 65535}));
  EXPECT_EQ(i32(read(">u2", bytes({1, 2, -1, -1}), 2)), (I32{0x102, 65535}));
  EXPECT_EQ(i32(read("<i2", bytes({1, 2, -1, -1}), 2)), (I32{0x201, -1}));
  EXPECT_EQ(i32(read(">i4", bytes({0, 0, 1, 2}), 1)), (I32{0x102}));
  EXPECT_EQ(i64(read("<u4", bytes({-1, -1, -1, -1}), 1)), (I64{4294967295}));
  EXPECT_EQ(i64(read("<u8", bytes({2, 1, 0, 0, 0, 0, 0, 0}), 1)), (I64{0x102}));
  EXPECT_EQ(i64(read(">i8", bytes({0, 0, 0, 0, 0, 0, 1, 2}), 1)), (I64{0x102}));
  EXPECT_EQ(read(">f4", bytes({0x3f, -128, 0, 0}), 1), Tensor::of<float>({1}, std::vector<float>{1}));
  EXPECT_NE(fault_of(file_of(dictionary("<u8", "False", "(1,)"), std::string(8, '\xff'))).find("is too large"),
            std::string::npos);
  // Two rows of three, column after column.
  EXPECT_EQ(i32(parse_npy(file_of(dictionary("|i1", "True", "(2, 3)"), "\x01\x04\x02\x05\x03\x06"), "file")),
            (I32{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, NamesTypesThatAreNotSupported) {
  for (const std::string type : {"<f2", "<c8", "<U5", "|O", "<i3", "f4", "!f4", "<f42"}) {
    EXPECT_EQ(fault_of(file_of(dictionary(type, "False", "(1,)"), "12345678")),
              "file: arrays of type '" + type +
                  "' are not supported; convert it in Python with .astype('<f4') (or '<f8', '<i4', '<i8', 'u1')");
  }
  EXPECT_EQ(fault_of(file_of("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}", "1234")),
            "file: arrays of records are not supported; save one array for each field");
}

TEST(Npy, RefusesDataOfAnotherLength) {
  EXPECT_EQ(fault_of(numpy_bytes() + "x"), "file: an array of u8 with shape [2, 3] wants 6 bytes of data, found 7");
  std::string bytes = numpy_bytes();
  bytes.pop_back();
  EXPECT_EQ(fault_of(bytes), "file: an array of u8 with shape [2, 3] wants 6 bytes of data, found 5");
}

TEST(Npy, RefusesAbsurdShapes) {
  EXPECT_NE(fault_of(file_of(dictionary("<f4", "False", "(4611686018427387904,)"), "")).find("no memory holds"),
            std::string::npos);
  EXPECT_NE(fault_of(file_of(dictionary("|u1", "False", "(4294967296, 4294967296, 0)"), "")).find("no memory holds"),
            std::string::npos);
  EXPECT_NE(fault_of(file_of(dictionary("|u1", "False", "(9223372036854775807,)"), "")).find("found 0"),
            std::string::npos);
}

TEST(Npy, RefusesEveryTruncation) {
  const std::string bytes = numpy_bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(parse_npy(bytes.substr(0, size), "file"), DataError);
}

TEST(Npy, RefusesOtherFilesAndVersions) {
  EXPECT_EQ(fault_of("GIF89a......."),
            "file: not a valid NPY file: wanted \\x93NUMPY at the start, found a GIF picture: convert it to PNG");
  EXPECT_EQ(fault_of(file_of(dictionary("|u1", "False", "()"), "x", 3)),
            "file: not a valid NPY file: wanted version 1.0 or 2.0, found 3.0");
  const FreshFolder folder;
  EXPECT_THROW(read_npy(folder / "none.npy"), DataError);
}

TEST(Npy, MutatedFilesAreReadOrRefused) {
  RandomSequence random(Random(2, "fuzz"), 0);
  int refused = 0;
  const std::string files[] = {to_npy(sample_tensors().at("classes")),
                               file_of(dictionary("<f4", "True", "(3, 5)"), std::string(60, 'x'), 2)};
  for (int i = 0; i < 20000; ++i) {
    try {
      parse_npy(testing::mutate(files[i % 2], random), "file");
    } catch (const DataError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 10000);
  EXPECT_LT(refused, 20000);
}

TEST(Npz, RoundTripKeepsEverything) {
  const FreshFolder folder;
  write_npz(folder / "a.npz", sample_tensors());
  EXPECT_EQ(read_npz(folder / "a.npz"), sample_tensors());
}

TEST(Npz, RoundTripOfMoreThanOneBlock) {
  NamedTensors tensors;
  tensors["x"] = Tensor(DType::f32, {3, 500000});  // more than the reader takes at once
  auto values = tensors["x"].values<float>();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  EXPECT_EQ(parse_npz(to_npz(tensors), "file"), tensors);
}

TEST(Npz, SameContentGivesTheSameBytes) {
  const std::string bytes = to_npz(sample_tensors());
  const char* zone = std::getenv("TZ");
  const std::string old_zone = zone == nullptr ? "" : zone;
  ::setenv("TZ", "Pacific/Kiritimati", 1);
  ::tzset();
  EXPECT_EQ(to_npz(sample_tensors()), bytes);
  zone == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", old_zone.c_str(), 1);
  ::tzset();
  EXPECT_EQ(bytes.find("UT\x05"), std::string::npos) << "holds a time stamp";
}

// numpy.savez_compressed(f, images=numpy.arange(1, 7, dtype='u1').reshape(2, 3), x=numpy.array([0.5, -1.25])) of
// NumPy 2.4.
std::string numpy_compressed() {
  static constexpr char kBytes[] =
      "\x50\x4b\x03\x04\x2d\x00\x00\x00\x08\x00\x00\x00\x21\x00\x10\x26\xca\x7e\xff\xff\xff\xff\xff\xff"
      "\xff\xff\x0a\x00\x14\x00\x69\x6d\x61\x67\x65\x73\x2e\x6e\x70\x79\x01\x00\x10\x00\x86\x00\x00\x00"
      "\x00\x00\x00\x00\x4c\x00\x00\x00\x00\x00\x00\x00\x9b\xec\x17\xea\x1b\x10\xc9\xc8\x50\xc6\x50\xad"
      "\x9e\x92\x5a\x9c\x5c\xa4\x6e\xa5\xa0\x5e\x53\x6a\xa8\xae\xa3\xa0\x9e\x96\x5f\x54\x52\x94\x98\x17"
      "\x9f\x5f\x94\x92\x0a\x12\x77\x4b\xcc\x29\x4e\x05\x8a\x17\x67\x24\x16\xa4\x02\xf9\x1a\x46\x3a\x0a"
      "\xc6\x9a\x3a\x0a\xb5\x0a\x64\x03\x2e\x46\x26\x66\x16\x56\x36\x00\x50\x4b\x03\x04\x2d\x00\x00\x00"
      "\x08\x00\x00\x00\x21\x00\xb8\x11\xd6\xc5\xff\xff\xff\xff\xff\xff\xff\xff\x05\x00\x14\x00\x78\x2e"
      "\x6e\x70\x79\x01\x00\x10\x00\x90\x00\x00\x00\x00\x00\x00\x00\x4d\x00\x00\x00\x00\x00\x00\x00\x9b"
      "\xec\x17\xea\x1b\x10\xc9\xc8\x50\xc6\x50\xad\x9e\x92\x5a\x9c\x5c\xa4\x6e\xa5\xa0\x6e\x93\x66\xa1"
      "\xae\xa3\xa0\x9e\x96\x5f\x54\x52\x94\x98\x17\x9f\x5f\x94\x92\x0a\x12\x77\x4b\xcc\x29\x4e\x05\x8a"
      "\x17\x67\x24\x16\xa4\x02\xf9\x1a\x46\x3a\x9a\x3a\x0a\xb5\x0a\x14\x00\x2e\x06\x30\x78\x60\x0f\xa1"
      "\xbf\xec\x07\x00\x50\x4b\x01\x02\x2d\x03\x2d\x00\x00\x00\x08\x00\x00\x00\x21\x00\x10\x26\xca\x7e"
      "\x4c\x00\x00\x00\x86\x00\x00\x00\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x01\x00\x00"
      "\x00\x00\x69\x6d\x61\x67\x65\x73\x2e\x6e\x70\x79\x50\x4b\x01\x02\x2d\x03\x2d\x00\x00\x00\x08\x00"
      "\x00\x00\x21\x00\xb8\x11\xd6\xc5\x4d\x00\x00\x00\x90\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x80\x01\x88\x00\x00\x00\x78\x2e\x6e\x70\x79\x50\x4b\x05\x06\x00\x00\x00\x00\x02"
      "\x00\x02\x00\x6b\x00\x00\x00\x0c\x01\x00\x00\x00\x00";
  return {kBytes, sizeof kBytes - 1};
}

TEST(Npz, ReadsWhatNumPyCompresses) {
  const double x[] = {0.5, -1.25};
  EXPECT_EQ(parse_npz(numpy_compressed(), "file"),
            (NamedTensors{{"images", one_to_six()}, {"x", Tensor::of<double>({2}, x)}}));
}

TEST(Npz, RefusesToHoldNothing) {
  EXPECT_THROW(to_npz({}), DataError);
}

TEST(Npz, RefusesNamesThatPythonWouldMisread) {
  EXPECT_THROW(to_npz({{"größe", Tensor(DType::u8, {1})}}), DataError);
  EXPECT_THROW(to_npz({{"", Tensor(DType::u8, {1})}}), DataError);
  EXPECT_THROW(to_npz({{"a\n", Tensor(DType::u8, {1})}}), DataError);
}

TEST(Npz, RefusesWhatIsNoArchive) {
  for (const std::string& bytes : {std::string(), std::string("PK"), std::string(1000, 'x'), numpy_bytes()}) {
    EXPECT_TRUE(message_of<DataError>([&] { parse_npz(bytes, "file"); }).starts_with("file: not a valid NPZ file"));
  }
}

TEST(Npz, RefusesEveryTruncation) {
  for (const std::string& bytes : {to_npz(sample_tensors()), numpy_compressed()}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THROW(parse_npz(bytes.substr(0, size), "file"), DataError) << size;
    }
  }
}

TEST(Npz, NamesTheMemberThatIsDamaged) {
  std::string bytes = to_npz({{"good", one_to_six()}, {"images", one_to_six()}});
  const std::size_t at = bytes.rfind("\x01\x02\x03\x04\x05\x06");
  bytes[at] = '\x02';  // the archive's own checksum notices
  EXPECT_TRUE(message_of<DataError>([&] { parse_npz(bytes, "file"); }).starts_with("file, member images.npy: "))
      << message_of<DataError>([&] { parse_npz(bytes, "file"); });
}

TEST(Npz, MutatedFilesAreReadOrRefused) {
  const std::string files[] = {to_npz(sample_tensors()), numpy_compressed()};
  RandomSequence random(Random(3, "fuzz"), 0);
  int refused = 0;
  for (int i = 0; i < 6000; ++i) {
    try {
      parse_npz(testing::mutate(files[i % 2], random), "file");
    } catch (const DataError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 3000);
}

}  // namespace
}  // namespace ganymede
