#include "cluster/join.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <system_error>

#include "base/environment.hpp"
#include "cluster/message_plugin.hpp"

namespace ganymede::cluster {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

int number_in(const char* name) {
  const auto text = environment(name);
  return text ? static_cast<int>(std::strtol(text->c_str(), nullptr, 10)) : 0;
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

/// Where a process id means something: machine and its space of ids, which a container has of its own.
std::string id_space() {
  std::error_code error;
  const fs::path space = fs::read_symlink("/proc/self/ns/pid", error);
  return host_name() + " " + space.string();
}

std::string cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::string text;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return text;
  for (int i = 0; i < CPU_SETSIZE; ++i) text += CPU_ISSET(i, &set) ? std::to_string(i) + "," : "";
  return text;
}

const GanymedeMessagePlugin* load_plugin() {
  const fs::path file = plugin_file();
  if (file.empty()) {
    fail<ConfigError>(
        "there is no MPI plug-in ({}): install MPI (Debian: apt install libopenmpi-dev openmpi-bin) and build again, "
        "or "
        "name the file in $GANYMEDE_MPI",
        kMessagePluginFile);
  }
  // RTLD_GLOBAL: MPI's library loads parts of its own, which look for its names.
  void* const handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (handle == nullptr) fail<ConfigError>("{}: cannot load: {}", file.string(), ::dlerror());
  const auto entry = reinterpret_cast<GanymedeMessagePluginEntry>(::dlsym(handle, kMessagePluginEntry));
  if (entry == nullptr)
    fail<ConfigError>("{}: wanted the plug-in of this program, found another library", file.string());
  const GanymedeMessagePlugin* const plugin = entry();
  if (plugin->abi != kMessagePluginAbi) {
    fail<ConfigError>("{}: made for another build of the program (interface {}, wanted {}): build both again",
                      file.string(), plugin->abi, kMessagePluginAbi);
  }
  return plugin;
}

class MpiGroup : public Joined {
 public:
  explicit MpiGroup(const GanymedeMessagePlugin& plugin) : plugin_(plugin), machine_(host_name()) {
    if (const char* problem = plugin_.start(&rank_, &size_)) fail<ConfigError>("MPI did not begin: {}", problem);
    const std::string here = id_space(), own_cores = cores();
    const std::vector<std::string> ids = all_texts(*this, here + "\n" + std::to_string(::getpid()));
    for (int other = 0; other < size_; ++other) {
      const std::string& text = ids[static_cast<std::size_t>(other)];
      const std::size_t line = text.find('\n');
      if (other == rank_ || text.substr(0, line) != here) continue;
      neighbours_.push_back({other, static_cast<pid_t>(std::strtol(text.c_str() + line + 1, nullptr, 10))});
    }
    for (const std::string& text : all_texts(*this, machine_ + "\n" + own_cores))
      sharing_ += text == machine_ + "\n" + own_cores ? 1 : 0;
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int sharing() const override { return sharing_; }
  const std::string& machine() const override { return machine_; }
  void leave() override { plugin_.finish(); }

  void exchange(int partner, std::span<const std::byte> out, std::span<std::byte> in) override {
    waiting_ = 0;
    const int code = plugin_.exchange(partner, out.data(), std::ssize(out), in.data(), std::ssize(in), idle, this);
    if (code == 0) return;
    if (lost_ != nullptr) {
      throw LostError(
          fmt::format("process {} of {} (on {}, process id {}) has ended", lost_->rank, size_, machine_, lost_->id),
          lost_->rank);
    }
    throw LostError(fmt::format("MPI lost the connection to process {} of {}", partner, size_), partner);
  }

 private:
  struct Neighbour {
    int rank;
    pid_t id;
  };

  // While it waits: first at full speed, for partners come at nearly the same time; then it lets others have the core,
  // and looks now and then whether the processes of this machine are alive.
  static int idle(void* context) {
    auto& self = *static_cast<MpiGroup*>(context);
    ++self.waiting_;
    if (self.waiting_ < 200) return 0;
    if (self.waiting_ == 200) self.looked_ = Clock::now();
    ::sched_yield();
    if (self.waiting_ % 64 != 0) return 0;
    const auto now = Clock::now();
    if (self.waiting_ == 256) self.began_ = now;
    // A partner that is busy for long, with a run of its own or with pictures, needs the core itself, maybe.
    if (now - self.began_ > std::chrono::milliseconds(100)) ::usleep(500);
    if (now - self.looked_ < std::chrono::milliseconds(20)) return 0;
    self.looked_ = now;
    for (const Neighbour& neighbour : self.neighbours_) {
      if (::kill(neighbour.id, 0) == 0 || errno != ESRCH) continue;
      self.lost_ = &neighbour;
      return 1;
    }
    return 0;
  }

  const GanymedeMessagePlugin& plugin_;
  std::string machine_;
  int rank_ = 0, size_ = 1, sharing_ = 0;
  std::vector<Neighbour> neighbours_;
  const Neighbour* lost_ = nullptr;
  int waiting_ = 0;
  Clock::time_point began_, looked_;  // to wait without the whole core, and to look for the others
};

}  // namespace

int processes_started() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (const int count = number_in(name); count > 0) return count;
  }
  return environment("PMIX_RANK") ? std::max(1, number_in("SLURM_STEP_NUM_TASKS")) : 1;
}

fs::path plugin_file() {
  if (const auto named = environment("GANYMEDE_MPI")) return *named;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path folder = program.parent_path();
  for (const fs::path& place :
       {folder, folder.parent_path() / "lib" / "ganymede", folder.parent_path() / "lib64" / "ganymede",
        folder.parent_path() / "lib" / "x86_64-linux-gnu" / "ganymede"}) {
    if (fs::exists(place / kMessagePluginFile, error)) return place / kMessagePluginFile;
  }
  return {};
}

std::string plugin_library() {
  return load_plugin()->library;
}

std::unique_ptr<Joined> join() {
  if (processes_started() <= 1) return nullptr;
  return std::make_unique<MpiGroup>(*load_plugin());
}

}  // namespace ganymede::cluster
