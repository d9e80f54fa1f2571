#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "explore/point_pictures.hpp"
#include "explore/weights.hpp"
#include "run/recipe_file.hpp"
#include "serve/asked.hpp"
#include "serve/frame.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

// Its data are opened once, which of a large file takes its time.
std::shared_ptr<explore::PointPictures> pictures_of(const run::Recipe& recipe, Models& models) {
  const std::string key = "points " + run::to_toml(recipe);
  auto pictures = models.shelf().find<explore::PointPictures>(key);
  if (pictures != nullptr) return pictures;
  try {
    pictures = std::make_shared<explore::PointPictures>(models.backend(), recipe, 1);
  } catch (const DataError& fault) {
    throw HttpError(409, fault.what());
  }
  models.shelf().put(key, pictures, [&kept = *pictures] { return kept.bytes(); });
  return pictures;
}

Response plane_answer(const Asked& asked, const Opened& opened, Models& models) {
  explore::TrainedGenerator& generator = opened.generator();
  if (!explore::draws_points(generator.network()))
    throw HttpError(409, "this run's samples are no points, and lie in no plane");
  const explore::Weights weights = explore::load_weights(run::RunDirectory::open(asked.folder), asked.wanted.epoch);
  const explore::PointPictures::Ground ground = pictures_of(generator.about().recipe, models)->ground(weights.snapshot);
  const Tensor fakes = generator.draw(train::kFixedSeed, train::kPointsShown);
  const std::int64_t dim = fakes.shape()[1];
  const Json head = {
      {"run", opened.run},
      {"epoch", weights.snapshot.epoch},
      {"step", weights.snapshot.step},
      {"dim", dim},
      {"frame", {{"x", {ground.frame.x.low, ground.frame.x.high}}, {"y", {ground.frame.y.low, ground.frame.y.high}}}}};
  NamedArrays arrays;
  arrays.emplace_back("reals", Tensor::of<float>({std::ssize(ground.reals) / dim, dim}, ground.reals));
  arrays.emplace_back("fakes", fakes.reshaped({fakes.shape()[0], dim}));
  if (!ground.shares.empty())
    arrays.emplace_back("shares", Tensor::of<float>({ground.rows, ground.columns}, ground.shares));
  return frame_response("plane", head, arrays);
}

}  // namespace

Response show_plane(const Request& request, const Parts& parts, Api& api) {
  const auto asked = std::make_shared<Asked>(read_query(request, parts, api));
  asked->points = true;
  return with_models(asked, api, false, false,
                     [=, &api](const Opened& opened) { return plane_answer(*asked, opened, models_of(api)); });
}

}  // namespace ganymede::serve
