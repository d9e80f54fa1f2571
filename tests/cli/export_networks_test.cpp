#include "cli/program.hpp"
#include "tensor/safetensors.hpp"

namespace ganymede::cli {
namespace {

struct ExportNetworks : Cli {
  ExportNetworks() { EXPECT_EQ(run(train("a", {"--quiet"})).code, 0); }
};

TEST_F(ExportNetworks, WritesOneAsOnnx) {
  const Result done = run({"export", "a", "--onnx", "g.onnx", "--json"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.json().at("networks"), nlohmann::json({"generator"}));
  EXPECT_EQ(done.json().at("files").at(0).at("bytes"), fs::file_size(at("g.onnx")));
  EXPECT_TRUE(holds(read("g.onnx"), "The generator of run a, epoch 2"));
  ASSERT_EQ(run({"export", "a", "--onnx", "d.onnx", "--network", "discriminator", "--epoch", "1"}).code, 0);
  EXPECT_TRUE(holds(read("d.onnx"), "The discriminator of run a, epoch 1"));
  EXPECT_TRUE(holds(read("d.onnx"), "class_names"));
}

TEST_F(ExportNetworks, WritesAllIntoAFolder) {
  const Result onnx = run({"export", "a", "--onnx", "out"});
  ASSERT_EQ(onnx.code, 0) << onnx.err;
  EXPECT_TRUE(fs::exists(at("out/generator.onnx")) && fs::exists(at("out/discriminator.onnx")));
  EXPECT_TRUE(
      holds(onnx.out, "left out: classifier: no classifier of builtin-digits is kept yet; --classify fits one"));
  const Result torch = run({"export", "a", "--pytorch", "deep/torch", "--json"});
  ASSERT_EQ(torch.code, 0) << torch.err;
  EXPECT_EQ(torch.json().at("networks"), nlohmann::json({"generator", "discriminator"}));
  EXPECT_TRUE(holds(read("deep/torch/model.py"), "class Discriminator(nn.Module):"));
  EXPECT_TRUE(read_safetensors(at("deep/torch/discriminator.safetensors")).tensors.contains("conv1.weight"));
}

TEST_F(ExportNetworks, TakesTheMovingAverageWhereThereIsOne) {
  ASSERT_EQ(run(train("average", {"--quiet", "--set", "game.ema_decay=0.9"})).code, 0);
  ASSERT_EQ(run({"export", "average", "--pytorch", "out", "--network", "generator"}).code, 0);
  EXPECT_FALSE(fs::exists(at("out/discriminator.safetensors")));
  const NamedTensors kept = run::load_snapshot(run_path("average") / "snapshots/epoch-00002.safetensors").tensors;
  const NamedTensors written = read_safetensors(at("out/generator.safetensors")).tensors;
  EXPECT_EQ(written.at("conv1.weight"), kept.at("ema.generator.conv1.weight"));
  EXPECT_NE(written.at("conv1.weight"), kept.at("generator.conv1.weight"));
}

TEST_F(ExportNetworks, WhatCannotBeSaysSoAndLeavesNothing) {
  const auto refused = [&](std::vector<std::string> more, const std::string& why) {
    more.insert(more.begin(), {"export", "a"});
    const Result result = run(more);
    EXPECT_EQ(result.code, 2) << why;
    EXPECT_TRUE(holds(result.err, why));
  };
  refused({}, "wanted one of --html FILE, --onnx FILE, --pytorch DIR, or --tensorboard DIR and --csv DIR");
  refused({"--onnx", "a.onnx", "--csv", "x"}, "wanted one of");
  refused({"--csv", "x", "--network", "generator"}, "curves no network");
  refused({"--csv", "x", "--epoch", "1"}, "--epoch: curves are of the whole run");
  refused({"--onnx", "a.onnx", "--pytorch", "x"}, "wanted one of");
  refused({"--onnx", "a.onnx", "--network", "critic"}, "--network wants generator, discriminator or classifier");
  refused({"--onnx", "c.onnx", "--network", "classifier"}, "no classifier of builtin-digits is kept yet; --classify");
  refused({"--onnx", "nowhere/a.onnx"}, "nowhere");
  refused({"--html", "a.html", "--network", "generator"}, "a page holds the generator alone");
  refused({"--onnx", "a.onnx", "--size"}, "--size: tells the size of a page");
  write("file", "");
  refused({"--onnx", "file"}, "wanted a name that ends in .onnx, or a folder");
  refused({"--pytorch", "file"}, "wanted a folder, found a file");
  for (const char* name : {"a.onnx", "c.onnx", "x", "nowhere"}) EXPECT_FALSE(fs::exists(at(name))) << name;
}

}  // namespace
}  // namespace ganymede::cli
