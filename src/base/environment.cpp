#include "base/environment.hpp"

#include <pwd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <system_error>

namespace ganymede {
namespace {

namespace fs = std::filesystem;

// What follows the colon of the first line of a /proc file that begins with `key`.
std::optional<std::string> proc_value(const char* path, const std::string& key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t begin = line.find_first_not_of(" \t", line.find(':') + 1);
    if (begin != std::string::npos) return line.substr(begin, line.find_last_not_of(" \t") + 1 - begin);
  }
  return std::nullopt;
}

// The specification wants a relative path to be ignored.
fs::path xdg_folder(const char* variable, const fs::path& below_home) {
  const auto folder = environment(variable);
  const bool usable = folder && fs::path(*folder).is_absolute();
  return (usable ? fs::path(*folder) : home_folder() / below_home) / "ganymede";
}

}  // namespace

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

fs::path home_folder() {
  if (const auto home = environment("HOME")) return *home;
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr && entry->pw_dir != nullptr ? entry->pw_dir : "/";
}

fs::path user_data_folder() {
  return xdg_folder("XDG_DATA_HOME", fs::path(".local") / "share");
}

fs::path user_cache_folder() {
  return xdg_folder("XDG_CACHE_HOME", ".cache");
}

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1 && environment("TERM") != "dumb";
}

int terminal_columns(int descriptor, int fallback) {
  winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : fallback;
}

std::uint64_t physical_memory_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t peak_memory_bytes() {
  // VmHWM starts anew at exec; ru_maxrss keeps the peak of the program before it.
  if (const auto peak = proc_value("/proc/self/status", "VmHWM"))
    return std::strtoull(peak->c_str(), nullptr, 10) << 10;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
}

bool reset_peak_memory() {
  std::ofstream out("/proc/self/clear_refs");
  out << "5";  // proc(5): resets the peak, and nothing else
  return static_cast<bool>(out.flush());
}

std::string cpu_model() {
  return proc_value("/proc/cpuinfo", "model name").value_or("unknown CPU");
}

std::uint64_t free_disk_bytes(const fs::path& path) {
  std::error_code error;
  fs::path place = fs::absolute(path, error);
  while (!fs::exists(place, error) && place.has_relative_path()) place = place.parent_path();
  const fs::space_info space = fs::space(place, error);
  return error ? 0 : space.available;
}

std::string utc_timestamp() {
  return utc_timestamp(std::time(nullptr));
}

std::string utc_timestamp(std::time_t seconds) {
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace ganymede
