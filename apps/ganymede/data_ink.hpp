#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "data/catalogue.hpp"
#include "ink/prepare.hpp"

namespace ganymede::app {

/// What `data show` can be asked about ink alone.
struct InkArguments {
  std::string by = "class";
  std::string only_class;
  std::string contributor;
  std::string to_json;
  bool prepared = false;
  double tolerance = ink::PrepareOptions{}.tolerance;
  std::string simplification = "plain";
};
void add_ink(CLI::App& command, InkArguments& arguments);

/// A set of ink and what of it is wanted.
struct InkRequest {
  std::string name;
  data::Split split = data::Split::train;
  std::int64_t limit = 0;  ///< > 0: symbols
  std::string data;        ///< --data
  std::string sheet;       ///< .png or .svg; "": none
  bool json = false;
};
/// Counts, statistics of preparation, and the files that were asked for.
int show_ink(const InkRequest& request, const InkArguments& arguments);

}  // namespace ganymede::app
