#include "net/description.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "run/network_error.hpp"
#include "run/networks.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

struct DescribeArguments {
  RecipeArguments recipe;
  std::string data;
  Output output;
  int threads = 0;
  bool plan = false;
};

nlohmann::json network_json(const net::Network& network) {
  const net::Counts counts = net::count_parameters(network);
  return {{"network", nlohmann::json::parse(net::to_json(network))},
          {"parameters", counts.total},
          {"trainable", counts.trainable}};
}

std::string as_table(const std::vector<play::PassInfo>& plan) {
  TextTable table("lllrl");
  table.add({"network", "node", "pass", "Mflop/image", "kernel"});
  table.add_rule();
  for (const play::PassInfo& pass : plan) {
    table.add({pass.network, pass.node, pass.pass, pass.flops > 0 ? fmt::format("{:.3f}", pass.flops / 1e6) : "-",
               pass.kernel});
  }
  return table.str();
}

nlohmann::json plan_json(const std::vector<play::PassInfo>& plan) {
  nlohmann::json result = nlohmann::json::array();
  for (const play::PassInfo& pass : plan) {
    result.push_back({{"network", pass.network},
                      {"node", pass.node},
                      {"pass", pass.pass},
                      {"kernel", pass.kernel},
                      {"flops", pass.flops}});
  }
  return result;
}

int describe(const DescribeArguments& arguments) try {
  const run::Recipe recipe = resolve(arguments.recipe);
  const run::Networks networks = run::build_networks(recipe, image_facts(recipe, arguments.data));
  std::unique_ptr<play::Executor> executor;
  if (arguments.plan) {
    executor = backend().make_executor(networks.generator, networks.discriminator,
                                       train::executor_config(recipe, arguments.threads));
  }
  if (arguments.output.json) {
    nlohmann::json result = {{"schema", "ganymede.describe/1"},
                             {"recipe", recipe.name},
                             {"generator", network_json(networks.generator)},
                             {"discriminator", network_json(networks.discriminator)}};
    if (executor) {
      result["plan"] = {{"name", executor->plan_name()},
                        {"memory_bytes", executor->memory_bytes()},
                        {"passes", plan_json(executor->plan())}};
    }
    print(result);
    return 0;
  }
  print(net::describe(networks.generator) + "\n" + net::describe(networks.discriminator));
  if (executor) {
    print(fmt::format("\nplan: {}, batch {}, buffers {}\n\n{}", executor->plan_name(), recipe.train.batch,
                      human_bytes(static_cast<double>(executor->memory_bytes())), as_table(executor->plan())));
  }
  return 0;
} catch (const run::NetworkError& error) {
  throw ConfigError(run::place_of(error, arguments.recipe.recipe, arguments.recipe.sets) + error.what());
}

}  // namespace

Action set_up_describe(CLI::App& command) {
  const auto a = std::make_shared<DescribeArguments>();
  add_recipe(command, a->recipe);
  command.add_flag("--plan", a->plan, "Show which pass uses which kernel on this machine");
  add_threads(command, a->threads);
  add_data(command, a->data);
  add_output(command, a->output);
  command.footer("Example: ganymede describe digits-2d --plan");
  return [a] { return describe(*a); };
}

}  // namespace ganymede::app
