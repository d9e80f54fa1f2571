#include "run/network_fit.hpp"

#include <algorithm>
#include <utility>

#include "net/traits.hpp"
#include "run/network_error.hpp"

namespace ganymede::run {
namespace {

template <class... Args>
[[noreturn]] void fail_layer(const net::Network& network, const std::string& node, fmt::format_string<Args...> format,
                             Args&&... args) {
  throw NetworkError(network.name + ".layer", node, fmt::format(format, std::forward<Args>(args)...));
}

// The only input of a role, or nullptr.
const net::Input* input_of(const net::Network& network, net::Role role) {
  const net::Input* found = nullptr;
  for (const net::Node& node : network.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input != nullptr && input->role == role) {
      if (found != nullptr) {
        fail_layer(network, node.name, "the second input of its role; wanted one");
      }
      found = input;
    }
  }
  return found;
}

// That of an input which input_of found.
std::string name_of(const net::Network& network, const net::Input& input) {
  const auto found = std::ranges::find_if(
      network.nodes, [&](const net::Node& node) { return std::get_if<net::Input>(&node.layer) == &input; });
  return found->name;
}

void check_role(const net::Network& network, net::Role role, const char* what, const Shape& wanted) {
  const net::Input* input = input_of(network, role);
  if (input == nullptr) {
    fail_layer(network, "", "an input of role {} is missing", what);
  }
  if (input->shape != wanted) {
    fail_layer(network, name_of(network, *input), "the input of role {} must be {} (got {})", what,
               ganymede::to_string(wanted), ganymede::to_string(input->shape));
  }
}

void check_classes(const net::Network& network, const ImageFacts& facts) {
  const net::Input* input = input_of(network, net::Role::class_index);
  if (input == nullptr) {
    return;
  }
  classes_for(network.name + ".layer", true, facts);
  if (input->classes != facts.classes) {
    fail_layer(network, name_of(network, *input), "this input has {} classes, the data {}", input->classes,
               facts.classes);
  }
}

void check_condition(const net::Network& network, const ImageFacts& facts) {
  const net::Input* input = input_of(network, net::Role::condition);
  if (input == nullptr) return;
  condition_length_for(network.name + ".layer", true, facts);
  const Shape wanted{facts.conditions};
  if (input->shape != wanted) {
    fail_layer(network, name_of(network, *input), "this input takes {}, the data's conditions are {}",
               ganymede::to_string(input->shape), ganymede::to_string(wanted));
  }
  if (input_of(network, net::Role::class_index) != nullptr)
    fail_layer(network, name_of(network, *input), "a network takes the class or a condition, not both");
}

void check_output(const net::Network& network, const std::string& name, const Shape& wanted, const char* what) {
  const Shape shape = net::infer_shapes(network).at(static_cast<std::size_t>(network.index_of(name)));
  if (shape != wanted) {
    fail_layer(network, name, "puts out {}, wanted {} ({})", ganymede::to_string(shape), ganymede::to_string(wanted),
               what);
  }
}

void check_input_roles(const net::Network& network, net::Role own) {
  for (const net::Node& node : network.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input != nullptr && input->role != own && input->role != net::Role::class_index &&
        input->role != net::Role::condition) {
      fail_layer(network, node.name, "no one feeds this input: the {} takes {} and the class or condition",
                 network.name, own == net::Role::latent ? "z (role latent)" : "images (role image)");
    }
  }
}

}  // namespace

int classes_for(const std::string& key, bool wanted, const ImageFacts& facts) {
  const std::string player = key.substr(0, key.find('.'));
  if (wanted && facts.classes < 1) {
    throw NetworkError(
        key, "",
        fmt::format("the recipe's {} uses the class, but the data have no labels: choose labelled data or set {}",
                    player,
                    player == "generator" ? "generator.condition = \"none\""
                                          : "discriminator.condition = \"none\" and discriminator.auxiliary = false"));
  }
  return wanted ? facts.classes : 0;
}

int condition_length_for(const std::string& key, bool wanted, const ImageFacts& facts) {
  if (wanted && facts.conditions < 1) {
    throw NetworkError(
        key, "",
        "the data have no conditions, a vector of numbers a sample: choose data with them (an array `conditions` in an "
        "NPZ, conditions.csv in a folder of pictures, columns of that name in a CSV of points), or set "
        "generator.condition and discriminator.condition to \"none\"");
  }
  return wanted ? facts.conditions : 0;
}

void check_generator(const net::Network& network, std::int64_t latent_dim, const ImageFacts& facts) {
  for (const net::Node& node : network.nodes) {
    if (net::is_of_discriminators(node.layer)) {
      fail_layer(network, node.name, "{}{} is of discriminators", net::kind_of(node.layer),
                 net::is_spectral(node.layer) ? " with spectral = true" : "");
    }
  }
  check_input_roles(network, net::Role::latent);
  check_role(network, net::Role::latent, "latent", {latent_dim});
  check_classes(network, facts);
  check_condition(network, facts);
  if (network.outputs.size() != 1) {
    fail_layer(network, "", "wanted one output, found {}", network.outputs.size());
  }
  check_output(network, network.outputs.front(), {facts.channels, facts.height, facts.width}, "the data's images");
}

void check_discriminator(const net::Network& network, int code_width, const ImageFacts& facts) {
  check_input_roles(network, net::Role::image);
  check_role(network, net::Role::image, "image", {facts.channels, facts.height, facts.width});
  check_classes(network, facts);
  check_condition(network, facts);
  const std::size_t heads = network.outputs.size() - (net::code_head(network).empty() ? 0 : 1);
  if (network.outputs.empty() || heads > 2 || network.outputs.front() == net::kCodeHead) {
    fail_layer(network, "", "wanted the logit, at most a class head and with latent.codes a head {}, found {} outputs",
               net::kCodeHead, network.outputs.size());
  }
  if (code_width == 0 && !net::code_head(network).empty())
    fail_layer(network, net::kCodeHead, "this head tells codes, and latent.codes is \"none\"");
  if (code_width > 0 && net::code_head(network).empty()) {
    fail_layer(network, "", "latent.codes wants an output {} that tells them, dense of out = {}", net::kCodeHead,
               code_width);
  }
  check_output(network, network.outputs.front(), {1}, "the logit");
  if (predicts_class(network)) {
    check_output(network, net::class_head(network), {classes_for("discriminator.layer", true, facts)},
                 "a logit for each class");
  }
  if (code_width > 0) check_output(network, net::kCodeHead, {code_width}, "the codes of latent.codes");
}

bool takes_class(const net::Network& network) {
  return input_of(network, net::Role::class_index) != nullptr;
}

bool takes_condition(const net::Network& network) {
  return input_of(network, net::Role::condition) != nullptr;
}

bool predicts_class(const net::Network& network) {
  return !net::class_head(network).empty();
}

}  // namespace ganymede::run
