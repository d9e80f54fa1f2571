#include "interop/pytorch_export.hpp"

#include <gtest/gtest.h>

#include "interop/tiny_networks.hpp"
#include "tensor/safetensors.hpp"

// That PyTorch draws the same pictures shows bench/peers/read_exports; here is what needs no PyTorch.

namespace ganymede::interop {
namespace {

std::string module_of(const net::Network& network) {
  return to_pytorch({frozen(network)}, "What it is.").at("model.py");
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(PyTorchExport, WritesAModuleThatReadsAsOneByHand) {
  EXPECT_EQ(module_of(tiny_generator()), R"("""What it is.

    from model import load
    image = load()(torch.randn(16, 3))

Pictures lie in [-1, 1]. Needs torch and safetensors.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn


class Generator(nn.Module):
    """z [N, 3] -> image [N, 2, 8, 8]; 1,348 parameters."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 32, bias=False)
        self.norm0 = nn.BatchNorm1d(32, eps=0.001, momentum=0.01)
        self.conv1 = nn.ConvTranspose2d(8, 4, 5, padding=2, bias=False)
        self.norm1 = nn.BatchNorm2d(4, eps=0.001, momentum=0.01)
        self.conv2 = nn.ConvTranspose2d(4, 2, 5, stride=2, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(2, eps=0.001, momentum=0.01)
        self.conv3 = nn.ConvTranspose2d(2, 2, 5, stride=2, padding=1, bias=False)

    def forward(self, z):
        x = self.dense(z)  # [32]
        x = self.norm0(x)
        x = F.leaky_relu(x, 0.3)
        x = x.reshape(-1, 8, 2, 2)
        x = self.conv1(x)  # [4, 2, 2]
        x = self.norm1(x)
        x = F.leaky_relu(x, 0.3)
        x = self.conv2(x)[:, :, :4, :4]  # [2, 4, 4]
        x = self.norm2(x)
        x = F.leaky_relu(x, 0.3)
        x = self.conv3(x)[:, :, :8, :8]  # [2, 8, 8]
        return torch.tanh(x)


NETWORKS = {"generator": Generator}


def load(name="generator"):
    """A network with its trained weights, for inference."""
    network = NETWORKS[name]()
    network.load_state_dict(load_file(pathlib.Path(__file__).with_name(f"{name}.safetensors")))
    return network.eval()
)");
}

TEST(PyTorchExport, WritesTheWeightsUnderTheNamesOfTheModule) {
  const FrozenNetwork network = frozen(tiny_generator());
  const auto files = to_pytorch({network}, "");
  EXPECT_EQ(files.size(), 2U);
  const Safetensors read = parse_safetensors(files.at("generator.safetensors"), "test");
  EXPECT_EQ(read.tensors, network.tensors);
  EXPECT_EQ(read.metadata.at("format"), "pt");
}

TEST(PyTorchExport, NamesValuesThatAreReadLater) {
  const std::string text = module_of(net::digits_generator(
      {.latent_dim = 3, .classes = 4, .condition = net::Condition::embedding, .width = 2, .image_size = 8}));
  EXPECT_TRUE(holds(text,
                    "def forward(self, z, label):\n"
                    "        x = self.embedding(label)  # [3]\n"
                    "        x = z * x\n"
                    "        x = self.dense(x)  # [32]\n"))
      << text;
  EXPECT_TRUE(holds(text, "image = load()(torch.randn(16, 3), torch.arange(16) % 4)")) << text;
}

TEST(PyTorchExport, ReturnsEveryHead) {
  const std::string text = module_of(
      net::digits_discriminator({.classes = 4, .auxiliary = true, .width = 2, .image_size = 8, .code_width = 3}));
  EXPECT_TRUE(holds(text,
                    "        logit = self.dense(flatten)  # [1]\n"
                    "        class_logits = self.class_dense(flatten)  # [4]\n"
                    "        codes = self.code_dense(flatten)  # [3]\n"
                    "        return logit, class_logits, codes\n"))
      << text;
}

TEST(PyTorchExport, DefinesTheLayersThatPyTorchLacksOnce) {
  const std::string text =
      module_of(net::ink_generator({.latent_dim = 3, .width = 4, .cells = 2, .layers = 2, .moves = 4}));
  const std::string definition = "\n\nclass ConvGRU(nn.Module):\n";
  EXPECT_TRUE(holds(text, definition)) << text;
  EXPECT_EQ(text.find(definition), text.rfind(definition));
  EXPECT_TRUE(holds(text, "self.gru2 = ConvGRU(4, 4, 3)\n")) << text;
  EXPECT_FALSE(holds(text, "class LSTM"));
}

TEST(PyTorchExport, GivesBackRowsThatNoKernelReaches) {
  const auto line = [](const net::ConvTranspose& layer) {
    return module_of(chain_of({.role = net::Role::image, .shape = {1, 3, 3}}, {{"up", layer}}));
  };
  EXPECT_TRUE(
      holds(line({.kernel = {2, 2}, .stride = {4, 4}}), "nn.ConvTranspose2d(1, 1, 2, stride=4, output_padding=2)\n"));
  const net::Padding uneven{.same = false, .top = 3, .bottom = 0, .left = 0, .right = 0};
  const std::string cut = line({.kernel = {4, 4}, .stride = {2, 2}, .padding = uneven});
  EXPECT_TRUE(holds(cut, "nn.ConvTranspose2d(1, 1, 4, stride=2)\n")) << cut;
  EXPECT_TRUE(holds(cut, "return self.up(image)[:, :, 3:8, 0:8]\n") || holds(cut, "[:, :, 3:8, 0:8]\n")) << cut;
}

TEST(PyTorchExport, SpreadsTheSlopesOfAFlatAxis) {
  const std::string text =
      module_of(chain_of({.role = net::Role::latent, .shape = {12}},
                         {{"act", net::Activation{.kind = net::ActivationKind::prelu, .channels = 3}}}));
  EXPECT_TRUE(holds(text, "self.act = nn.PReLU(3, init=0)\n")) << text;
  EXPECT_TRUE(holds(text, "return self.act(z.unflatten(1, (3, -1))).flatten(1)\n")) << text;
}

TEST(PyTorchExport, KeepsPythonsWordsAlone) {
  EXPECT_EQ(python_name("conv1"), "conv1");
  EXPECT_EQ(python_name("train"), "train_");
  EXPECT_EQ(python_name("lambda"), "lambda_");
  EXPECT_EQ(python_name("1st"), "_1st");
  const auto files =
      to_pytorch({frozen(chain_of({.role = net::Role::latent, .shape = {2}}, {{"train", net::Dense{.out = 2}}}))},
                 "A \"\"\" sentence\\");
  EXPECT_TRUE(parse_safetensors(files.at("generator.safetensors"), "").tensors.contains("train_.weight"));
  EXPECT_TRUE(files.at("model.py").starts_with("\"\"\"A ''' sentence'\n"));
}

}  // namespace
}  // namespace ganymede::interop
