#include "serve/blind_tests.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ganymede::serve {
namespace {

constexpr std::size_t kMostTests = 4;  // that are kept, up to 128 MB each and mostly 100 kB
constexpr std::size_t kMostSentTrials = 10'000;

template <class List>
auto found_in(const List& list, const std::string& key) -> decltype(list.front().second) {
  const auto found = std::ranges::find(list, key, [](const auto& one) { return one.first; });
  return found == list.end() ? nullptr : found->second;
}

template <class List, class Value>
void put_first(List& list, const std::string& key, Value value) {
  std::erase_if(list, [&](const auto& one) { return one.first == key; });
  list.emplace_front(key, std::move(value));
  if (list.size() > kMostTests) list.pop_back();
}

std::string key_of_test(const std::string& folder, const measure::BlindTest& test) {
  return fmt::format("{}\n{} {} {} {}", folder, test.step, test.seed, test.trials, test.pictures);
}

}  // namespace

std::shared_ptr<const evaluate::TestReals> BlindTests::reals(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return found_in(reals_, key);
}

void BlindTests::keep(const std::string& key, std::shared_ptr<const evaluate::TestReals> reals) {
  const std::lock_guard lock(mutex_);
  put_first(reals_, key, std::move(reals));
}

std::shared_ptr<const BlindTests::Shown> BlindTests::shown(const std::string& folder,
                                                           const measure::BlindTest& test) const {
  const std::lock_guard lock(mutex_);
  return found_in(shown_, key_of_test(folder, test));
}

void BlindTests::keep(const std::string& folder, std::shared_ptr<const Shown> shown) {
  const std::lock_guard lock(mutex_);
  const std::string key = key_of_test(folder, shown->test);
  put_first(shown_, key, std::move(shown));
}

void BlindTests::begin_trial(const std::string& answers, std::size_t trial) {
  const std::lock_guard lock(mutex_);
  const auto found = sent_.find(answers);
  if (found != sent_.end() && found->second.trial == trial) return;
  if (sent_.size() >= kMostSentTrials) sent_.clear();  // they begin anew
  sent_[answers] = {trial, Clock::now()};
}

std::optional<double> BlindTests::seconds_of(const std::string& answers, std::size_t trial) const {
  const std::lock_guard lock(mutex_);
  const auto found = sent_.find(answers);
  if (found == sent_.end() || found->second.trial != trial) return {};
  return std::chrono::duration<double>(Clock::now() - found->second.at).count();
}

void BlindTests::end_trial(const std::string& answers) {
  const std::lock_guard lock(mutex_);
  sent_.erase(answers);
}

}  // namespace ganymede::serve
