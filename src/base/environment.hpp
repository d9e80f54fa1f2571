#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

namespace ganymede {

// What the process finds around it.

/// A variable of the environment; nothing if unset or empty.
std::optional<std::string> environment(const char* name);
/// $HOME, else the folder of the user's entry in the password file, else "/".
std::filesystem::path home_folder();
/// The user's data folder: $XDG_DATA_HOME/ganymede (if absolute), else ~/.local/share/ganymede.
std::filesystem::path user_data_folder();
/// What may be deleted at any time: $XDG_CACHE_HOME/ganymede (if absolute), else ~/.cache/ganymede.
std::filesystem::path user_cache_folder();

/// Whether the descriptor (1 stdout, 2 stderr) is a terminal that can redraw a line ($TERM is not "dumb").
bool is_terminal(int descriptor);
/// Columns of the terminal at the descriptor, `fallback` without one.
int terminal_columns(int descriptor, int fallback = 80);

/// Memory of the machine.
std::uint64_t physical_memory_bytes();
/// The largest resident memory of this process so far.
std::uint64_t peak_memory_bytes();
/// Lets peak_memory_bytes begin anew at what is resident now; false where the system does not offer that.
bool reset_peak_memory();
/// "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz"; "unknown CPU" where the system does not tell.
std::string cpu_model();
/// Bytes that an ordinary user may still write where `path` is or will be (its nearest existing parent); 0 if unknown.
std::uint64_t free_disk_bytes(const std::filesystem::path& path);
/// Now, as "2025-01-31T12:34:56Z".
std::string utc_timestamp();
/// The same of a moment, in seconds since 1970.
std::string utc_timestamp(std::time_t seconds);

}  // namespace ganymede
