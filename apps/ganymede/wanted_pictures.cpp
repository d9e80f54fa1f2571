#include "wanted_pictures.hpp"

#include <filesystem>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "evaluate/reference.hpp"
#include "explore/walk.hpp"
#include "legal.hpp"
#include "net/network.hpp"
#include "picture/picture_file.hpp"
#include "picture/resize.hpp"
#include "train/point_painter.hpp"
#include "train/sources.hpp"

namespace ganymede::app {

const data::Dataset& RunData::training() {
  if (!training_) training_ = train::open_training_data(recipe_, places_);
  return *training_;
}

const data::Dataset& RunData::held_out() {
  if (!held_out_) {
    held_out_ = evaluate::open_whole(recipe_, data::Split::test, places_);
    if (held_out_->images == training().images) {
      fail<DataError>("{}: both splits hold the same samples, so that nothing is held out from the training",
                      recipe_.data.source);
    }
  }
  return *held_out_;
}

WantedPictures::WantedPictures(const explore::TrainedGenerator& generator) : generator_(generator) {
  const net::Network& network = generator.network();
  chw_ = net::infer_shapes(network)[static_cast<std::size_t>(network.index_of(network.outputs.front()))];
}

void WantedPictures::add_sample(const data::Dataset& dataset, std::int64_t index, const std::string& name) {
  const auto begin = values_.size();
  values_.resize(begin + static_cast<std::size_t>(dataset.pixels_per_image()));
  data::copy_values(dataset, index, std::span(values_).subspan(begin));
  if (generator_.classes() > 0 && dataset.has_labels())
    targets_.classes.push_back(dataset.labels[static_cast<std::size_t>(index)]);
  if (generator_.condition_length() > 0 && dataset.condition_length() > 0) {
    const auto condition = dataset.condition(index);
    targets_.conditions.insert(targets_.conditions.end(), condition.begin(), condition.end());
  }
  names_.push_back(name);
}

void WantedPictures::add_sample(const data::Dataset& dataset, const std::string& option, std::string index,
                                const std::string& name) {
  if (const std::string wrong = whole_number(0, dataset.size() - 1)(index); !wrong.empty())
    fail<UserError>("{} {}; the data hold {} such samples", option, wrong, dataset.size());
  add_sample(dataset, std::stoll(index), name + ' ' + index);
}

void WantedPictures::add_file(const std::string& file) {
  if (train::is_ink(chw_) || train::is_points(chw_)) {
    fail<UserError>("{}: this run's generator draws {}, no pictures; wanted samples of its data (--train, --test)",
                    file, train::is_ink(chw_) ? "symbols of ink" : "points");
  }
  const picture::Image square = picture::centre_square(picture::read_picture(file));
  const picture::Image image = picture::resized(square, static_cast<int>(chw_[1]), static_cast<int>(chw_[2]))
                                   .with_channels(static_cast<int>(chw_[0]));
  std::vector<float> interleaved(image.pixels().size());
  data::to_unit_range(image.pixels(), interleaved);
  const auto channels = static_cast<std::size_t>(chw_[0]), pixels = interleaved.size() / channels;
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t p = 0; p < pixels; ++p) values_.push_back(interleaved[p * channels + c]);
  }
  names_.push_back(std::filesystem::path(file).filename().string());
}

explore::InversionTargets WantedPictures::finish(const std::string& condition, std::optional<int> only) {
  const auto count = std::ssize(names_);
  if (std::ssize(values_) != count * element_count(chw_)) {
    fail<DataError>(
        "the run's generator draws samples {}, those of its data hold {} values: the data are others than it "
        "learned from",
        to_string(chw_), values_.size() / names_.size());
  }
  targets_.pictures = Tensor::of<float>({count, chw_[0], chw_[1], chw_[2]}, values_);
  if (only) targets_.classes.assign(static_cast<std::size_t>(count), *only);
  if (std::ssize(targets_.classes) != count) targets_.classes.clear();
  const int length = generator_.condition_length();
  if (length > 0 && condition.empty() && std::ssize(targets_.conditions) != count * length) {
    fail<UserError>("this generator takes a condition of {} numbers: wanted --condition for a picture from outside",
                    length);
  }
  if (!condition.empty()) {
    const std::vector<float> one = explore::parse_condition(condition, length);  // refuses what there is no place for
    targets_.conditions.clear();
    for (std::int64_t i = 0; i < count; ++i)
      targets_.conditions.insert(targets_.conditions.end(), one.begin(), one.end());
  }
  return std::move(targets_);
}

}  // namespace ganymede::app
