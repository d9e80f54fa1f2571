#include "run/tensorboard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/json.hpp"
#include "run/event_curves.hpp"

namespace ganymede::run {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBegin = 2;  // records that every file begins with: the version, and from where on it tells
constexpr std::string_view kNameBegin = "events.out.tfevents.", kNameEnd = ".ganymede";

/// Seconds since 1970 of "2024-05-01T12:00:00Z"; 0 of anything else.
double seconds_of(const std::string& utc) {
  std::tm date{};
  std::istringstream text(utc);
  text >> std::get_time(&date, "%Y-%m-%dT%H:%M:%SZ");
  return text.fail() ? 0 : static_cast<double>(timegm(&date));
}

double number_in_event(const nlohmann::json& event, const char* field) {
  const auto found = event.find(field);
  return found != event.end() && found->is_number() ? found->get<double>() : 0;
}

/// The picture that belongs to an event; empty: none, or it is not there.
std::string picture_of(const fs::path& run, const nlohmann::json& event) {
  const std::string kind = event.at("event");
  if (kind != "start" && kind != "epoch") return {};
  const auto epoch = static_cast<std::int64_t>(number_in_event(event, "epoch"));
  const fs::path file = run / "samples" / fmt::format("epoch-{:04}.png", epoch);
  std::error_code none;
  return fs::is_regular_file(file, none) ? read_file(file) : std::string();
}

std::string beginning(double wall_time, std::int64_t step) {
  return tf_record(version_event(wall_time)) + tf_record(restart_event(wall_time, step));
}

/// Sessions whose files lie in a folder, ascending.
std::vector<std::int64_t> sessions_in(const fs::path& folder) {
  std::vector<std::int64_t> sessions;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kNameBegin) || !name.ends_with(kNameEnd)) continue;
    const std::string digits = name.substr(kNameBegin.size(), name.size() - kNameBegin.size() - kNameEnd.size());
    if (digits.size() == 10 && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
      sessions.push_back(std::stoll(digits));
  }
  std::ranges::sort(sessions);
  return sessions;
}

/// Cuts the files of earlier sessions to `wanted` events and whole records; returns how many are there.
std::size_t cut_to(const fs::path& folder, const std::vector<std::int64_t>& sessions, std::size_t wanted) {
  std::size_t there = 0;
  for (const std::int64_t session : sessions) {
    const fs::path file = folder / tensorboard_name(session);
    const std::string bytes = read_file(file);
    const TfRecords found = read_tf_records(bytes);
    const std::size_t events = found.records.size() < kBegin ? 0 : found.records.size() - kBegin;
    const std::size_t kept = std::min(events, wanted - there);
    if (kept == 0) {
      fs::remove(file);
      continue;
    }
    if (found.ends[kBegin + kept - 1] < bytes.size()) AppendFile(file).truncate(found.ends[kBegin + kept - 1]);
    there += kept;
  }
  return there;
}

}  // namespace

std::string tensorboard_name(std::int64_t session) {
  return fmt::format("{}{:010}{}", kNameBegin, session, kNameEnd);
}

std::optional<TensorBoardTranslator::Translated> TensorBoardTranslator::translate(const nlohmann::json& event) {
  const std::string kind = event.at("event");
  if (kind == "start") begin_ = seconds_of(event.value("time_utc", ""));
  if (event.contains("time_seconds")) {
    const double seconds = number_in_event(event, "time_seconds");
    if (seconds < last_) before_ += last_;  // another session began to count
    last_ = seconds;
  }
  std::vector<ScalarSummary> scalars;
  for (const auto& [name, value] : curve_point(event)) scalars.push_back({kind + "/" + name, value});
  std::vector<ImageSummary> images;
  if (std::string png = picture_of(run_, event); !png.empty()) images.push_back({"samples", std::move(png)});
  if (scalars.empty() && images.empty()) return {};
  const auto step = static_cast<std::int64_t>(number_in_event(event, "step"));
  return Translated{.wall_time = wall_time(), .step = step, .event = summary_event(wall_time(), step, scalars, images)};
}

std::string tensorboard_file(const fs::path& run, const std::vector<nlohmann::json>& events,
                             const std::vector<std::pair<std::int64_t, ScalarSummary>>& more) {
  TensorBoardTranslator translator(run);
  std::string bytes;
  for (const nlohmann::json& event : events) {
    const auto translated = translator.translate(event);
    if (bytes.empty()) bytes = beginning(translator.wall_time(), 0);
    if (translated) bytes += tf_record(translated->event);
  }
  if (bytes.empty()) bytes = beginning(0, 0);
  for (const auto& [step, scalar] : more) bytes += tf_record(summary_event(translator.wall_time(), step, {scalar}));
  return bytes;
}

TensorBoardLog::TensorBoardLog(const fs::path& run, const fs::path& folder, const std::vector<nlohmann::json>& kept)
    : translator_(run) {
  make_own_folder(folder);
  std::vector<TensorBoardTranslator::Translated> all;
  for (const nlohmann::json& event : kept) {
    if (auto translated = translator_.translate(event)) all.push_back(std::move(*translated));
  }
  const std::vector<std::int64_t> sessions = sessions_in(folder);
  const std::size_t there = cut_to(folder, sessions, all.size());
  const std::int64_t session = sessions.empty() ? 1 : sessions.back() + 1;
  file_ = std::make_unique<AppendFile>(folder / tensorboard_name(session));
  // Of the events that are kept and not told again the last one's step is not to be forgotten.
  const std::int64_t from = there == 0 ? 0 : all[there - 1].step + 1;
  std::string bytes = beginning(translator_.wall_time(), from);
  for (std::size_t i = there; i < all.size(); ++i) bytes += tf_record(all[i].event);
  file_->append(bytes);
}

void TensorBoardLog::add(const std::string& line) {
  write(parse_json(line, "an event of training"));
}

void TensorBoardLog::write(const nlohmann::json& event) {
  if (const auto translated = translator_.translate(event)) file_->append(tf_record(translated->event));
}

}  // namespace ganymede::run
