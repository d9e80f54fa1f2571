#include "explore/export_model.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "engine/executor.hpp"
#include "explore/half.hpp"
#include "explore/portable_network.hpp"
#include "net/families.hpp"
#include "picture/image.hpp"

namespace ganymede::explore {
namespace {

using PageJson = nlohmann::json;

std::string bytes_of_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned group = 0, bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    group = group << 6U | static_cast<unsigned>(digits.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 0xFFU);
  }
  return bytes;
}

/// Runs the model of a page by plain loops, as docs/export.md says each layer; knows nothing of the program's own.
class PagePlayer {
 public:
  explicit PagePlayer(const std::string& text) : model_(PageJson::parse(text)) {
    halves_ = bytes_of_base64(model_.at("weights"));
    floats_ = bytes_of_base64(model_.at("weights32"));
  }
  const PageJson& model() const { return model_; }

  std::vector<double> draw(const std::vector<float>& z, int label) {
    for (const PageJson& node : model_.at("nodes")) run(node, z, label);
    return values_.at(model_.at("output"));
  }

 private:
  using Values = std::vector<double>;

  const Values& parameter(const PageJson& node, const std::string& name) const {
    Values& values = parameters_[node.at("name").get<std::string>() + "." + name];
    if (!values.empty() || !node.at("parameters").contains(name)) return values;
    const PageJson& p = node.at("parameters").at(name);
    const bool half = p.at("type") == "f16";
    const std::string& block = half ? halves_ : floats_;
    for (std::size_t i = p.at("offset"); values.size() < p.at("count").get<std::size_t>(); ++i) {
      std::uint32_t bits = 0;
      const std::size_t size = half ? 2 : 4;
      for (std::size_t b = size; b-- > 0;) bits = bits << 8U | static_cast<unsigned char>(block.at(size * i + b));
      values.push_back(half ? float_of(static_cast<std::uint16_t>(bits)) : std::bit_cast<float>(bits));
    }
    return values;
  }
  static std::size_t at(std::size_t c, std::size_t y, std::size_t x, const PageJson& shape) {
    return (c * shape[1].get<std::size_t>() + y) * shape[2].get<std::size_t>() + x;
  }
  const PageJson& shape_of(const std::string& name) const {
    for (const PageJson& node : model_.at("nodes")) {
      if (node.at("name") == name) return node.at("shape");
    }
    throw std::out_of_range(name);
  }

  void run(const PageJson& node, const std::vector<float>& z, int label) {
    const std::string op = node.at("op");
    const PageJson& a = node.at("attributes");
    const PageJson& shape = node.at("shape");
    std::size_t count = 1;
    for (const std::size_t extent : shape) count *= extent;
    Values out(count, 0.0);
    const auto input = [&](std::size_t i) -> const Values& { return values_.at(node.at("inputs")[i]); };
    const auto each = [&](const auto& f) {
      for (std::size_t i = 0; i < count; ++i) out[i] = f(input(0)[i], i);
    };
    if (op == "input") {
      out = a.at("role") == "latent" ? Values(z.begin(), z.end()) : Values{static_cast<double>(label)};
    } else if (op == "dense") {
      const Values &w = parameter(node, "weight"), &b = parameter(node, "bias");
      const std::size_t in = input(0).size();
      for (std::size_t o = 0; o < count; ++o) {
        out[o] = b.empty() ? 0 : b[o];
        for (std::size_t i = 0; i < in; ++i) out[o] += w[o * in + i] * input(0)[i];
      }
    } else if (op == "conv" || op == "conv_transpose") {
      convolve(node, op == "conv", input(0), shape_of(node.at("inputs")[0]), out);
    } else if (op == "batch_norm") {
      const Values &scale = parameter(node, "scale"), &shift = parameter(node, "shift");
      const std::size_t positions = count / scale.size();
      each([&](double v, std::size_t i) { return v * scale[i / positions] + shift[i / positions]; });
    } else if (op == "layer_norm") {
      normalise(node, input(0), out);
    } else if (op == "relu") {
      each([&](double v, std::size_t) {
        if (!a.at("max_value").is_null() && v >= a.at("max_value")) return a.at("max_value").get<double>();
        const double threshold = a.at("threshold");
        return v >= threshold ? v : a.at("negative_slope").get<double>() * (v - threshold);
      });
    } else if (op == "leaky_relu") {
      each([&](double v, std::size_t) { return v > 0 ? v : a.at("negative_slope").get<double>() * v; });
    } else if (op == "prelu") {
      const Values& slope = parameter(node, "weight");
      each([&](double v, std::size_t i) { return v > 0 ? v : slope[i / (count / slope.size())] * v; });
    } else if (op == "elu") {
      each([&](double v, std::size_t) { return v > 0 ? v : a.at("alpha").get<double>() * std::expm1(v); });
    } else if (op == "tanh") {
      each([](double v, std::size_t) { return std::tanh(v); });
    } else if (op == "sigmoid") {
      each([](double v, std::size_t) { return 1 / (1 + std::exp(-v)); });
    } else if (op == "linear" || op == "reshape") {
      out = input(0);
    } else if (op == "embedding") {
      const Values& w = parameter(node, "weight");
      for (std::size_t i = 0; i < count; ++i) out[i] = w[static_cast<std::size_t>(input(0)[0]) * count + i];
    } else if (op == "one_hot") {
      out[static_cast<std::size_t>(input(0)[0])] = 1;
    } else if (op == "multiply") {
      each([&](double v, std::size_t i) { return v * input(1)[i]; });
    } else if (op == "concat") {
      out = input(0);
      out.insert(out.end(), input(1).begin(), input(1).end());
    } else if (op == "permute") {
      permute(a.at("order"), shape_of(node.at("inputs")[0]), shape, input(0), out);
    } else if (op == "conv_gru") {
      recur(node, input(0), shape_of(node.at("inputs")[0]), out);
    } else {
      FAIL() << "what is " << op << "?";
    }
    ASSERT_EQ(out.size(), count) << node.at("name");
    values_[node.at("name")] = std::move(out);
  }

