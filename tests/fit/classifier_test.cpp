#include "fit/classifier.hpp"

#include <fstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "fit/classifier_cache.hpp"
#include "fit/tiny.hpp"
#include "tensor/checked_file.hpp"

namespace ganymede::fit {
namespace {

using ganymede::testing::FreshFolder;

ClassifierRecord fitted(const data::Dataset& train, const net::Network& network) {
  FitResult result =
      fit(backend(), network, samples_of(train), samples_of(train), {.epochs = 4, .batch = 32, .threads = 1});
  return {.network = network,
          .parameters = std::move(result.parameters),
          .protocol = "a_test",
          .data = train.provenance.name,
          .data_hash = "01234567",
          .validation_hash = "89abcdef",
          .class_names = train.class_names,
          .seed = 3,
          .plan = result.plan,
          .steps = result.steps,
          .seconds = 1.25,
          .curve = result.curve};
}

TEST(Classifier, TellsItsTrainingClasses) {
  const data::Dataset train = bars(200, 3, 1);
  Classifier classifier(backend(), fitted(train, tiny_network(3)), 1);
  const auto outputs = classifier.all(train.images);
  EXPECT_EQ(outputs.probabilities.shape(), (Shape{200, 3}));
  EXPECT_EQ(outputs.features.shape(), (Shape{200, 16}));
  EXPECT_EQ(outputs.labels, classifier.labels(train.images));
  EXPECT_EQ(outputs.features, classifier.features(train.images));
  EXPECT_EQ(outputs.probabilities, classifier.probabilities(train.images));
  std::int64_t errors = 0;
  const auto p = outputs.probabilities.values<float>();
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_NEAR(p[3 * i] + p[3 * i + 1] + p[3 * i + 2], 1, 1e-6);
    if (outputs.labels[i] != train.labels[i]) ++errors;
  }
  EXPECT_LE(errors, 4);
  EXPECT_EQ(classifier.evaluate(samples_of(train)).errors, errors);
}

// Three pictures as the channels of one: what the classifier says of each by itself, joined.
TEST(Classifier, OfStackedPicturesJudgesEachByItself) {
  const data::Dataset train = bars(120, 3, 1);
  Classifier one(backend(), fitted(train, tiny_network(3)), 1);
  Classifier three(backend(), stacked(one.record(), 3), 1);
  EXPECT_EQ(three.class_count(), 27);
  EXPECT_EQ(three.record().class_names[5], "012");
  EXPECT_EQ(three.input_shape(), (Shape{3, 12, 12}));
  EXPECT_EQ(three.feature_count(), 48);
  // Of the third picture of each the class is another one than by turns.
  Tensor mixed = train.images.reshaped({40, 3, 12, 12});
  std::ranges::copy(train.images.values<std::uint8_t>().first(144), mixed.values<std::uint8_t>().begin() + 2 * 144);
  const auto parts = one.all(mixed.reshaped({120, 1, 12, 12})), whole = three.all(mixed);
  EXPECT_EQ(whole.features, parts.features.reshaped({40, 48}));
  ASSERT_EQ(whole.probabilities.shape(), (Shape{40, 27}));
  const auto p = parts.probabilities.values<float>(), joined = whole.probabilities.values<float>();
  for (std::size_t n = 0; n < 40; ++n) {
    const auto* labels = &parts.labels[3 * n];
    EXPECT_EQ(whole.labels[n], 9 * labels[0] + 3 * labels[1] + labels[2]);
    for (std::size_t k = 0; k < 27; ++k)
      EXPECT_NEAR(joined[27 * n + k], p[9 * n + k / 9] * p[9 * n + 3 + k / 3 % 3] * p[9 * n + 6 + k % 3], 1e-6);
  }
  EXPECT_EQ(three.labels(mixed), whole.labels);
  EXPECT_EQ(three.feature_maps(mixed).shape()[1], 3 * one.feature_maps(train.images).shape()[1]);
  EXPECT_THROW(three.labels(train.images), ShapeError);
  EXPECT_THROW(stacked(one.record(), 0), ConfigError);
  EXPECT_THROW(stacked(one.record(), 9), ConfigError) << "19,683 classes";
}

TEST(Classifier, FeatureMapsAreWhatIsFlattened) {
  const data::Dataset train = bars(40, 3, 1);
  Classifier classifier(backend(), fitted(train, tiny_network(3)), 1);
  const Tensor maps = classifier.feature_maps(train.images);
  const net::Network& network = classifier.record().network;
  const auto shapes = net::infer_shapes(network);
  const Shape flat = shapes[static_cast<std::size_t>(network.index_of("flatten"))];
  ASSERT_EQ(maps.shape().size(), 4U);
  EXPECT_EQ(maps.shape()[0], 40);
  EXPECT_EQ(element_count(maps.shape()), 40 * element_count(flat));
  const auto values = maps.values<float>();
  EXPECT_TRUE(std::ranges::all_of(values, [](float v) { return v >= 0; }));
  EXPECT_GT(std::ranges::max(values), 0);
  const Tensor one = classifier.feature_maps(data::first_images(train, 1).images);
  EXPECT_TRUE(std::ranges::equal(one.values<float>(), values.first(one.values<float>().size())));
}

// The last dense layer by hand, from the features: the features are the penultimate layer.
TEST(Classifier, ProbabilitiesAreTheSoftmaxOfADenseLayerOnTheFeatures) {
  const data::Dataset train = bars(40, 3, 1);
  Classifier classifier(backend(), fitted(train, tiny_network(3)), 1);
  const auto outputs = classifier.all(train.images);
  const auto& parameters = classifier.record().parameters;
  const auto w = parameters.at("classifier.logits.weight").values<float>();
  const auto b = parameters.at("classifier.logits.bias").values<float>();
  const auto f = outputs.features.values<float>();
  for (std::size_t n = 0; n < 40; ++n) {
    double powers[3], sum = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      double logit = b[k];
      for (std::size_t i = 0; i < 16; ++i) logit += double{w[16 * k + i]} * f[16 * n + i];
      sum += powers[k] = std::exp(logit);
    }
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(outputs.probabilities.values<float>()[3 * n + k], powers[k] / sum, 1e-5);
  }
}

