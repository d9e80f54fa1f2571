#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/shell_word.hpp"
#include "explore/attributes/direction_file.hpp"
#include "explore/attributes/scores.hpp"
#include "explore/attributes/ticks.hpp"
#include "serve/asked.hpp"
#include "serve/frame.hpp"

// How it works: a page ticks samples that seeds name, yes or no. The first 30 seeds are offered as they come, and count
// for the accuracy; further ones are those of a pool of 2,000 behind them that the plane is least sure of. Nothing is
// kept between two requests: each sends all ticks.

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kAtRandom = 30, kPool = 2000;
constexpr std::int64_t kMostOffered = 60;
constexpr std::size_t kMostTicks = 500;
constexpr std::int64_t kLastFirst = 1'000'000'000'000;

struct Ticked {
  std::int64_t first = 0;
  std::optional<std::int64_t> only;
  std::vector<std::int64_t> seeds, passed_over;
  std::vector<std::uint8_t> yes;
  std::int64_t offer = kAtRandom;
};

std::int64_t place_of_seed(const Json& value, std::int64_t first) {
  const bool known = value.is_number_integer() && value.get<std::int64_t>() >= first &&
                     value.get<std::int64_t>() < first + kAtRandom + kPool;
  if (!known) {
    throw HttpError(400,
                    fmt::format("a seed: wanted a whole number from {} to {}", first, first + kAtRandom + kPool - 1));
  }
  return value.get<std::int64_t>();
}

const Json& list_in(const Body& body, const char* name, std::size_t most) {
  const Json& list = body.at(name);
  if (!list.is_null() && (!list.is_array() || list.size() > most))
    throw HttpError(400, fmt::format("\"{}\": wanted a list of {} at most", name, most));
  return list;
}

Ticked ticked_in(const Body& body) {
  Ticked t;
  t.first = body.whole("first", 0, kLastFirst).value_or(0);
  t.only = body.whole("class", 0, 1'000'000);
  t.offer = body.whole("offer", 0, kMostOffered).value_or(kAtRandom);
  for (const Json& one : list_in(body, "ticks", kMostTicks)) {
    if (!one.is_array() || one.size() != 2 || !one[1].is_boolean())
      throw HttpError(400, "\"ticks\": wanted a list of [seed, true or false]");
    const std::int64_t seed = place_of_seed(one[0], t.first);
    if (std::ranges::find(t.seeds, seed) != t.seeds.end())
      throw HttpError(400, fmt::format("\"ticks\": the seed {} stands there twice", seed));
    t.seeds.push_back(seed);
    t.yes.push_back(one[1].get<bool>() ? 1 : 0);
  }
  for (const Json& one : list_in(body, "shown", kAtRandom + kPool))
    t.passed_over.push_back(place_of_seed(one, t.first));
  t.passed_over.insert(t.passed_over.end(), t.seeds.begin(), t.seeds.end());
  return t;
}

std::optional<int> tick_class(const Ticked& t, const explore::TrainedGenerator& generator) {
  if (!t.only) return {};
  if (*t.only >= generator.classes())
    throw HttpError(400, fmt::format("\"class\": this generator knows {} classes", generator.classes()));
  return static_cast<int>(*t.only);
}

// A row a seed; without a class each has that of its seed.
train::NamedSamples samples_of(const std::vector<std::int64_t>& seeds, std::optional<int> only,
                               explore::TrainedGenerator& generator) {
  return generator.samples(std::vector<std::uint64_t>(seeds.begin(), seeds.end()), only);
}

// Nothing where there are too few of either kind.
std::optional<explore::TickedPlane> plane_of(const Ticked& t, std::optional<int> only,
                                             explore::TrainedGenerator& generator, const std::string& name) {
  explore::Ticks ticks{.z = {.values = samples_of(t.seeds, only, generator).z, .dim = generator.latent_dim()},
                       .yes = t.yes,
                       .offered = {}};
  for (const std::int64_t seed : t.seeds) ticks.offered.push_back(seed < t.first + kAtRandom ? 1 : 0);
  try {
    return explore::fit_ticks(ticks, name);
  } catch (const DataError&) {
    return {};
  }
}

// Those of the first 30 that were not shown yet; then, with a plane, the ones of the pool that it is least sure of,
// else the pool in order.
std::vector<std::int64_t> offered_seeds(const Ticked& t, const std::optional<explore::TickedPlane>& plane,
                                        std::optional<int> only, explore::TrainedGenerator& generator) {
  std::vector<std::int64_t> seeds;
  const auto shown = [&](std::int64_t seed) { return std::ranges::find(t.passed_over, seed) != t.passed_over.end(); };
  for (std::int64_t seed = t.first; seed < t.first + kAtRandom && std::ssize(seeds) < t.offer; ++seed) {
    if (!shown(seed)) seeds.push_back(seed);
  }
  const std::int64_t pool = t.first + kAtRandom, wanted = t.offer - std::ssize(seeds);
  if (wanted <= 0) return seeds;
  if (!plane) {
    for (std::int64_t seed = pool; seed < pool + kPool && std::ssize(seeds) < t.offer; ++seed) {
      if (!shown(seed)) seeds.push_back(seed);
    }
    return seeds;
  }
  std::vector<std::int64_t> without;
  for (const std::int64_t seed : t.passed_over) {
    if (seed >= pool) without.push_back(seed - pool);
  }
  const train::NamedSamples all = generator.samples(static_cast<std::uint64_t>(pool), kPool, only);
  for (const std::int64_t i : explore::least_sure(plane->plane, {all.z, generator.latent_dim()}, wanted, without))
    seeds.push_back(pool + i);
  return seeds;
}

