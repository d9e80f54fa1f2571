#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_kind.hpp"
#include "base/memory_bound.hpp"
#include "tensor/npy.hpp"
#include "tensor/npy_header.hpp"

namespace ganymede {
namespace {

using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;
using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;
using ArchiveEntry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

constexpr std::size_t kBlock = std::size_t{1} << 20;

std::string reason(archive* zip) {
  const char* text = archive_error_string(zip);
  return text == nullptr ? "damaged archive" : text;
}

// Up to `count` more bytes of the current member.
void read_more(archive* zip, std::size_t count, std::string& bytes, const std::string& where) {
  const std::size_t wanted = bytes.size() + count;
  while (bytes.size() < wanted) {
    const std::size_t old_size = bytes.size();
    const std::size_t step = std::min(wanted - old_size, kBlock);  // grows with what is there, not with what is claimed
    bytes.resize(old_size + step);
    const la_ssize_t got = archive_read_data(zip, bytes.data() + old_size, step);
    if (got < 0) fail<DataError>("{}: {}", where, reason(zip));
    bytes.resize(old_size + static_cast<std::size_t>(got));
    if (got == 0) return;
  }
}

Tensor read_member(archive* zip, const std::string& where) {
  std::string bytes;
  read_more(zip, kLongestNpyHeader + 12, bytes, where);
  const NpyHeader header = parse_npy_header(bytes, where);
  check_memory(header.data_bytes, where);
  const std::uint64_t wanted = header.header_bytes + header.data_bytes + 1;  // one more would be too many
  if (wanted > bytes.size()) read_more(zip, wanted - bytes.size(), bytes, where);
  return parse_npy(bytes, where);
}

la_ssize_t append(archive*, void* bytes, const void* data, std::size_t size) {
  static_cast<std::string*>(bytes)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

void check(archive* zip, la_ssize_t code) {
  if (code < ARCHIVE_OK) throw Error("cannot make an NPZ file: " + reason(zip));
}

}  // namespace

std::string to_npz(const NamedTensors& tensors) {
  if (tensors.empty()) fail<DataError>("an NPZ file needs at least one array");
  std::string bytes;
  const Writer zip(archive_write_new(), archive_write_free);
  check(zip.get(), archive_write_set_format_zip(zip.get()));
  check(zip.get(), archive_write_zip_set_compression_store(zip.get()));
  check(zip.get(), archive_write_set_bytes_per_block(zip.get(), 0));
  check(zip.get(), archive_write_open(zip.get(), &bytes, nullptr, append, nullptr));
  for (const auto& [name, tensor] : tensors) {
    const bool plain = std::all_of(name.begin(), name.end(), [](char ch) { return ch > ' ' && ch < 127; });
    if (name.empty() || !plain) fail<DataError>("an array of an NPZ file cannot be called '{}': wanted ASCII", name);
    const std::string npy = to_npy(tensor);
    const ArchiveEntry entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), (name + ".npy").c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(npy.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    // No time is set: the format's first one, 1980-01-01, is written, whatever clock and time zone say.
    check(zip.get(), archive_write_header(zip.get(), entry.get()));
    check(zip.get(), archive_write_data(zip.get(), npy.data(), npy.size()));
  }
  check(zip.get(), archive_write_close(zip.get()));
  return bytes;
}

void write_npz(const std::filesystem::path& path, const NamedTensors& tensors) {
  write_file_atomically(path, to_npz(tensors));
}

NamedTensors read_npz(const std::filesystem::path& path, std::map<std::string, std::string>* unsupported) {
  return parse_npz(read_file(path), path.string(), unsupported);
}

NamedTensors parse_npz(std::string_view bytes, const std::string& where,
                       std::map<std::string, std::string>* unsupported) {
  const Reader zip(archive_read_new(), archive_read_free);
  // By its directory at the end, never as a stream: a file that was cut between two members must not pass.
  archive_read_support_format_zip_seekable(zip.get());
  if (!bytes.starts_with("PK"))
    fail<DataError>("{}: not a valid NPZ file: wanted a zip archive, found {}", where, kind_of_file(bytes));
  if (archive_read_open_memory(zip.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    fail<DataError>("{}: not a valid NPZ file (a zip archive): {}", where, reason(zip.get()));
  }
  NamedTensors tensors;
  for (archive_entry* entry = nullptr;;) {
    const int code = archive_read_next_header(zip.get(), &entry);
    if (code == ARCHIVE_EOF) return tensors;
    if (code != ARCHIVE_OK) {
      fail<DataError>("{}: not a valid NPZ file (a zip archive): {}", where, reason(zip.get()));
    }
    const char* path = archive_entry_pathname(entry);
    std::string name = path == nullptr ? "" : path;
    if (!name.ends_with(".npy")) {
      const std::string fault = fmt::format("{}: the member '{}' is no NPY file", where, name);
      if (unsupported == nullptr) throw DataError(fault);
      unsupported->emplace(name, fault);
      continue;
    }
    Tensor tensor;
    try {
      tensor = read_member(zip.get(), fmt::format("{}, member {}", where, name));
    } catch (const UnsupportedArray& error) {
      if (unsupported == nullptr) throw;
      unsupported->emplace(name.substr(0, name.size() - 4), error.what());
      continue;
    }
    name.resize(name.size() - 4);
    if (!tensors.emplace(name, std::move(tensor)).second) {
      fail<DataError>("{}: the member '{}' stands twice in the archive", where, name);
    }
  }
}

}  // namespace ganymede
