#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "explore/export_model.hpp"
#include "explore/portable_network.hpp"
#include "explore/weights.hpp"
#include "export_command.hpp"
#include "page/takeaway.hpp"
#include "run_classifier.hpp"
#include "version.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestPage = std::size_t{256} << 20U;  // bytes: what browsers still open

// The map, where nothing has to be fitted for it, and a sentence on it.
void add_map(explore::TrainedGenerator& generator, const ExportArguments& arguments, explore::ExportOptions& options) {
  const int dim = generator.latent_dim();
  if (dim < 2 || dim > 4) {
    options.map_note = fmt::format("no map: it takes a latent space of 2 to 4 dimensions, this one has {}", dim);
    return;
  }
  if (!generator.codes().empty()) {
    options.map_note = "no map: the last numbers of its z are codes, which have some values alone";
    return;
  }
  SeenBy by = classifier_if_kept(generator, arguments.machine, arguments.output, false);
  if (!by.classifier) {
    options.map_note = "no map: " + by.why_not.substr(0, by.why_not.find("; --classify"));
    return;
  }
  install_stop_handlers();
  options.map =
      explore::map_for_page(generator, *by.classifier, [](const explore::MapPiece&) { return !stop_requested(); });
  options.map_note = "coloured by " + words_of(*by.classifier);
}

int export_page(const ExportArguments& arguments) {
  const fs::path file = arguments.file;
  if (file.extension() != ".html" && file.extension() != ".htm")
    fail<UserError>("--html {}: wanted a name that ends in .html", arguments.file);
  const run::RunDirectory directory = arguments.run.find();
  const explore::Weights weights = explore::load_weights(directory, arguments.epoch);
  if (const auto lacking = explore::layers_a_page_lacks(weights.snapshot.generator); !lacking.empty()) {
    fail<UserError>("{}: a page cannot run every layer of this generator: {}", directory.name(),
                    fmt::join(lacking, ", "));
  }
  if (!arguments.size_alone) check_writable(file);
  explore::TrainedGenerator generator(backend(), weights.snapshot, directory.path(), arguments.machine.threads);
  explore::ExportOptions options{.run = directory.name(), .version = version(), .map_note = {}};
  add_map(generator, arguments, options);
  const std::string page =
      page::takeaway_page(page::takeaway_template(), explore::export_model(generator, weights.snapshot, options));
  const std::string size = human_bytes(static_cast<double>(page.size()));
  if (page.size() > kLargestPage) {
    fail<UserError>("{}: its page would be {}; browsers open pages up to {}", directory.name(), size,
                    human_bytes(static_cast<double>(kLargestPage)));
  }
  if (!arguments.size_alone) write_file_atomically(file, page);
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.export_command/1"},
                         {"run", directory.name()},
                         {"epoch", weights.snapshot.epoch},
                         {"file", arguments.size_alone ? nlohmann::json() : nlohmann::json(arguments.file)},
                         {"bytes", page.size()},
                         {"parameters", net::count_parameters(generator.network()).total},
                         {"map", options.map.has_value()},
                         {"map_note", options.map_note}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}: {}, epoch {} of {}, {} parameters; {}\n", arguments.size_alone ? "size" : arguments.file,
                      size, weights.snapshot.epoch, directory.name(),
                      with_thousands(net::count_parameters(generator.network()).total), options.map_note));
  }
  return 0;
}

int export_run(const ExportArguments& arguments) {
  const bool html = !arguments.file.empty(), onnx = !arguments.onnx.empty(), pytorch = !arguments.pytorch.empty(),
             curves = arguments.curves.any();
  if (html + onnx + pytorch + curves != 1) {
    fail<UserError>(
        "export: wanted one of --html FILE, --onnx FILE, --pytorch DIR, or --tensorboard DIR and --csv DIR");
  }
  if ((html || curves) && !arguments.network.empty())
    fail<UserError>("--network: a page holds the generator alone, curves no network");
  if (!html && arguments.size_alone) fail<UserError>("--size: tells the size of a page: --html FILE");
  if (curves && arguments.epoch) fail<UserError>("--epoch: curves are of the whole run");
  if (curves) return export_curves(arguments.run.find(), arguments.curves, arguments.output);
  return html ? export_page(arguments) : onnx ? export_onnx(arguments) : export_pytorch(arguments);
}

}  // namespace

Action set_up_export(CLI::App& command) {
  const auto a = std::make_shared<ExportArguments>();
  add_run(command, a->run);
  command.add_option("--html", a->file, "FILE.html: the page; a browser opens it without a server or a network")
      ->type_name("FILE")
      ->transform(through_links());
  command.add_option("--onnx", a->onnx, "FILE.onnx: one network as ONNX (opset 17); a folder: each as a file in it")
      ->type_name("FILE");
  command.add_option("--pytorch", a->pytorch, "Folder: model.py and the weights as safetensors, for PyTorch")
      ->type_name("DIR");
  command
      .add_option(
          "--network", a->network,
          "Of --onnx and --pytorch: generator, discriminator or classifier (default: the generator into a file, "
          "all there are into a folder)")
      ->transform(one_of({"generator", "discriminator", "classifier"}));
  add_classify(command, a->classify);
  add_curve_export(command, a->curves);
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command.add_flag("--size", a->size_alone, "Say how large the page would be, and write nothing");
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(
      "A page holds the generator (16-bit weights), a map where a classifier of the run's data is kept already, and "
      "pictures of the engine's own, with which it compares itself.\n"
      "Examples: ganymede export digits-2d-001 --html digits.html\n"
      "          ganymede export digits-2d-001 --onnx digits.onnx\n"
      "          ganymede export digits-2d-001 --tensorboard board --csv tables");
  return [a] { return export_run(*a); };
}

}  // namespace ganymede::app
