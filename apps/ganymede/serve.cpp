#include "serve/server.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/signal.hpp"
#include "command.hpp"
#include "serve/browser.hpp"
#include "shared.hpp"
#include "usage.hpp"
#include "version.hpp"

namespace ganymede::app {
namespace {

struct ServeArguments {
  std::vector<std::string> names;
  std::string runs;
  std::string address = "127.0.0.1";
  std::string data;
  int port = kUsualPort;
  bool open = false;
  bool read_only = false;
  bool json = false;
  std::int64_t memory = 512;  // MiB
};

// Large blocks that are let go of go back to the system: without this the heap keeps what lies between them, several
// times of --memory after an hour. What a look takes is kept for the next one.
void direct_heap() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 8 << 20);
#endif
}

int serve_runs(const ServeArguments& arguments) {
  direct_heap();
  install_stop_handlers();
  serve::ServerOptions options{.root = std::filesystem::absolute(run::runs_root(arguments.runs)),
                               .address = arguments.address,
                               .port = arguments.port,
                               .read_only = arguments.read_only,
                               .data = arguments.data,
                               .program = std::filesystem::canonical("/proc/self/exe"),
                               .version = version(),
                               .build = version_line(),
                               .backend = &backend(),
                               .memory_bytes = arguments.memory << 20};
  for (const std::string& name : arguments.names)
    options.runs.push_back(run::find_run(run::runs_root(arguments.runs), name).path());
  const serve::Server server(options);
  if (arguments.json) {
    print(nlohmann::json{{"schema", "ganymede.serve/1"},
                         {"address", arguments.address},
                         {"port", server.port()},
                         {"token", arguments.read_only && server.link().find("token") == std::string::npos
                                       ? nlohmann::json(nullptr)
                                       : nlohmann::json(server.token())},
                         {"link", server.link()}});
  } else {
    print(fmt::format("{} (Ctrl-C ends it; runs go on)\n", server.link()));
  }
  if (arguments.open) {
    try {
      serve::open_in_browser(server.link(), user_cache_folder());
    } catch (const Error& error) {
      tell("{}", error.what());  // served all the same
    }
  }
  while (!stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 0;
}

}  // namespace

Action set_up_serve(CLI::App& command) {
  const auto a = std::make_shared<ServeArguments>();
  command.add_option("RUN", a->names, "Names or paths of the runs to show (default: all of the folder)");
  command.add_option("--runs", a->runs, "Folder of the runs (else $GANYMEDE_RUNS, else ./runs)")->type_name("DIR");
  command.add_option("--port", a->port, "Port to listen on; 0 takes a free one")
      ->transform(range(0, 65535))
      ->capture_default_str();
  command
      .add_option("--address", a->address,
                  "Address to listen on, in digits; any but this machine's own wants the token of the link for "
                  "everything")
      ->type_name("A")
      ->capture_default_str();
  command.add_option("--memory", a->memory, "Megabytes of generators, classifiers and maps that are kept")
      ->type_name("MB")
      ->transform(range(16, 1 << 20))
      ->capture_default_str();
  command
      .add_option("--data", a->data,
                  "Folder where data sets are looked for, and where symbols that are drawn in the browser are kept "
                  "(else $GANYMEDE_DATA, else the user's data folder)")
      ->type_name("DIR");
  command.add_flag("--open", a->open, "Open the link in the browser");
  command.add_flag("--read-only", a->read_only, "Start, pause and change nothing");
  command.add_flag("--json", a->json, "Print the result as JSON on stdout");
  command.footer("Example: ganymede serve --open");
  return [a] { return serve_runs(*a); };
}

}  // namespace ganymede::app
