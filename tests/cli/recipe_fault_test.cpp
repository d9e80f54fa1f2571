#include <algorithm>

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

TEST_F(RecipeFault, TwoFaultsInSetAreBothListed) {
  const Result result = run({"train", "tiny.toml", "--set", "train.batch=0", "--set", "generator.wdith=3"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "train.batch must be"));
  EXPECT_TRUE(holds(result.err, "did you mean \"generator.width\""));
}

}  // namespace
}  // namespace ganymede::cli