  void convolve(const PageJson& node, bool forward, const Values& in, const PageJson& in_shape, Values& out) const {
    const PageJson& a = node.at("attributes");
    const PageJson& shape = node.at("shape");
    const Values &w = parameter(node, "weight"), &b = parameter(node, "bias");
    const std::size_t kh = a.at("kernel")[0], kw = a.at("kernel")[1], cin = in_shape[0], cout = shape[0];
    const int sy = a.at("stride")[0], sx = a.at("stride")[1], top = a.at("padding")[0], left = a.at("padding")[2];
    const PageJson &large = forward ? in_shape : shape, &small = forward ? shape : in_shape;
    for (std::size_t o = 0; o < cout && !b.empty(); ++o)
      for (std::size_t p = 0; p < out.size() / cout; ++p) out[o * (out.size() / cout) + p] = b[o];
    const std::size_t lh = large[1], lw = large[2], sh = small[1], sw = small[2];
    for (std::size_t o = 0; o < cout; ++o) {
      for (std::size_t i = 0; i < cin; ++i) {
        for (std::size_t y = 0; y < sh; ++y) {
          for (std::size_t x = 0; x < sw; ++x) {
            for (std::size_t ky = 0; ky < kh; ++ky) {
              for (std::size_t kx = 0; kx < kw; ++kx) {
                const int ly = static_cast<int>(y) * sy - top + static_cast<int>(ky);
                const int lx = static_cast<int>(x) * sx - left + static_cast<int>(kx);
                if (ly < 0 || lx < 0 || ly >= static_cast<int>(lh) || lx >= static_cast<int>(lw)) continue;
                const double weight = w[((forward ? o * cin + i : i * cout + o) * kh + ky) * kw + kx];
                const std::size_t s = ((forward ? o : i) * sh + y) * sw + x;
                const std::size_t l =
                    ((forward ? i : o) * lh + static_cast<std::size_t>(ly)) * lw + static_cast<std::size_t>(lx);
                forward ? out[s] += weight * in[l] : out[l] += weight * in[s];
              }
            }
          }
        }
      }
    }
  }
  void normalise(const PageJson& node, const Values& in, Values& out) const {
    const Values &weight = parameter(node, "weight"), &bias = parameter(node, "bias");
    const bool sample = node.at("attributes").at("over") == "sample";
    const std::size_t channels = node.at("shape")[0], positions = in.size() / channels, sets = sample ? 1 : positions;
    const auto index = [&](std::size_t set, std::size_t k) { return sample ? k : k * positions + set; };
    for (std::size_t set = 0; set < sets; ++set) {
      const std::size_t n = in.size() / sets;
      double mean = 0, variance = 0;
      for (std::size_t k = 0; k < n; ++k) mean += in[index(set, k)] / static_cast<double>(n);
      for (std::size_t k = 0; k < n; ++k) variance += std::pow(in[index(set, k)] - mean, 2) / static_cast<double>(n);
      const double root = std::sqrt(variance + node.at("attributes").at("epsilon").get<double>());
      for (std::size_t k = 0; k < n; ++k) out[index(set, k)] = (in[index(set, k)] - mean) / root * weight[k] + bias[k];
    }
  }
  static void permute(const PageJson& order, const PageJson& from, const PageJson& to, const Values& in, Values& out) {
    for (std::size_t c = 0; c < to[0].get<std::size_t>(); ++c) {
      for (std::size_t y = 0; y < to[1].get<std::size_t>(); ++y) {
        for (std::size_t x = 0; x < to[2].get<std::size_t>(); ++x) {
          std::size_t place[3] = {};
          place[order[0].get<std::size_t>()] = c;
          place[order[1].get<std::size_t>()] = y;
          place[order[2].get<std::size_t>()] = x;
          out[at(c, y, x, to)] = in[at(place[0], place[1], place[2], from)];
        }
      }
    }
  }
  void recur(const PageJson& node, const Values& in, const PageJson& in_shape, Values& out) const {
    const Values &wi = parameter(node, "weight_ih"), &wh = parameter(node, "weight_hh"), &b = parameter(node, "bias");
    const std::size_t k = node.at("attributes").at("kernel"), h = node.at("attributes").at("out");
    const std::size_t c = in_shape[0], times = in_shape[1], cells = in_shape[2], before = (k - 1) / 2;
    const PageJson& shape = node.at("shape");
    // Gate g of unit u at a cell: the convolution of `values` [channels, cells] by `w` [3h, channels, 1, k].
    const auto gate = [&](const Values& w, std::size_t channels, const Values& values, std::size_t row, std::size_t x) {
      double sum = 0;
      for (std::size_t i = 0; i < channels; ++i) {
        for (std::size_t j = 0; j < k; ++j) {
          const auto from = static_cast<std::ptrdiff_t>(x + j) - static_cast<std::ptrdiff_t>(before);
          if (from >= 0 && from < static_cast<std::ptrdiff_t>(cells))
            sum += w[(row * channels + i) * k + j] * values[i * cells + static_cast<std::size_t>(from)];
        }
      }
      return sum;
    };
    const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
    Values state(h * cells, 0.0);
    for (std::size_t t = 0; t < times; ++t) {
      Values x(c * cells), reset(h * cells), next(h * cells);
      for (std::size_t i = 0; i < c; ++i)
        for (std::size_t w = 0; w < cells; ++w) x[i * cells + w] = in[at(i, t, w, in_shape)];
      const auto bias = [&](std::size_t row) { return b.empty() ? 0 : b[row]; };
      for (std::size_t u = 0; u < h; ++u) {
        for (std::size_t w = 0; w < cells; ++w) {
          reset[u * cells + w] =
              state[u * cells + w] * sigmoid(gate(wi, c, x, u, w) + gate(wh, h, state, u, w) + bias(u));
        }
      }
      for (std::size_t u = 0; u < h; ++u) {
        for (std::size_t w = 0; w < cells; ++w) {
          const double update = sigmoid(gate(wi, c, x, h + u, w) + gate(wh, h, state, h + u, w) + bias(h + u));
          const double fresh =
              std::tanh(gate(wi, c, x, 2 * h + u, w) + gate(wh, h, reset, 2 * h + u, w) + bias(2 * h + u));
          next[u * cells + w] = (1 - update) * state[u * cells + w] + update * fresh;
          out[at(u, t, w, shape)] = next[u * cells + w];
        }
      }
      state = next;
    }
  }

