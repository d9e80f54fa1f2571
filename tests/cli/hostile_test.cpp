#include <sys/stat.h>

#include "cli/program.hpp"

// After it: a namespace ganymede::testing would hide GoogleTest's.
#include "base/mutate.hpp"

namespace ganymede::cli {
namespace {

/// Damaged run folders against every command that reads one: an answer or a sentence, never a crash.
struct Hostile : Cli {
  void damage(const fs::path& path, RandomSequence& random) const {
    const std::uint32_t kind = random.below(8);
    std::error_code none;
    const std::string bytes = fs::is_regular_file(path, none) ? read_file(path) : "";
    if (kind < 4 && !bytes.empty()) {
      std::ofstream(path, std::ios::binary | std::ios::trunc) << ganymede::testing::mutate(bytes, random);
      return;
    }
    fs::remove_all(path);
    if (kind == 4) fs::create_directory(path);
    if (kind == 5) mkfifo(path.c_str(), 0600);
    if (kind == 6) fs::create_symlink(random.below(2) == 0 ? "/dev/zero" : "/none/there", path);
    if (kind == 7) fs::create_symlink(path.filename(), path);  // leads to itself
  }
  void throw_at_readers(int rounds, std::uint64_t seed) const {
    ASSERT_EQ(run(train("good", {"--quiet"})).code, 0);
    write("runs/good/measures/x.json",
          R"({"schema":"ganymede.score/1","name":"x","value":1.0,"low":0.5,"high":1.5,"count_real":2,"count_fake":2,)"
          R"("floor":null,"count_floor":0,"better":"lower","protocol":"p","epoch":2,"step":14})");
    std::vector<fs::path> parts;
    for (const auto& entry : fs::recursive_directory_iterator(run_path("good")))
      parts.push_back(fs::relative(entry.path(), run_path("good")));
    std::ranges::sort(parts);
    const std::vector<std::vector<std::string>> commands = {
        {"runs", "--json"},
        {"runs", "du"},
        {"resume", "bad", "--quiet", "--epochs", "2", "--threads", "1"},
        {"report", "bad"},
        {"film", "bad", "-o", "x.gif", "--n", "4", "--quiet"},
        {"sample", "bad", "-o", "x.png", "--n", "4"},
        {"describe", "runs/bad/recipe.toml"},
        {"compare", "bad", "good"},
        {"runs", "rm", "bad"}};
    RandomSequence random(Random(seed, "test.hostile"), 0);
    for (int round = 0; round < rounds; ++round) {
      fs::copy(run_path("good"), run_path("bad"), fs::copy_options::recursive);
      std::string what;
      for (std::uint32_t left = 1 + random.below(2); left > 0; --left) {
        const fs::path& part = parts[random.below(static_cast<std::uint32_t>(parts.size()))];
        std::error_code gone;
        if (!fs::exists(fs::symlink_status(run_path("bad") / part, gone))) continue;
        damage(run_path("bad") / part, random);
        what += part.string() + " ";
      }
      const auto& command = commands[static_cast<std::size_t>(round) % commands.size()];
      const Result result = run(command, [] { alarm(60); });
      EXPECT_TRUE(result.code == 0 || result.code == 2 || result.code == 3)
          << "round " << round << ", " << command[0] << ", damaged " << what << ": " << result.code << ": "
          << result.err;
      EXPECT_FALSE(fs::exists("/none/there"));
      fs::remove_all(run_path("bad"));
      if (HasFailure()) return;
    }
  }
};

TEST_F(Hostile, DamagedRunFoldersEndInASentence) {
  throw_at_readers(150, 1);
}

TEST_F(Hostile, ManyDamagedRunFoldersEndInASentenceSlow) {
  throw_at_readers(1500, 2);
}

}  // namespace
}  // namespace ganymede::cli
