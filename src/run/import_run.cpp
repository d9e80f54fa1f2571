#include "run/import_run.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "net/traits.hpp"

namespace ganymede::run {

RunDirectory import_run(const std::filesystem::path& root, const std::string& name, const Snapshot& snapshot,
                        RunInfo info, const std::function<void(const RunDirectory&)>& fill) {
  if (info.imported.empty()) fail<Error>("internal: an imported run must say where its weights came from");
  info.state = RunState::finished;
  info.recipe = snapshot.recipe.name;
  info.seed = snapshot.recipe.train.seed;
  const RunDirectory made =
      RunDirectory::create(root, name, snapshot.recipe, std::move(info), [&](const RunDirectory& directory) {
        save_snapshot(directory.snapshots(), snapshot);
        write_file_atomically(directory.events_path(), "");
        if (fill) fill(directory);
      });
  return RunDirectory::open(made.path());  // unlocked when `made` goes
}

net::Network stand_in_discriminator(const ImageFacts& facts, const net::Network& generator) {
  net::Network network{.name = "discriminator", .nodes = {}, .outputs = {"dense"}};
  const auto add = [&](const char* name, std::vector<std::string> inputs, net::Layer layer) {
    network.nodes.push_back({name, std::move(inputs), std::move(layer)});
  };
  add("image", {}, net::Input{.role = net::Role::image, .shape = {facts.channels, facts.height, facts.width}});
  add("flatten", {"image"}, net::Reshape{{-1}});
  std::string last = "flatten";
  if (const int classes = net::class_count(generator); classes > 0) {
    add("class", {}, net::Input{.role = net::Role::class_index, .shape = {}, .classes = classes});
    add("one_hot", {"class"}, net::OneHot{});
    add("condition", {last, "one_hot"}, net::Concat{});
    last = "condition";
  } else if (const int length = net::condition_length(generator); length > 0) {
    add("vector", {}, net::Input{.role = net::Role::condition, .shape = {length}});
    add("condition", {last, "vector"}, net::Concat{});
    last = "condition";
  }
  add("dense", {last}, net::Dense{.out = 1});
  return network;
}

}  // namespace ganymede::run