Json plane_json(const std::optional<explore::TickedPlane>& plane) {
  if (!plane) return {};
  const explore::AttributeDirection& one = plane->found.attributes.front();
  return {{"accuracy", plane->accuracy.value},
          {"low", plane->accuracy.interval.low},
          {"high", plane->accuracy.interval.high},
          {"judged", plane->judged},
          {"commonest", plane->commonest},
          {"told", one.told},
          {"offset", one.offset}};
}

Response tick_answer(const Asked& asked, const Ticked& t, const Opened& opened) {
  explore::TrainedGenerator& generator = opened.generator();
  const std::optional<int> only = tick_class(t, generator);
  const auto plane = plane_of(t, only, generator, "ticked");
  const std::vector<std::int64_t> seeds = offered_seeds(t, plane, only, generator);
  Json head = {{"run", asked.run},
               {"epoch", generator.about().epoch},
               {"step", generator.about().step},
               {"seeds", seeds},
               {"at_random", kAtRandom},
               {"yes", std::ranges::count(t.yes, 1)},
               {"no", std::ranges::count(t.yes, 0)},
               {"plane", plane_json(plane)}};
  NamedArrays arrays;
  if (!seeds.empty()) arrays.push_back(sent_pictures(generator.draw(samples_of(seeds, only, generator))));
  if (plane) {
    const std::vector<float> normal(plane->plane.normal.begin(), plane->plane.normal.end());
    arrays.emplace_back("normal", Tensor::of<float>({std::ssize(normal)}, normal));
  }
  return frame_response("tick", head, arrays);
}

Response keep_answer(const Asked& asked, const Ticked& t, const std::string& name, bool replace, const Opened& opened) {
  explore::TrainedGenerator& generator = opened.generator();
  const std::optional<int> only = tick_class(t, generator);
  const auto plane = plane_of(t, only, generator, name);
  if (!plane)
    throw HttpError(400, "a direction wants two ticks or more of either kind, two of them among the first 30");
  const std::filesystem::path folder = asked.folder / "directions";
  std::error_code ignored;
  const bool taken = std::filesystem::exists(std::filesystem::symlink_status(folder / (name + ".json"), ignored));
  if (taken && !replace) throw HttpError(409, fmt::format("there is directions/{}.json already", name));
  explore::KeptDirections kept{.name = name,
                               .run = asked.run,
                               .epoch = generator.about().epoch,
                               .step = generator.about().step,
                               .only = only,
                               .samples = fmt::format("{} samples that were ticked by hand, {} of them yes",
                                                      t.seeds.size(), std::ranges::count(t.yes, 1))};
  if (only) kept.only_name = train::class_words(*only, generator.class_names());
  kept.dim = generator.latent_dim();
  kept.found = plane->found;
  explore::write_directions(folder, kept);
  explore::ScoreTable table{.names = {name}, .seeds = {}, .columns = {{}}};
  for (std::size_t i = 0; i < t.seeds.size(); ++i) {
    table.seeds.push_back(static_cast<std::uint64_t>(t.seeds[i]));
    table.columns[0].push_back(t.yes[i]);
  }
  write_file_atomically(folder / (name + ".csv"), explore::to_csv(table));
  return json_response("tick_kept",
                       {{"run", asked.run},
                        {"name", name},
                        {"file", "directions/" + name + ".json"},
                        {"ticks", "directions/" + name + ".csv"},
                        {"plane", plane_json(plane)},
                        {"command", fmt::format("ganymede edit {} --along {} -o {}.png", shell_word(asked.run),
                                                shell_word(name), shell_word(name))}});
}

}  // namespace

Response tick_samples(const Request& request, const Parts&, Api& api) {
  const Body body(request.body);
  const auto asked = std::make_shared<const Asked>(read_asked(body, "tick", api));
  return with_models(asked, api, false, false, [asked, ticked = ticked_in(body)](const Opened& opened) {
    return tick_answer(*asked, ticked, opened);
  });
}

Response keep_ticks(const Request& request, const Parts&, Api& api) {
  const Body body(request.body);
  const auto asked = std::make_shared<const Asked>(read_asked(body, "tick", api));
  const std::string name = body.required_text("name");
  if (!explore::is_direction_file_name(name))
    throw HttpError(400, "\"name\": wanted letters, digits, '-', '_' and '.'");
  return with_models(asked, api, false, false,
                     [asked, name, replace = body.flag("replace", false), ticked = ticked_in(body)](
                         const Opened& opened) { return keep_answer(*asked, ticked, name, replace, opened); });
}

}  // namespace ganymede::serve
