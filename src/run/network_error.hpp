#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ganymede::run {

/// A network that does not fit the data, and where the recipe says what it is: "generator.family: ...". The message
/// begins with the key.
class NetworkError : public ShapeError {
 public:
  NetworkError(std::string key, std::string node, const std::string& text)
      : ShapeError(key + (node.empty() ? "" : " \"" + node + "\"") + ": " + text),
        key_(std::move(key)),
        node_(std::move(node)) {}
  /// "generator.family", "generator.layer" ...
  const std::string& key() const { return key_; }
  /// Of a network node by node: the layer's name; else empty.
  const std::string& node() const { return node_; }

 private:
  std::string key_, node_;
};

/// Where a recipe, named as for find_recipe, says so: "FILE:LINE: "; "FILE: " where it leaves the key to its default;
/// "--set: " where an assignment gave it.
std::string place_of(const NetworkError& error, const std::string& recipe, const std::vector<std::string>& sets);

}  // namespace ganymede::run
