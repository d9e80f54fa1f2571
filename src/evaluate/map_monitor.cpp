#include "evaluate/map_monitor.hpp"

#include <algorithm>
#include <chrono>

#include "evaluate/classified.hpp"
#include "explore/map_file.hpp"
#include "explore/trained_generator.hpp"
#include "train/samples.hpp"

namespace ganymede::evaluate {
namespace {

constexpr const char* kHeader = "map.header";
constexpr const char* kLabels = "map.labels";

class MapMonitor : public train::Observer {
 public:
  MapMonitor(const train::ObserverContext& context, fit::Classifier classifier)
      : setup_(context.setup),
        events_(context.events),
        folder_(context.directory.path() / "maps"),
        run_(context.directory.name()),
        classifier_(std::move(classifier)) {
    const run::Recipe& recipe = setup_.recipe;
    source_ = explore::map_source(recipe, setup_.networks.generator, classifier_.record().class_names);
    source_.generate = [this](std::span<const float> z, std::span<const std::int32_t> classes) {
      const std::int64_t count = static_cast<std::int64_t>(z.size()) / source_.prior.dim;
      const bool ema = setup_.recipe.game.ema_decay > 0;
      return setup_.executor->infer("generator", {.count = count, .values = z, .classes = classes}, ema).output;
    };
    source_.classify = [this](const Tensor& pictures) { return classifier_.labels(explore::as_samples(pictures)); };
    options_.side = recipe.evaluate.map_resolution;
    if (context.from == nullptr) return;
    const NamedTensors& stored = context.from->monitors;
    if (stored.contains(kHeader) && stored.contains(kLabels)) {
      const auto bytes = stored.at(kHeader).bytes();
      last_ = explore::map_from(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                                stored.at(kLabels), "the checkpoint's map");
    }
    last_in_folder_ = !context.from->events_crc32;  // written by version 0.1, which kept no map in its checkpoints
  }

  void on_start(const train::Moment& moment) override {
    if (moment.position.tick == 0) draw(moment.position);
  }

  void on_epoch(const train::Moment& moment) override {
    if (moment.position.epoch % setup_.recipe.evaluate.map_every == 0) draw(moment.position);
  }

  void store(NamedTensors& tensors) const override {
    if (!last_) return;
    const std::string header = to_json(*last_);
    tensors[kHeader] = Tensor::of<std::uint8_t>({static_cast<std::int64_t>(header.size())},
                                                std::vector<std::uint8_t>(header.begin(), header.end()));
    tensors[kLabels] = labels_of(last_->map);
  }

  bool may_finish(const train::Moment&) override { return settled_; }

 private:
  void draw(const train::Position& position) {
    const auto begin = std::chrono::steady_clock::now();
    explore::KeptMap kept = explore::kept_map(explore::make_class_map(source_, options_),
                                              static_cast<std::uint64_t>(position.epoch), classifier_.record());
    if (last_) {
      explore::compare_with(*last_, kept);
    } else if (last_in_folder_) {
      explore::compare_with_last(folder_, kept);
    }
    explore::write_map(folder_, kept, explore::title_of(run_, kept));
    const std::vector<double> shares = explore::area_shares(kept.map);
    run::Event event("map");
    event.set("step", position.step)
        .set("epoch", position.epoch)
        .set("images", position.images)
        .set("points", kept.map.points())
        .set("classes", std::count_if(shares.begin(), shares.end(), [](double share) { return share > 0; }))
        .set("largest_share", *std::max_element(shares.begin(), shares.end()));
    if (const auto share = explore::wanted_share(kept.map)) event.set("wanted_share", *share);
    if (kept.changed) event.set("since_epoch", *kept.since).set("changed_share", *kept.changed);
    const run::Recipe::Evaluate& e = setup_.recipe.evaluate;
    settled_ = e.map_stop > 0 && position.epoch >= e.map_stop_from && kept.changed && *kept.changed < e.map_stop;
    if (settled_) event.set("settled", true);
    event.set("time_seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    events_.write(event);
    last_ = std::move(kept);
  }

  train::Setup& setup_;
  run::EventWriter& events_;
  std::filesystem::path folder_;
  std::string run_;
  fit::Classifier classifier_;
  explore::MapSource source_;
  explore::MapOptions options_;
  bool settled_ = false;
  // What the next map is compared with. It lies in the checkpoint: the files of maps/ are anybody's.
  std::optional<explore::KeptMap> last_;
  bool last_in_folder_ = false;
};

}  // namespace

std::unique_ptr<train::Observer> make_map_monitor(const train::ObserverContext& context,
                                                  const ReferenceOptions& options) {
  const run::Recipe& recipe = context.setup.recipe;
  if (recipe.evaluate.map_every <= 0) return nullptr;
  Reference reference(recipe, options);
  // Before a classifier is fitted.
  explore::check_map(explore::map_source(recipe, context.setup.networks.generator, reference.train().class_names),
                     {.side = recipe.evaluate.map_resolution});
  return std::make_unique<MapMonitor>(
      context, fit::Classifier(options.backend, reference.classifier().record(), options.threads));
}

}  // namespace ganymede::evaluate
