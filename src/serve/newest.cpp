#include "serve/newest.hpp"

#include <algorithm>

#include "serve/message.hpp"

namespace ganymede::serve {
namespace {

constexpr std::size_t kMostViews = 1024;

}  // namespace

Newest::Ticket Newest::take(const std::string& endpoint, const std::string& view, double serial) {
  if (view.empty()) return {};
  Ticket ticket{.key = endpoint + " " + view, .serial = serial};
  const std::lock_guard lock(mutex_);
  auto [entry, is_new] = last_.try_emplace(ticket.key, Last{.serial = serial});
  entry->second.serial = std::max(entry->second.serial, serial);
  entry->second.use = ++uses_;
  if (last_.size() > kMostViews)
    last_.erase(std::ranges::min_element(last_, {}, [](const auto& one) { return one.second.use; }));
  return ticket;
}

bool Newest::overtaken(const Ticket& ticket) const {
  if (ticket.key.empty()) return false;
  const std::lock_guard lock(mutex_);
  const auto found = last_.find(ticket.key);
  return found != last_.end() && found->second.serial > ticket.serial;
}

void Newest::check(const Ticket& ticket) const {
  if (overtaken(ticket)) throw HttpError(409, "overtaken");
}

}  // namespace ganymede::serve