TEST(Classifier, DoesNotDependOnNeighboursNumberOrThreads) {
  const data::Dataset train = bars(1500, 3, 1);  // more than one piece
  const ClassifierRecord record = fitted(bars(100, 3, 1), tiny_network(3));
  Classifier one(backend(), record, 1), three(backend(), record, 3);
  const auto all = one.all(train.images);
  EXPECT_EQ(all.features, three.all(train.images).features);
  const data::Dataset few = data::first_images(train, 5);
  const Tensor features = three.features(few.images);
  for (std::size_t i = 0; i < 5 * 16; ++i) EXPECT_EQ(features.values<float>()[i], all.features.values<float>()[i]);
}

TEST(Classifier, ReadsFloatsAsItReadsBytes) {
  const data::Dataset train = bars(30, 3, 1);
  Classifier classifier(backend(), fitted(train, tiny_network(3)), 1);
  Tensor floats(DType::f32, train.images.shape());
  data::to_unit_range(train.images.values<std::uint8_t>(), floats.values<float>());
  EXPECT_EQ(classifier.probabilities(floats), classifier.probabilities(train.images));
}

TEST(Classifier, OfOneLogitHasTwoProbabilities) {
  const data::Dataset train = bars(100, 2, 1);
  Classifier classifier(backend(), fitted(train, tiny_network(1)), 1);
  const Tensor p = classifier.probabilities(train.images);
  ASSERT_EQ(p.shape(), (Shape{100, 2}));
  const auto labels = classifier.labels(train.images);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_NEAR(p.values<float>()[2 * i] + p.values<float>()[2 * i + 1], 1, 1e-6);
    EXPECT_EQ(labels[i], p.values<float>()[2 * i + 1] > 0.5F ? 1 : 0);
  }
}

TEST(Classifier, RefusesSamplesOfAnotherShape) {
  Classifier classifier(backend(), fitted(bars(40, 3, 1), tiny_network(3)), 1);
  EXPECT_THROW(classifier.labels(Tensor(DType::f32, {2, 1, 12, 11})), ShapeError);
  EXPECT_THROW(classifier.labels(Tensor(DType::f32, {2, 10, 3})), ShapeError);
  EXPECT_TRUE(classifier.labels(Tensor(DType::f32, {0, 1, 12, 12})).empty());
}

