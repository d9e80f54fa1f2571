#include "cluster/group.hpp"

#include <algorithm>
#include <utility>

#include "base/thread_pool.hpp"

namespace ganymede::cluster {

// How a sum goes. Whoever adds whole vectors pairwise sends all of them log2 P times. Here partners at distance 1 share
// the work first: each sends one half of its numbers, adds what it gets to the other half, and goes on with that half
// to its partner at distance 2 (recursive halving, Rabenseifner 2004, with distances that grow instead of shrinking, so
// that the tree over the ranks is the same for every number). In the end each process has the whole sum of a P-th of
// the numbers; the way back, the same exchanges in reverse, brings everybody all of them. a + b has the bits of b + a,
// so that nobody needs to ask who stands on the left.

namespace {

struct Part {
  std::size_t first = 0, count = 0;
};

void need_power_of_two(const Group& group) {
  if (is_power_of_two(group.size())) return;
  fail<ConfigError>("a group of {} processes: wanted 1, 2, 4, 8 ... of them, since they add in pairs", group.size());
}

void send(Group& group, int to, const std::string& text) {
  const std::uint64_t length = text.size();
  group.exchange(to, std::as_bytes(std::span(&length, 1)), {});
  if (length > 0) group.exchange(to, std::as_bytes(std::span(text)), {});
}

std::string receive(Group& group, int from) {
  std::uint64_t length = 0;
  group.exchange(from, {}, std::as_writable_bytes(std::span(&length, 1)));
  std::string text(length, '\0');
  if (length > 0) group.exchange(from, {}, std::as_writable_bytes(std::span(text)));
  return text;
}

}  // namespace

bool is_power_of_two(std::int64_t number) {
  return number > 0 && (number & (number - 1)) == 0;
}

void sum_in_tree(Group& group, std::span<float> values) {
  need_power_of_two(group);
  if (group.size() == 1 || values.empty()) return;
  flush_denormals();  // whatever thread this is: the bits are those of the pool's
  std::vector<float> received((values.size() + 1) / 2);
  std::vector<Part> parts;  // what was shared at each distance
  Part part{.first = 0, .count = values.size()};
  for (int distance = 1; distance < group.size(); distance *= 2) {
    parts.push_back(part);
    const Part low{.first = part.first, .count = part.count / 2};
    const Part high{.first = part.first + low.count, .count = part.count - low.count};
    const bool keeps_low = (group.rank() & distance) == 0;
    const Part kept = keeps_low ? low : high, given = keeps_low ? high : low;
    const std::span<float> in = std::span(received).first(kept.count);
    group.exchange(group.rank() ^ distance, std::as_bytes(values.subspan(given.first, given.count)),
                   std::as_writable_bytes(in));
    float* const sum = values.data() + kept.first;
    for (std::size_t i = 0; i < kept.count; ++i) sum[i] += in[i];
    part = kept;
  }
  for (int distance = group.size() / 2; distance > 0; distance /= 2) {
    const Part whole = parts.back();
    parts.pop_back();
    const bool is_low = part.first == whole.first;  // an empty part lies at one of both ends
    const Part other{.first = is_low ? whole.first + part.count : whole.first, .count = whole.count - part.count};
    group.exchange(group.rank() ^ distance, std::as_bytes(values.subspan(part.first, part.count)),
                   std::as_writable_bytes(values.subspan(other.first, other.count)));
    part = whole;
  }
}

void sum_in_tree(Group& group, std::span<double> values) {
  need_power_of_two(group);
  std::vector<double> received(values.size());
  for (int distance = 1; distance < group.size(); distance *= 2) {
    group.exchange(group.rank() ^ distance, std::as_bytes(values), std::as_writable_bytes(std::span(received)));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += received[i];
  }
}

std::uint32_t any_of(Group& group, std::uint32_t flags) {
  if (is_power_of_two(group.size())) {
    for (int distance = 1; distance < group.size(); distance *= 2) {
      std::uint32_t others = 0;
      group.exchange(group.rank() ^ distance, std::as_bytes(std::span(&flags, 1)),
                     std::as_writable_bytes(std::span(&others, 1)));
      flags |= others;
    }
    return flags;
  }
  std::uint32_t all = flags;
  const auto to = [&](std::uint32_t& number) { return std::as_writable_bytes(std::span(&number, 1)); };
  const auto of = [&](std::uint32_t& number) { return std::as_bytes(std::span(&number, 1)); };
  if (!group.is_first()) {
    group.exchange(0, of(flags), {});
    group.exchange(0, {}, to(all));
    return all;
  }
  for (int other = 1; other < group.size(); ++other) {
    std::uint32_t its = 0;
    group.exchange(other, {}, to(its));
    all |= its;
  }
  for (int other = 1; other < group.size(); ++other) group.exchange(other, of(all), {});
  return all;
}

std::vector<std::string> all_texts(Group& group, const std::string& own) {
  std::vector<std::string> texts(static_cast<std::size_t>(group.size()));
  texts[static_cast<std::size_t>(group.rank())] = own;
  if (!group.is_first()) {
    send(group, 0, own);
    for (std::string& text : texts) text = receive(group, 0);
    return texts;
  }
  for (int other = 1; other < group.size(); ++other) texts[static_cast<std::size_t>(other)] = receive(group, other);
  for (int other = 1; other < group.size(); ++other) {
    for (const std::string& text : texts) send(group, other, text);
  }
  return texts;
}

void first_does(Group& group, const std::function<void()>& work) {
  std::uint32_t code = 0;
  if (!group.is_first()) {
    code = any_of(group, 0);
    if (code == 0) return;
    group.failed_together = true;
    throw SaidByFirst(static_cast<int>(code));
  }
  const auto tell = [&](int its) {
    group.failed_together = its != 0;
    any_of(group, static_cast<std::uint32_t>(its));
  };
  try {
    work();
  } catch (const Error& error) {
    tell(error.exit_code());
    throw;
  } catch (...) {
    tell(1);
    throw;
  }
  tell(0);
}

std::string text_of_first(Group& group, const std::string& text) {
  if (!group.is_first()) return receive(group, 0);
  for (int other = 1; other < group.size(); ++other) send(group, other, text);
  return text;
}

}  // namespace ganymede::cluster
