#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "run/options.hpp"

namespace ganymede::run {
namespace {

const Recipe& defaults() {
  static const Recipe recipe;
  return recipe;
}

std::vector<const Option*> holding(std::string_view filter) {
  std::vector<const Option*> found;
  for (const Option& option : options()) {
    if (option.key.find(filter) != std::string::npos) {
      found.push_back(&option);
    }
  }
  return found;
}

const char* type_name(const Field& field) {
  // In the order of the variant.
  static constexpr const char* kNames[] = {"boolean", "integer",  "integer", "integer", "number",
                                           "text",    "integers", "text",    "text",    "text",
                                           "text",    "text",     "text",    "text",    "text"};
  static_assert(std::size(kNames) == std::variant_size_v<Field>);
  return kNames[field.index()];
}

/// "generator.family = digits or photo", "game.loss other than hinge or wasserstein"; "" for everywhere.
std::string use_text(const Option& option) {
  std::string text;
  for (const Condition& condition : option.use.conditions()) {
    std::vector<std::string> values = condition.values;
    std::ranges::replace(values, std::string(), std::string("\"\""));
    text += fmt::format("{}{} {} {}", text.empty() ? "" : "; ", condition.key, condition.other ? "other than" : "=",
                        fmt::join(values, " or "));
  }
  return text;
}

std::string in_cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return text;
}

}  // namespace

std::string options_table(std::string_view filter) {
  TextTable table("llll");
  table.add({"key", "default", "legal", "help"});
  table.add_rule();
  for (const Option* option : holding(filter)) {
    table.add({option->key, value_text(*option, defaults()), wanted_text(*option), option->help});
  }
  return table.str();
}

std::string options_json(std::string_view filter) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const Option* option : holding(filter)) {
    Recipe recipe;
    const Field field = option->field(recipe);
    Json entry = {{"key", option->key}, {"type", type_name(field)}};
    entry["default"] = value_json(*option, recipe);
    entry["help"] = option->help;
    if (std::isfinite(option->legal.least)) {
      entry["min"] = option->legal.least;
      entry["max"] = option->legal.most;
      entry["above_min"] = option->legal.above_least;
      entry["below_max"] = option->legal.below_most;
    }
    if (!option->legal.choices.empty()) {
      entry["choices"] = option->legal.choices;
    }
    if (const std::string use = use_text(*option); !use.empty()) {
      entry["needs"] = use;
    }
    list.push_back(std::move(entry));
  }
  return Json{{"schema", "ganymede.options/1"}, {"options", std::move(list)}}.dump(2) + "\n";
}

std::string options_markdown() {
  std::string text =
      "# Recipe keys\n\n"
      "Made from the program by `ganymede options --markdown`; a test keeps it so. A recipe is a TOML file that begins "
      "with `schema = 1`.\nEvery key has a default; `--set key=value` on the command line overrides the file. A key "
      "beside which stands what it needs is\nrefused elsewhere, since nothing would come of it.\n";
  std::string section = "-";
  for (const Option& option : options()) {
    const std::string own = option.key.substr(0, option.key.find('.') == std::string::npos ? 0 : option.key.find('.'));
    if (own != section) {
      section = own;
      text += section.empty() ? "\n## At the top\n\n" : fmt::format("\n## [{}]\n\n", section);
      text += "| key | default | legal values | meaning |\n|---|---|---|---|\n";
    }
    text += fmt::format("| `{}` | `{}` | {} | {} |\n", option.key, value_text(option, defaults()),
                        in_cell(wanted_text(option)),
                        in_cell(option.help + (use_text(option).empty() ? "" : ". Needs " + use_text(option))));
  }
  text +=
      "\n## [[generator.layer]] and [[discriminator.layer]]\n\n"
      "A network node by node. Each table has `name`, `kind`, `inputs` (names of earlier layers; the layer before if "
      "left out) and the\nattributes of its kind. `output = true` marks a head; without it the last layer is the one. "
      "A generator takes an `input` with role\n`latent` and ends in an image, by tanh or sigmoid; a discriminator "
      "takes one with role `image` and ends in one logit.\n\n"
      "| kind | attributes |\n|---|---|\n"
      "| `input` | `role` (latent, class_index, image, condition), `shape` of one sample, `classes` |\n"
      "| `dense` | `out`, `bias`, `spectral` (of discriminators: spectral norm) |\n"
      "| `conv`, `conv_transpose` | `out`, `kernel` [h, w], `stride` [h, w], `padding` (\"same\", \"valid\" or [top, "
      "bottom, left, right]), `bias`; `conv`: `spectral` |\n"
      "| `batch_norm` | `epsilon`, `momentum` |\n"
      "| `layer_norm` | `over` (channel, sample), `epsilon` |\n"
      "| `activation` | `function` (linear, relu, leaky_relu, prelu, elu, rrelu, tanh, sigmoid), `negative_slope`, "
      "`max_value`, `threshold`, `alpha`, `lower`, `upper`, `channels` |\n"
      "| `dropout` | `rate` |\n"
      "| `embedding` | `dim` |\n"
      "| `one_hot`, `multiply`, `concat` | |\n"
      "| `reshape` | `shape`, one extent may be -1 |\n"
      "| `permute` | `order` of the axes, the batch left out |\n"
      "| `conv_gru` | `out`, `kernel` in cells, `bias`: along time, of [C, T, W] |\n"
      "| `lstm` | `out`, `bias`, `forget_bias`: along time, of [C, T]; with `steps` of a vector, the state it begins "
      "with "
      "|\n"
      "| `pool` | `function` (max, average), `kernel`, `stride` |\n"
      "| `minibatch_std` | of discriminators: `epsilon`, `momentum` |\n"
      "| `projection` | of discriminators, on a layer and the class: `spectral` |\n";
  return text;
}

}  // namespace ganymede::run
