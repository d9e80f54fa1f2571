#include "fit/classifier_cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/checksum.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "fit/fit_mark.hpp"
#include "fit/networks.hpp"
#include "net/description.hpp"

namespace ganymede::fit {
namespace {

constexpr std::int64_t kFewestSteps = 2000;

// What decides about the outcome of a fit, as text.
std::string identity(const ClassifierProtocol& protocol, const std::string& validation_hash, std::uint64_t seed,
                     const std::string& precision) {
  const FitOptions& f = protocol.fit;
  return fmt::format("{} {} epochs {} batch {} rate {} final {} shift {} noise {} seed {} {} {}", protocol.name,
                     validation_hash, f.epochs, f.batch, f.optimizer.learning_rate, f.final_rate, f.shift, f.noise,
                     seed, precision, net::to_json(protocol.network));
}

std::filesystem::path folder_of(const ClassifierOptions& options) {
  return options.cache.empty() ? user_cache_folder() / "classifiers" : options.cache;
}

void check(const data::Dataset& train, const data::Dataset& validation) {
  if (!train.has_labels() || train.class_count() < 2) {
    fail<DataError>("{}: a classifier wants at least two classes, found {}", train.provenance.name,
                    train.class_count());
  }
  const auto shape_of_one = [](const data::Dataset& d) {
    return Shape(d.images.shape().begin() + 1, d.images.shape().end());
  };
  if (shape_of_one(train) != shape_of_one(validation) || train.is_ink() != validation.is_ink() ||
      train.class_names != validation.class_names) {
    fail<DataError>("{}: a classifier of {} classes of {} cannot be validated with {} classes of {}",
                    train.provenance.name, train.class_count(), to_string(shape_of_one(train)),
                    validation.class_count(), to_string(shape_of_one(validation)));
  }
}

// A file that cannot be used is not an error: what it holds can be made again.
std::optional<ClassifierRecord> cached(const std::filesystem::path& file, const ClassifierRecord& wanted) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  try {
    ClassifierRecord found = load_classifier(file);
    const bool same = found.network == wanted.network && found.protocol == wanted.protocol &&
                      found.data_hash == wanted.data_hash && found.validation_hash == wanted.validation_hash &&
                      found.class_names == wanted.class_names && found.seed == wanted.seed;
    if (same) return found;
  } catch (const DataError&) {
  }
  return {};
}

/// Tries the folder before minutes of work; empty: files can be written there.
std::string why_not_written(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return "cannot make the folder: " + error.message();
  try {
    const std::filesystem::path probe = folder / fmt::format(".probe-{}", ::getpid());
    write_file_atomically(probe, "");
    std::filesystem::remove(probe, error);
  } catch (const Error& failed) {
    return failed.what();
  }
  return {};
}

}  // namespace

ClassifierProtocol classifier_protocol(const data::Dataset& train) {
  if (train.class_count() < 2) {
    fail<DataError>("{}: a classifier wants at least two classes, found {}", train.provenance.name,
                    train.class_count());
  }
  const Shape sample(train.images.shape().begin() + 1, train.images.shape().end());
  ClassifierProtocol protocol{.name = train.is_ink() ? "classifier_ink_v1" : "classifier_images_v1",
                              .network = classifier_for_shape(sample, train.class_count()),
                              .fit = {}};
  if (train.is_ink()) {
    protocol.fit.noise = 0.03;
  } else {
    protocol.fit.shift = 1;
  }
  const std::int64_t batches = (train.size() + protocol.fit.batch - 1) / protocol.fit.batch;
  const std::int64_t enough = (kFewestSteps + batches - 1) / batches;
  protocol.fit.epochs = static_cast<int>(std::max<std::int64_t>(train.is_ink() ? 30 : 10, enough));
  return protocol;
}

std::filesystem::path classifier_file(const play::Backend& backend, const data::Dataset& train,
                                      const data::Dataset& validation, const ClassifierOptions& options) {
  check(train, validation);
  const std::string text = identity(classifier_protocol(train), hex(data::content_hash(validation)), options.seed,
                                    play::name_of(backend.resolved(options.precision)));
  return folder_of(options) / (hex(data::content_hash(train)) + "-" + hex(crc32(text)) + ".safetensors");
}

Classifier classifier_for(const play::Backend& backend, const data::Dataset& train, const data::Dataset& validation,
                          const ClassifierOptions& options) {
  const std::filesystem::path file = classifier_file(backend, train, validation, options);
  ClassifierProtocol protocol = classifier_protocol(train);
  ClassifierRecord record{.network = protocol.network,
                          .parameters = {},
                          .protocol = protocol.name,
                          .data = train.provenance.name,
                          .data_hash = hex(data::content_hash(train)),
                          .validation_hash = hex(data::content_hash(validation)),
                          .class_names = train.class_names,
                          .seed = options.seed,
                          .plan = {},
                          .curve = {}};
  if (!options.anew) {
    if (auto found = cached(file, record)) return Classifier(backend, std::move(*found), options.threads);
  }
  const std::string obstacle = why_not_written(file.parent_path());
  if (!obstacle.empty() && options.on_warning) {
    options.on_warning(
        fmt::format("{}: {}; the classifier of {} is fitted but not kept (XDG_CACHE_HOME names another "
                    "folder)",
                    file.parent_path().string(), obstacle, record.data));
  }
  protocol.fit.seed = options.seed;
  protocol.fit.threads = options.threads;
  protocol.fit.precision = options.precision;
  FitResult result;
  {
    std::optional<FitMark> mark;
    if (obstacle.empty()) mark.emplace(file);
    const auto progress = [&](const FitProgress& at) {
      if (mark) mark->show(at.step, at.steps);
      return !options.on_progress || options.on_progress(at);
    };
    result = fit(backend, protocol.network, samples_of(train), samples_of(validation), protocol.fit, progress);
  }
  if (!result.finished) fail<Error>("the classifier of {} was stopped before it was ready", record.data);
  record.parameters = std::move(result.parameters);
  record.plan = result.plan;
  record.steps = result.steps;
  record.seconds = result.seconds;
  record.curve = std::move(result.curve);
  // What was fitted is not lost where the disk is full by now.
  try {
    if (obstacle.empty()) save_classifier(file, record);
  } catch (const Error& error) {
    if (options.on_warning) options.on_warning(fmt::format("{}; the classifier is used but not kept", error.what()));
  }
  return Classifier(backend, std::move(record), options.threads);
}

}  // namespace ganymede::fit