TEST(ClassifierFile, ComesBackAsItWas) {
  const FreshFolder folder;
  const data::Dataset train = strokes(60, 3, 1);
  const ClassifierRecord saved =
      fitted(train, ink_classifier({.outputs = 3, .filters = 4, .hidden = 8, .features = 6}));
  save_classifier(folder / "c.safetensors", saved);
  const ClassifierRecord loaded = load_classifier(folder / "c.safetensors");
  EXPECT_EQ(loaded.network, saved.network);
  EXPECT_EQ(loaded.parameters, saved.parameters);
  EXPECT_EQ(loaded.class_names, saved.class_names);
  EXPECT_EQ(loaded.protocol, "a_test");
  EXPECT_EQ(loaded.data_hash, "01234567");
  EXPECT_EQ(loaded.validation_hash, "89abcdef");
  EXPECT_EQ(loaded.seed, 3U);
  EXPECT_EQ(loaded.steps, saved.steps);
  EXPECT_EQ(loaded.seconds, 1.25);
  ASSERT_EQ(loaded.curve.size(), saved.curve.size());
  EXPECT_EQ(loaded.curve.back().validation.loss, saved.curve.back().validation.loss);
  EXPECT_EQ(loaded.validation_error(), saved.validation_error());
  Classifier a(backend(), saved, 1), b(backend(), loaded, 1);
  EXPECT_EQ(a.probabilities(train.images), b.probabilities(train.images));
}

TEST(ClassifierFile, IsRefusedWithoutANetworkThatClassifies) {
  const FreshFolder folder;
  const ClassifierRecord good = fitted(bars(40, 3, 1), tiny_network(3));
  const auto path = folder / "c.safetensors";
  const auto fault = [&](const ClassifierRecord& record) {
    save_classifier(path, record);
    return message_of<DataError>([&] { load_classifier(path); });
  };
  ClassifierRecord bad = good;
  bad.class_names.pop_back();
  EXPECT_NE(fault(bad).find("no classifier of 2 classes"), std::string::npos);
  bad = good;
  bad.parameters.erase("classifier.dense.weight");
  EXPECT_NE(fault(bad).find("classifier.dense.weight"), std::string::npos);
  bad = good;
  bad.network.nodes.back().inputs = {"nobody"};
  EXPECT_NE(fault(bad).find(path.string()), std::string::npos);
  write_checked(path, good.parameters, {{"schema", "ganymede.other/1"}});
  EXPECT_NE(message_of<DataError>([&] { load_classifier(path); }).find("ganymede.classifier/1"), std::string::npos);
}