  PageJson model_;
  std::string halves_, floats_;
  std::map<std::string, Values> values_;
  mutable std::map<std::string, Values> parameters_;  // by node and name, once they were read
};

/// A snapshot that was never trained, its norms' statistics those of nobody.
run::Snapshot snapshot_of(net::Network generator, int latent_dim, int classes) {
  run::Snapshot snapshot;
  snapshot.recipe.latent.dim = latent_dim;
  snapshot.recipe.description = "</script><b>no name & of <this> world";
  snapshot.tensors = net::initialise(generator, 3);
  std::uint32_t number = 0;
  for (auto& [name, tensor] : snapshot.tensors) {
    const bool weight = name.find(".weight") != std::string::npos && tensor.shape().size() > 1;
    for (float& value : tensor.values<float>()) {
      const float noise = static_cast<float>(++number * 2654435761U >> 8U) / 16777216.0F;  // in [0, 1)
      // Stronger than fresh weights, so that pictures differ from one another.
      value = weight ? 3 * value * (name.find("embedding") == std::string::npos ? 1.0F : 20.0F)
                     : 0.5F * value + 0.5F * noise + 0.1F;
    }
  }
  for (int k = 0; k < classes; ++k) snapshot.class_names.push_back("</script>" + std::to_string(k));
  snapshot.generator = std::move(generator);
  return snapshot;
}

