#include <fmt/format.h>

#include <cmath>
#include <iostream>

#include "cli/program.hpp"
#include "net/description.hpp"
#include "tensor/npy.hpp"
#include "tensor/safetensors.hpp"

namespace ganymede::cli {
namespace {

struct ImportGenerator : Cli {
  /// A trained run `a`, and its generator as PyTorch has it in a.safetensors.
  void exported() const {
    ASSERT_EQ(run(train("a", {"--quiet"})).code, 0);
    ASSERT_EQ(run({"export", "a", "--pytorch", "torch", "--network", "generator", "--quiet"}).code, 0);
    fs::copy_file(at("torch/generator.safetensors"), at("a.safetensors"));
  }
  NamedTensors arrays(const std::string& name) const {
    EXPECT_EQ(run({"sample", name, "--n", "6", "-o", name + ".npz", "--quiet"}).code, 0);
    return read_npz(at(name + ".npz"));
  }
  std::ptrdiff_t count_of_runs() const { return std::distance(fs::directory_iterator(at("runs")), {}); }
  void refused(std::vector<std::string> arguments, const std::string& why) const {
    const std::ptrdiff_t before = count_of_runs();
    arguments.insert(arguments.begin(), "import");
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << why;
    EXPECT_TRUE(holds(result.err, why));
    EXPECT_EQ(count_of_runs(), before) << "nothing half-written";
  }
};

TEST_F(ImportGenerator, DrawsWhatItDrewBeforeItLeft) {
  exported();
  const Result done = run({"import", "a.safetensors", "--recipe", "tiny.toml", "--run", "b", "--json"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.json().at("layout"), "pytorch");
  EXPECT_EQ(done.json().at("way"), "by name");
  EXPECT_EQ(done.json().at("tensors").size(), 16U);
  EXPECT_TRUE(arrays("a") == arrays("b")) << "bit for bit";
  EXPECT_EQ(state("b"), "finished");
  EXPECT_TRUE(holds(read("runs/b/run.json"), "a.safetensors\""));
}

TEST_F(ImportGenerator, IsARunForEverybodyElse) {
  exported();
  ASSERT_EQ(run({"import", "a.safetensors", "--recipe", "tiny.toml", "--run", "b"}).code, 0);
  EXPECT_EQ(run({"report", "b", "-o", "b.html"}).code, 0);
  EXPECT_TRUE(holds(run({"runs"}).out, "b"));
  EXPECT_EQ(run({"dissect", "b", "-o", "b.png"}).code, 0);
  EXPECT_EQ(run({"export", "b", "--onnx", "b.onnx"}).code, 0);
  const Result all = run({"export", "b", "--onnx", "folder"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_TRUE(holds(all.out, "left out: discriminator: this run was imported without one"));
  EXPECT_EQ(run({"export", "b", "--onnx", "d.onnx", "--network", "discriminator"}).code, 2);
  const Result resumed = run({"resume", "b", "--epochs", "9"});
  EXPECT_EQ(resumed.code, 2);
  EXPECT_TRUE(holds(resumed.err, "it was imported, not trained here"));
  const Result trained = run(train("c", {"--quiet", "--set", "train.from=b", "--set", "train.from_fitting=true"}));
  EXPECT_EQ(trained.code, 0) << trained.err;
}

TEST_F(ImportGenerator, ByItsLayersAlone) {
  exported();
  const auto described = run({"describe", "tiny.toml", "--json"}).json();
  write("g.json", described.at("generator").at("network").dump());
  const Result done =
      run({"import", "a.safetensors", "--network", "g.json", "--source", "builtin-digits", "--run", "b"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_TRUE(arrays("a") == arrays("b"));
  EXPECT_EQ(run({"report", "b", "-o", "b.html"}).code, 0);
  refused({"a.safetensors", "--network", "g.json"}, "say with --source which data");
}

TEST_F(ImportGenerator, WithAnEpsilonOfItsOwn) {
  exported();
  ASSERT_EQ(run({"import", "a.safetensors", "--recipe", "tiny.toml", "--epsilon", "0.5", "--run", "b"}).code, 0);
  const net::Network network = run::load_snapshot(run_path("b") / "snapshots/epoch-00000.safetensors").generator;
  EXPECT_EQ(std::get<net::BatchNorm>(network.node("norm1").layer).epsilon, 0.5);
  EXPECT_FALSE(arrays("a") == arrays("b"));
}

TEST_F(ImportGenerator, ShowsWhereTensorsGoAndWritesNothing) {
  exported();
  NamedTensors tensors = read_safetensors(at("a.safetensors")).tensors;
  NamedTensors numbered;
  int at_number = 0;
  for (const char* layer : {"dense", "norm0", "conv1", "norm1", "conv2", "norm2", "conv3"}) {
    for (const auto& [name, tensor] : tensors)
      if (name.starts_with(std::string(layer) + "."))
        numbered["net." + std::to_string(at_number) + name.substr(name.find('.'))] = tensor;
    at_number += 3;
  }
  write_safetensors(at("numbered.safetensors"), numbered);
  const Result shown = run({"import", "numbered.safetensors", "--recipe", "tiny.toml", "--dry-run"});
  ASSERT_EQ(shown.code, 0) << shown.err;
  EXPECT_TRUE(holds(shown.out, "conv3.weight        net.18.weight        [4, 1, 5, 5]\n"));
  EXPECT_TRUE(holds(shown.out, "paired in order\n"));
  EXPECT_FALSE(fs::exists(run_path("tiny-001")));
}

TEST_F(ImportGenerator, WhatCannotBeSaysSoAndLeavesNothing) {
  exported();
  refused({"none.safetensors", "--recipe", "tiny.toml"}, "none.safetensors");
  refused({"a.safetensors"}, "by --recipe RECIPE or by --network FILE.json");
  refused({"a.safetensors", "--recipe", "tiny.toml", "--set", "generator.width=8"},
          "conv1.weight: wanted [32, 16, 5, 5], found [16, 8, 5, 5] (conv1.weight)");
  refused({"a.safetensors", "--recipe", "tiny.toml", "--run", "a"}, "a");
  refused({"a.safetensors", "--recipe", "tiny.toml", "--layout", "caffe"}, "--layout wants pytorch or keras");
  write("torch.pt", "PK\x03\x04 and more");
  refused({"torch.pt", "--recipe", "tiny.toml"}, "safetensors.torch.save_file(model.state_dict(), FILE)");
  write("h5.safetensors", "\x89HDF and more");
  refused({"h5.safetensors", "--recipe", "tiny.toml"}, "found HDF5");
  const std::string whole = read("a.safetensors");
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{200}, whole.size() - 1}) {
    write("cut.safetensors", whole.substr(0, size));
    refused({"cut.safetensors", "--recipe", "tiny.toml"}, "cut.safetensors");
  }
  write("names.json", "[1]");
  refused({"a.safetensors", "--recipe", "tiny.toml", "--names", "names.json"}, "wanted an object");
  write("names.json", "{\"conv1\": 3}");
  refused({"a.safetensors", "--recipe", "tiny.toml", "--names", "names.json"}, "wanted our name, or null");
  write("bad.json", "{}");
  refused({"a.safetensors", "--network", "bad.json", "--source", "builtin-digits"}, "'schema' is missing");
}

// The study's 2-d generator after three steps of Keras, with its own z and pictures (float64, stored in float32).
TEST_F(ImportGenerator, DrawsWhatKerasDrew) {
  const char* named = std::getenv("GANYMEDE_KERAS_REFERENCE");
  const fs::path folder = named != nullptr ? fs::path(named) : fs::path(GANYMEDE_SOURCE_DIR) / "../shared/data/keras";
  const fs::path file = folder / "digits-2d.safetensors";
  if (!fs::exists(file)) GTEST_SKIP() << "no " << file;
  const Result done = run({"import", file.string(), "--recipe", "digits-2d", "--source", "builtin-digits", "--prefix",
                           "after3.generator.", "--run", "keras", "--json"});
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.json().at("layout"), "keras");
  const NamedTensors reference = read_safetensors(file).tensors;
  const auto z = reference.at("z").values<float>();  // [3, 8, 2], of which the first eight
  std::vector<std::string> arguments{"sample", "keras", "-o", "keras.npz", "--quiet"};
  for (std::size_t i = 0; i < 8; ++i)
    arguments.insert(arguments.end(), {"--z", fmt::format("{},{}", z[2 * i], z[2 * i + 1])});
  ASSERT_EQ(run(arguments).code, 0);
  const NamedTensors drawn = read_npz(at("keras.npz"));
  const auto ours = drawn.at("images").values<float>();
  const auto theirs = reference.at("generator_inference_after").values<float>();  // one channel: C, H, W = H, W, C
  ASSERT_EQ(ours.size(), theirs.size());
  float worst = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) worst = std::max(worst, std::abs(ours[i] - theirs[i]));
  EXPECT_LT(worst, 1e-5F);
  std::cout << "largest difference from Keras: " << worst << "\n";
}

}  // namespace
}  // namespace ganymede::cli
