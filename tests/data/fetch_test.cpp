#include "data/files/fetch.hpp"

#include <chrono>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/files/http.hpp"
#include "data/files/inflate.hpp"
#include "data/helpers.hpp"
#include "data/loopback_server.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDeadMirror = "http://127.0.0.1:1/";  // nobody listens on port 1

TEST(Md5, MatchesRfc1321) {
  EXPECT_EQ(md5_of_content("abc", "t"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5_of_content("", "t"), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_of_content(to_gzip("abc"), "t"), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(Mirrors, ComeFromTheEnvironmentWhereSet) {
  {
    const ScopedVariable variable("GANYMEDE_MNIST_MIRRORS", "http://a/x, http://b/\thttp://c");
    EXPECT_EQ(mnist_mirrors(), (std::vector<std::string>{"http://a/x", "http://b/", "http://c"}));
  }
  const ScopedVariable variable("GANYMEDE_MNIST_MIRRORS", "");
  EXPECT_GE(mnist_mirrors().size(), 2u);
  for (const std::string& mirror : mnist_mirrors()) EXPECT_TRUE(mirror.starts_with("https://"));
}

/// Two small files stand for MNIST's four.
class Fetch : public ::testing::Test {
 protected:
  Fetch() {
    options_.folder = root_ / "data" / "mnist";
    options_.mirrors = {server_.url("/m/")};
    options_.files = {{"one.gz", md5_of_content("one", "t")}, {"two.gz", md5_of_content("two", "t")}};
    options_.connect_timeout_s = 5;
    options_.stall_timeout_s = 2;
    options_.on_message = [this](const std::string& message) { messages_.push_back(message); };
    serve("/m/");
  }
  void serve(const std::string& folder) {
    server_.put(folder + "one.gz", to_gzip("one"));
    server_.put(folder + "two.gz", to_gzip("two"));
  }
  std::string content(const std::string& name) const {
    InflateReader in(bytes_ = read_file(options_.folder / name), name);
    std::string out(100, '\0');
    out.resize(in.read(out));
    return out;
  }
  std::string failure() {
    return message_of<DataError>([&] { fetch(options_); });
  }
  int files_there() const {
    return static_cast<int>(std::distance(fs::directory_iterator(options_.folder), fs::directory_iterator()));
  }

  const ScopedVariable no_proxy_{"no_proxy", "*"};
  FreshFolder root_;
  LoopbackServer server_;
  FetchOptions options_;
  std::vector<std::string> messages_;
  mutable std::string bytes_;
};

TEST_F(Fetch, PlacesCheckedFiles) {
  const FetchReport report = fetch(options_);
  EXPECT_EQ(report.fetched, 2);
  EXPECT_EQ(report.kept, 0);
  EXPECT_EQ(report.bytes, to_gzip("one").size() + to_gzip("two").size());
  EXPECT_EQ(content("one.gz"), "one");
  EXPECT_EQ(content("two.gz"), "two");
  EXPECT_EQ(files_there(), 2);
  EXPECT_TRUE(messages_.empty());
}

TEST_F(Fetch, TakesMirrorsFromTheEnvironment) {
  const ScopedVariable variable("GANYMEDE_MNIST_MIRRORS", server_.url("/m"));
  options_.mirrors.clear();
  EXPECT_EQ(fetch(options_).fetched, 2);
}

TEST_F(Fetch, KeepsGoodFilesPackedOrNot) {
  fs::create_directories(options_.folder);
  write_file_atomically(options_.folder / "one", "one");
  write_file_atomically(options_.folder / "two.gz", to_gzip("two"));
  const FetchReport report = fetch(options_);
  EXPECT_EQ(report.kept, 2);
  EXPECT_EQ(report.fetched, 0);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(Fetch, SetsDamagedFilesAside) {
  fs::create_directories(options_.folder);
  write_file_atomically(options_.folder / "one.gz", to_gzip("one").substr(0, 12));
  write_file_atomically(options_.folder / "two", "another set's");
  const FetchReport report = fetch(options_);
  EXPECT_EQ(report.fetched, 2);
  EXPECT_EQ(content("one.gz"), "one");
  EXPECT_EQ(content("two.gz"), "two");
  EXPECT_FALSE(fs::exists(options_.folder / "two"));
  EXPECT_EQ(read_file(options_.folder / "two.bad"), "another set's");
  EXPECT_EQ(messages_.size(), 2u);
}

// Readers prefer the unpacked file, so a good packed one beside it does not help.
TEST_F(Fetch, SetsADamagedUnpackedFileAsideThoughThePackedOneIsGood) {
  fetch(options_);
  write_file_atomically(options_.folder / "one", "damaged");
  fetch(options_);
  EXPECT_FALSE(fs::exists(options_.folder / "one"));
  EXPECT_EQ(content("one.gz"), "one");
}

TEST_F(Fetch, LeavesDamagedFilesAloneWithoutAReplacement) {
  fs::create_directories(options_.folder);
  write_file_atomically(options_.folder / "one.gz", "not it");
  options_.mirrors = {kDeadMirror};
  failure();
  EXPECT_EQ(read_file(options_.folder / "one.gz"), "not it");
}

TEST_F(Fetch, FollowsRedirects) {
  server_.redirect("/r/one.gz", server_.url("/m/one.gz"));
  server_.redirect("/r/two.gz", "/m/two.gz");
  options_.mirrors = {server_.url("/r/")};
  EXPECT_EQ(fetch(options_).fetched, 2);
}

TEST_F(Fetch, RefusesWrongContent) {
  server_.put("/m/one.gz", to_gzip("won"));
  EXPECT_TRUE(says(failure(), "one.gz could not be downloaded", "wrong content: MD5", options_.files[0].md5));
  EXPECT_EQ(files_there(), 0);
}

TEST_F(Fetch, RefusesPagesThatAreNotTheFile) {
  server_.put("/m/one.gz", "<html>Welcome to the hotel's network</html>");
  EXPECT_TRUE(says(failure(), "wrong content"));
}

TEST_F(Fetch, NamesTheHttpStatus) {
  options_.mirrors = {server_.url("/nowhere/")};
  EXPECT_TRUE(says(failure(), server_.url("/nowhere/one.gz") + ": HTTP status 404"));
}

TEST_F(Fetch, RefusesTruncatedTransfers) {
  const std::string packed = to_gzip("one");
  server_.put_announcing("/m/one.gz", packed.substr(0, packed.size() - 5), packed.size());
  EXPECT_TRUE(says(failure(), "bytes remaining"));
  server_.put("/m/one.gz", packed.substr(0, packed.size() - 5));
  EXPECT_TRUE(says(failure(), "truncated"));
  EXPECT_EQ(files_there(), 0);
}

TEST_F(Fetch, RefusesFilesThatAreTooLarge) {
  server_.put("/m/one.gz", std::string(5000, 'x'));
  options_.max_bytes = 4999;
  EXPECT_TRUE(says(failure(), "more than 4999 bytes"));
}

TEST_F(Fetch, GivesUpOnAMirrorThatHangs) {
  server_.hang("/h/one.gz");
  options_.stall_timeout_s = 1;
  options_.mirrors = {server_.url("/h/"), server_.url("/m/")};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(fetch(options_).fetched, 2);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));  // libcurl alone would wait for ever
  ASSERT_EQ(messages_.size(), 1u);
  EXPECT_TRUE(says(messages_[0], "/h/one.gz"));
}

TEST_F(Fetch, TriesTheNextMirrorAndStaysWithTheGoodOne) {
  options_.mirrors = {kDeadMirror, server_.url("/none/"), server_.url("/m/")};
  EXPECT_EQ(fetch(options_).fetched, 2);
  EXPECT_EQ(messages_.size(), 2u);
  EXPECT_EQ(server_.requests(), (std::vector<std::string>{"/none/one.gz", "/m/one.gz", "/m/two.gz"}));
}

TEST_F(Fetch, KeepsWhatIsCompleteWhenAnotherFileFails) {
  server_.put("/m/two.gz", "");
  failure();
  EXPECT_EQ(content("one.gz"), "one");
  server_.put("/m/two.gz", to_gzip("two"));
  const FetchReport report = fetch(options_);
  EXPECT_EQ(report.kept, 1);
  EXPECT_EQ(report.fetched, 1);
}

TEST_F(Fetch, SaysWithoutNetworkWhatWasTriedAndWhatHelps) {
  options_.mirrors = {kDeadMirror, "http://no-such-host.invalid/mnist/"};
  const std::string message = failure();
  EXPECT_TRUE(says(message, "http://127.0.0.1:1/one.gz: "));
  EXPECT_TRUE(says(message, "http://no-such-host.invalid/mnist/one.gz: "));
  EXPECT_TRUE(says(message, "Put the files one.gz, two.gz into " + options_.folder.string() + " by hand"));
  EXPECT_TRUE(says(message, "--source builtin-digits"));
}

TEST_F(Fetch, StopsWhenAsked) {
  options_.on_progress = [](const std::string&, std::uint64_t, std::uint64_t) { return false; };
  EXPECT_TRUE(says(message_of<UserError>([&] { fetch(options_); }), "stopped"));
}

TEST_F(Fetch, ReportsProgress) {
  server_.put("/m/one.gz", to_gzip("one"));
  std::uint64_t done_last = 0, total_last = 0;
  options_.files.pop_back();
  options_.on_progress = [&](const std::string& file, std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(file, "one.gz");
    done_last = done;
    total_last = total;
    return true;
  };
  fetch(options_);
  EXPECT_EQ(done_last, to_gzip("one").size());
  EXPECT_EQ(total_last, to_gzip("one").size());
}

TEST(Http, SpeaksNoOtherProtocol) {
  const HttpResult result = http_get("file:///etc/passwd");
  EXPECT_FALSE(result.ok);
  EXPECT_TRUE(result.body.empty());
}

}  // namespace
}  // namespace ganymede::data