struct Exported {
  run::Snapshot snapshot;
  TrainedGenerator generator;
  PagePlayer page;

  explicit Exported(run::Snapshot given)
      : snapshot(std::move(given)),
        generator(engine::cpu_backend(), snapshot, "/nowhere", 1),
        page(export_model(generator, snapshot, {.run = "a", .version = "1", .map_note = "no map"})) {}

  /// Plain loops over what the page holds give the engine's pictures.
  void expect_same(std::int64_t count) {
    const train::NamedSamples samples = generator.samples(100, count);
    const Tensor pictures = generator.draw(samples);
    const auto wanted = pictures.values<float>();
    const std::size_t dim = samples.z.size() / static_cast<std::size_t>(count);
    const std::size_t size = wanted.size() / static_cast<std::size_t>(count);
    const bool ink = page.model().at("kind") == "ink";
    double spread = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const std::vector<float> z(samples.z.begin() + static_cast<std::ptrdiff_t>(i * dim),
                                 samples.z.begin() + static_cast<std::ptrdiff_t>((i + 1) * dim));
      const auto drawn = page.draw(z, samples.classes.empty() ? -1 : samples.classes[i]);
      ASSERT_EQ(drawn.size(), size);
      for (std::size_t p = 0; p < size; ++p) {
        const float engine = wanted[i * size + p];
        spread = std::max(spread, std::fabs(drawn[p] - wanted[p]));
        if (ink) {
          ASSERT_NEAR(drawn[p], engine, 2 / 255.0);
        } else {
          ASSERT_LE(std::abs(picture::level_of(static_cast<float>(drawn[p])) - picture::level_of(engine)), 1);
        }
      }
    }
    EXPECT_GT(spread, 0.1) << "the pictures differ from one another";
  }
};

TEST(ExportedModel, DrawsTheEnginesPicturesAtAThousandPoints) {
  Exported plain(snapshot_of(net::digits_generator({.latent_dim = 2, .width = 16, .image_size = 8}), 2, 0));
  plain.expect_same(1000);
  EXPECT_GT(plain.page.model().at("weights").get<std::string>().size(), 2U * 51200) << "of 16 bits";
}

TEST(ExportedModel, DrawsThemOfEveryClass) {
  Exported product(snapshot_of(
      net::digits_generator(
          {.latent_dim = 3, .classes = 10, .condition = net::Condition::embedding, .width = 4, .image_size = 12}),
      3, 10));
  product.expect_same(40);
  Exported joined(snapshot_of(net::digits_generator({.latent_dim = 3,
                                                     .classes = 10,
                                                     .condition = net::Condition::concat,
                                                     .width = 4,
                                                     .image_size = 8,
                                                     .channels = 3,
                                                     .norm = net::Norm::layer}),
                              3, 10));
  joined.expect_same(40);
  EXPECT_EQ(joined.page.model().at("seed_classes").at(13), 3);
}