// Whatever happens to the bytes: it is refused in words, or it is what it was.
TEST(ClassifierFile, SurvivesDamage) {
  const FreshFolder folder;
  const ClassifierRecord good =
      fitted(strokes(40, 3, 1), ink_classifier({.outputs = 3, .filters = 4, .hidden = 5, .features = 4}));
  const auto path = folder / "c.safetensors";
  save_classifier(path, good);
  const std::string bytes = read_file(path);
  int refused = 0;
  for (std::uint32_t i = 0; i < 400; ++i) {
    RandomSequence random(Random(1, "damage"), i);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << ganymede::testing::mutate(bytes, random);
    try {
      EXPECT_EQ(load_classifier(path).parameters, good.parameters);
    } catch (const DataError& error) {
      ++refused;
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(refused, 300);
}

TEST(ClassifierFor, WorksFromMemoryWhereTheCacheCannotBeWritten) {
  const FreshFolder folder;
  std::ofstream(folder / "file") << "no folder";
  const data::Dataset train = bars(256, 3, 1), test = bars(90, 3, 2);
  std::vector<std::string> warnings;
  std::int64_t steps = 0;
  ClassifierOptions options{.cache = folder / "file" / "cache", .threads = 1, .on_progress = [&](const FitProgress&) {
                              EXPECT_EQ(warnings.size(), 1U);  // said before the fit
                              ++steps;
                              return true;
                            }};
  options.on_warning = [&](const std::string& text) { warnings.push_back(text); };
  const Classifier classifier = classifier_for(backend(), train, test, options);
  EXPECT_EQ(classifier.record().steps, steps);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("not kept"), std::string::npos) << warnings[0];
}

TEST(ClassifierFor, FitsInkByAProtocolOfItsOwnSlow) {
  const FreshFolder folder;
  const data::Dataset train = strokes(256, 3, 1), test = strokes(90, 3, 2);
  const ClassifierOptions options{.cache = folder / "cache", .threads = 1};
  const ClassifierRecord record = classifier_for(backend(), train, test, options).record();
  EXPECT_EQ(record.protocol, "classifier_ink_v1");
  EXPECT_GE(record.steps, 2000);
  EXPECT_LE(record.validation_error(), 0.05);
}

TEST(ClassifierFor, FitsOnceAndThenReadsTheCache) {
  const FreshFolder folder;
  const data::Dataset train = bars(256, 3, 1), test = bars(90, 3, 2);
  std::int64_t steps = 0;
  ClassifierOptions options{.cache = folder / "deep" / "cache", .threads = 1, .on_progress = [&](const FitProgress&) {
                              ++steps;
                              return true;
                            }};
  EXPECT_FALSE(kept_classifier(backend(), train, test, options));
  EXPECT_EQ(steps, 0) << "asked for what is kept, nothing is fitted";
  Classifier first = classifier_for(backend(), train, test, options);
  EXPECT_GT(steps, 0);
  EXPECT_EQ(first.record().steps, steps);
  EXPECT_EQ(first.record().protocol, "classifier_images_v1");
  EXPECT_LE(first.record().validation_error(), 0.05);
  EXPECT_TRUE(std::filesystem::exists(classifier_file(backend(), train, test, options)));
  steps = 0;
  Classifier second = classifier_for(backend(), train, test, options);
  EXPECT_EQ(steps, 0);
  EXPECT_EQ(first.probabilities(test.images), second.probabilities(test.images));
  auto kept = kept_classifier(backend(), train, test, options);
  ASSERT_TRUE(kept);
  EXPECT_EQ(first.probabilities(test.images), kept->probabilities(test.images));
  EXPECT_FALSE(kept_classifier(backend(), test, train, options)) << "of other data";

  // Damage is mended, not reported.
  std::filesystem::resize_file(classifier_file(backend(), train, test, options), 100);
  EXPECT_FALSE(kept_classifier(backend(), train, test, options));
  options.on_progress = [&](const FitProgress& p) { return ++steps, p.step < 3; };
  EXPECT_NE(message_of<Error>([&] { classifier_for(backend(), train, test, options); }).find("stopped"),
            std::string::npos);
  EXPECT_EQ(steps, 3);
}

TEST(ClassifierFile, IsNamedByAllThatDecides) {
  const data::Dataset train = strokes(60, 3, 1), test = strokes(30, 3, 2), other = strokes(60, 3, 9);
  const ClassifierOptions options{.cache = "/cache"};
  const auto file = classifier_file(backend(), train, test, options);
  EXPECT_EQ(file.parent_path(), "/cache");
  EXPECT_EQ(file, classifier_file(backend(), train, test, {.cache = "/cache", .threads = 7, .anew = true}));
  EXPECT_NE(file, classifier_file(backend(), other, test, options));
  EXPECT_NE(file, classifier_file(backend(), train, other, options));
  EXPECT_NE(file, classifier_file(backend(), train, test, {.cache = "/cache", .seed = 2}));
}

TEST(ClassifierFor, RefusesSetsThatDoNotBelongTogether) {
  const data::Dataset pictures = bars(60, 3, 1), ink = strokes(60, 3, 1), two = bars(60, 2, 1);
  data::Dataset plain = pictures;
  plain.labels.clear();
  plain.class_names.clear();
  const ClassifierOptions options{.cache = "/nowhere"};
  EXPECT_THROW(classifier_for(backend(), pictures, ink, options), DataError);
  EXPECT_THROW(classifier_for(backend(), pictures, two, options), DataError);
  EXPECT_THROW(classifier_for(backend(), plain, pictures, options), DataError);
}

TEST(ClassifierProtocol, FollowsFromTheData) {
  const ClassifierProtocol small = classifier_protocol(bars(256, 3, 1));
  EXPECT_EQ(small.name, "classifier_images_v1");
  EXPECT_EQ(small.fit.epochs, 1000);  // two batches an epoch
  EXPECT_EQ(small.fit.shift, 1);
  const ClassifierProtocol ink = classifier_protocol(strokes(12800, 3, 1));
  EXPECT_EQ(ink.name, "classifier_ink_v1");
  EXPECT_EQ(ink.fit.epochs, 30);
  EXPECT_EQ(ink.fit.shift, 0);
}

}  // namespace
}  // namespace ganymede::fit
