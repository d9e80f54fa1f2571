#include <numeric>

#include "cli/program.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

/// A recipe that is wrong for its data is answered with its file, line and key, and leaves the name free.
struct RecipeFault : Cli {
  void expect_fault(const std::vector<std::string>& arguments, const std::string& part) const {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_TRUE(holds(result.err, part));
    EXPECT_FALSE(fs::exists(at("runs"))) << part;
  }
};

TEST_F(RecipeFault, ALayerThatDoesNotFitTheDataIsNamedWithFileLineAndKey) {
  write("net.toml", R"(schema = 1
train.epochs = 1
data.builtin_count = 64
latent.dim = 2
[[generator.layer]]
name = "z"
kind = "input"
role = "latent"
shape = [2]
[[generator.layer]]
name = "dense"
kind = "dense"
out = 256
[[generator.layer]]
name = "act"
kind = "activation"
function = "tanh"
[[generator.layer]]
name = "image"
kind = "reshape"
shape = [1, 16, 16]
)");
  const std::string fault = "net.toml:18: generator.layer \"image\": puts out [1, 16, 16], wanted [1, 28, 28]";
  expect_fault({"train", "net.toml", "--run", "a"}, fault);
  expect_fault({"describe", "net.toml"}, fault);
}

TEST_F(RecipeFault, AFamilyThatCannotMakeTheDatasPicturesIsNamedWithFileLineAndKey) {
  write_npz(at("odd.npz"), {{"images", Tensor(DType::u8, {40, 30, 30})}});
  write("odd.toml",
        "schema = 1\ntrain.epochs = 1\n[data]\nsource = \"odd.npz\"\n[generator]\nwidth = 4\nfamily = \"digits\"\n");
  const std::string fault = "generator.family: family \"digits\" wants square images whose side is a multiple of 4";
  expect_fault({"train", "odd.toml", "--run", "a"}, "odd.toml:7: " + fault);
  expect_fault({"train", "odd.toml", "--run", "a", "--set", "generator.family=digits"}, "--set: " + fault);
  expect_fault({"train", "tiny.toml", "--run", "a", "--set", "data.source=odd.npz"}, "tiny.toml: " + fault);
}

// 33 pictures make no whole batch of 64: refused, and the corrected command gets the name.
TEST_F(RecipeFault, BatchesThatCannotBeFilledLeaveTheNameFree) {
  std::vector<std::uint8_t> pixels(std::size_t{33} * 28 * 28);
  std::iota(pixels.begin(), pixels.end(), std::uint8_t{0});
  write_npz(at("n33.npz"), {{"images", Tensor::of<std::uint8_t>({33, 28, 28}, pixels)}});
  const auto command = [](const std::string& batch) {
    return train("a", {"--quiet", "--epochs", "1", "--set", "data.source=n33.npz", "--set", "data.last_batch=drop",
                       "--set", "train.batch=" + batch});
  };
  expect_fault(command("64"), "64");
  const Result corrected = run(command("32"));
  EXPECT_EQ(corrected.code, 0) << corrected.err;
  EXPECT_EQ(state("a"), "finished");
}

TEST_F(RecipeFault, ABatchOfOneUnderBatchNormalisationIsWarnedOfOnce) {
  const auto warnings = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"--set", "data.builtin_count=4", "--set", "train.batch=1", "--epochs", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result result = run(train(name, arguments));
    EXPECT_EQ(result.code, 0) << result.err;
    int count = 0;
    for (std::size_t at = result.err.find("warning"); at != std::string::npos; at = result.err.find("warning", at + 1))
      ++count;
    if (count > 0) {
      EXPECT_TRUE(holds(result.err, "warning: batches of one image: batch normalisation"));
    }
    return count;
  };
  EXPECT_EQ(warnings("batch", {}), 1);
  EXPECT_EQ(warnings("layer", {"--set", "generator.norm=layer"}), 0);
}

TEST_F(RecipeFault, TwoFaultsInSetAreBothListed) {
  const Result result = run({"train", "tiny.toml", "--set", "train.batch=0", "--set", "generator.wdith=3"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "train.batch must be"));
  EXPECT_TRUE(holds(result.err, "did you mean \"generator.width\""));
}

}  // namespace
}  // namespace ganymede::cli