TEST(ExportedModel, DrawsThemWithEveryActivation) {
  using Kind = net::ActivationKind;
  for (const net::Activation activation :
       {net::Activation{.kind = Kind::linear},
        net::Activation{.kind = Kind::relu, .negative_slope = 0.1F, .max_value = 1, .threshold = 0.2F},
        net::Activation{.kind = Kind::relu}, net::Activation{.kind = Kind::prelu},
        net::Activation{.kind = Kind::elu, .alpha = 0.7F}, net::Activation{.kind = Kind::rrelu},
        net::Activation{.kind = Kind::tanh}, net::Activation{.kind = Kind::sigmoid}}) {
    Exported model(snapshot_of(
        net::digits_generator({.latent_dim = 4, .width = 4, .image_size = 8, .activation = activation}), 4, 0));
    model.expect_same(20);
  }
}

TEST(ExportedModel, DrawsSymbolsOfInk) {
  Exported ink(snapshot_of(
      net::ink_generator({.latent_dim = 6, .classes = 5, .condition = net::Condition::concat, .width = 6, .layers = 2}),
      6, 5));
  EXPECT_EQ(ink.page.model().at("kind"), "ink");
  ink.expect_same(50);
}

TEST(ExportedModel, HoldsWhatThePageComparesItselfWith) {
  Exported exported(
      snapshot_of(net::photo_generator({.latent_dim = 5, .width = 8, .image_size = 16, .channels = 3}), 5, 0));
  const PageJson& check = exported.page.model().at("check");
  const std::string pictures = bytes_of_base64(check.at("pictures"));
  ASSERT_EQ(pictures.size(), 8U * 16 * 16 * 3);
  const auto drawn = exported.page.draw(check.at("z").at(7), -1);
  for (std::size_t p = 0; p < 256; ++p) {
    for (std::size_t c = 0; c < 3; ++c) {
      const int wanted = static_cast<unsigned char>(pictures[(7 * 256 + p) * 3 + c]);
      ASSERT_LE(std::abs(picture::level_of(static_cast<float>(drawn[c * 256 + p])) - wanted), 1);
    }
  }
  EXPECT_EQ(exported.page.model().at("seeds").size(), 16U);
  EXPECT_TRUE(exported.page.model().at("map").is_null());
  EXPECT_EQ(exported.page.model().at("latent").at("prior"), "normal");
}

TEST(ExportedModel, RefusesLayersThatAPageLacksByName) {
  net::Network network = net::digits_generator({.latent_dim = 2, .width = 4, .image_size = 8});
  EXPECT_TRUE(layers_a_page_lacks(network).empty());
  network.nodes.push_back({"small", {"image"}, net::Pool{}});
  network.outputs = {"small"};
  EXPECT_EQ(layers_a_page_lacks(network), std::vector<std::string>{"small (pool)"});
  try {
    portable_network(network, net::initialise(network, 1));
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("small (pool)"), std::string::npos) << error.what();
  }
}

TEST(Half, IsTheNearestOfBinary16) {
  // Values and bits from IEEE 754-2008's binary16.
  const std::pair<float, std::uint16_t> table[] = {
      {0.0F, 0x0000},          {-0.0F, 0x8000},           {1.0F, 0x3C00},
      {-2.0F, 0xC000},         {65504.0F, 0x7BFF},        {65519.0F, 0x7BFF},
      {65520.0F, 0x7C00},      {6.103515625e-5F, 0x0400}, {5.9604645e-8F, 0x0001},
      {2.9802322e-8F, 0x0000}, {0.333251953125F, 0x3555}, {1.00048828125F, 0x3C00},
      {1.00146484375F, 0x3C02}};
  for (const auto& [value, bits] : table) EXPECT_EQ(half_of(value), bits) << value;
  for (unsigned bits = 0; bits < 0x7C00U; ++bits) ASSERT_EQ(half_of(float_of(static_cast<std::uint16_t>(bits))), bits);
  EXPECT_TRUE(std::isnan(float_of(half_of(NAN))));
  EXPECT_EQ(float_of(0xFC00), -INFINITY);
}

TEST(Half, SaysWhatItDoesNotKeep) {
  EXPECT_TRUE(half_keeps(std::vector<float>{1, -0.3F, 0.001F, 1e-9F}));
  EXPECT_FALSE(half_keeps(std::vector<float>{1, 70000}));
  EXPECT_FALSE(half_keeps(std::vector<float>{1e-7F, 3e-7F}));
  EXPECT_FALSE(half_keeps(std::vector<float>{1, NAN}));
}

}  // namespace
}  // namespace ganymede::explore
