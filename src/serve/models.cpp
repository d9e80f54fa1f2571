#include "serve/models.hpp"

#include <fmt/format.h>

#include "serve/message.hpp"

namespace ganymede::serve {
namespace {

constexpr int kMostUnderWay = 16;

}  // namespace

Models::Models(const play::Backend& backend, std::int64_t most_bytes, const std::string& build)
    : backend_(backend),
      most_bytes_(most_bytes),
      gallery_(backend, {.most_bytes = most_bytes}),
      judges_(backend, build) {}

std::shared_ptr<explore::Exhibit> Models::open(const std::filesystem::path& run, const explore::Wanted& wanted) {
  return gallery_.open(run::RunDirectory::open(run), wanted);
}

std::shared_ptr<fit::Classifier> Models::classifier(const Judges::Known& known) {
  if (known.state != Judges::State::ready) return {};
  std::error_code missing;
  const auto written = std::filesystem::last_write_time(known.file, missing);
  const std::string key = fmt::format("classifier of {} ", known.stacked) + known.file.string() +
                          std::to_string(written.time_since_epoch().count());
  auto classifier = shelf_.find<fit::Classifier>(key);
  if (classifier == nullptr) {
    fit::ClassifierRecord record = fit::load_classifier(known.file);
    if (known.stacked > 1) record = fit::stacked(std::move(record), known.stacked);
    classifier = std::make_shared<fit::Classifier>(backend_, std::move(record), gallery_.workers().pool());
    shelf_.put(key, classifier, [&kept = *classifier] { return kept.bytes(); });
  }
  return classifier;
}

void Models::make_room() {
  // Half of it for classifiers and maps, so that the one generator that is at work stays.
  shelf_.keep_within(most_bytes_ / 2);
  const std::int64_t on_shelf = shelf_.bytes();
  gallery_.keep_within(most_bytes_ - on_shelf);
  bytes_ = gallery_.bytes() + on_shelf;
}

std::shared_ptr<void> Models::take_place() {
  if (++*under_way_ > kMostUnderWay) {
    --*under_way_;
    throw HttpError(503, "too many maps and walks are under way: try again when one has ended");
  }
  return {nullptr, [count = under_way_](void*) { --*count; }};
}

}  // namespace ganymede::serve
