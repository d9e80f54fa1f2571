#include "study/image_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace ganymede::study {
namespace {

std::string of(const char* activation, bool landscapes, std::int64_t epoch) {
  for (const PublishedActivation& one : published_activations()) {
    for (const Published& p : landscapes ? one.landscapes : one.digits) {
      if (std::string(one.name) == activation && p.epoch == epoch) return fmt::format("{} {:.4f}", one.title, p.value);
    }
  }
  fail<Error>("internal: nothing published of {} at epoch {}", activation, epoch);
}

}  // namespace

const std::vector<PublishedActivation>& published_activations() {
  static const std::vector<PublishedActivation> all = {
      {"relu",
       "ReLU",
       {{100, 0.0064}, {200, 0.0198}, {300, 0.0810}, {400, 0.0631}, {500, 0.1561}},
       {{10, 0.001},   {50, 0.0288},  {100, 0.0541}, {150, 0.0618}, {200, 0.0631}, {250, 0.1081}, {300, 0.0689},
        {350, 0.0907}, {400, 0.0967}, {450, 0.1145}, {500, 0.1086}, {550, 0.1139}, {600, 0.0909}, {650, 0.0844},
        {700, 0.0438}, {750, 0.0799}, {800, 0.0853}, {850, 0.056},  {900, 0.0728}, {950, 0.0399}, {1000, 0.0397}},
       {.epochs = 500, .seconds_per_epoch = 9, .hours = 1.25},
       {.epochs = 1000, .seconds_per_epoch = 410, .parameters = 10729344}},
      {"leaky_relu",
       "LeakyReLU",
       {{100, 0.0065}, {200, 0.0538}, {300, 0.0502}, {400, 0.0821}, {500, 0.1428}},
       {{10, 0.0036},  {50, 0.0189},  {100, 0.0626}, {150, 0.0605}, {200, 0.0532}, {250, 0.0778}, {300, 0.0593},
        {350, 0.0476}, {400, 0.0725}, {450, 0.0636}, {500, 0.0654}, {550, 0.0521}, {600, 0.0890}, {650, 0.0947},
        {700, 0.0974}, {750, 0.0874}, {800, 0.0458}, {850, 0.0798}, {900, 0.0763}, {950, 0.0631}, {1000, 0.0718}},
       {.epochs = 500, .seconds_per_epoch = 10, .hours = 1.37},
       {.epochs = 1000, .seconds_per_epoch = 410, .parameters = 10729344}},
      {"prelu",
       "PReLU",
       {{100, 0.0068}, {200, 0.0473}, {300, 0.0670}, {400, 0.0263}, {500, 0.0789}},
       {{10, 0.000986}, {50, 0.0057},  {100, 0.003},  {150, 0.0048}, {200, 0.0062}, {250, 0.0092}, {300, 0.0063},
        {350, 0.0036},  {400, 0.0052}, {450, 0.0062}, {500, 0.0035}, {550, 0.0055}, {600, 0.0044}, {650, 0.0045},
        {700, 0.0017},  {750, 0.0081}, {800, 0.0036}, {850, 0.0052}, {900, 0.0024}, {950, 0.0057}, {1000, 0.0059}},
       {.epochs = 500, .seconds_per_epoch = 10, .hours = 1.25},
       {.epochs = 1000, .seconds_per_epoch = 430, .parameters = 10729344}},
      {"elu",
       "ELU",
       {{100, 0.0186}, {200, 0.0369}, {300, 0.0967}, {400, 0.0706}, {500, 0.0526}},
       {{10, 0.0019},  {50, 0.0233},  {100, 0.052}, {150, 0.0558}, {200, 0.0713}, {250, 0.089},  {300, 0.067},
        {350, 0.0766}, {400, 0.0587}, {450, 0.084}, {500, 0.0795}, {550, 0.0818}, {600, 0.1061}, {650, 0.0807},
        {700, 0.1032}, {750, 0.0707}, {800, 0.099}, {850, 0.0721}, {900, 0.098},  {950, 0.056},  {1000, 0.0825}},
       {.epochs = 500, .seconds_per_epoch = 9, .hours = 1.32},
       {.epochs = 1000, .seconds_per_epoch = 420, .parameters = 10729344}},
  };
  return all;
}

const std::vector<PublishedModel>& published_models() {
  static const std::vector<PublishedModel> all = {
      {"digits-2d",
       "2-D",
       {{1000, 0.0055}, {5000, 0.0154}},
       {.epochs = 5000, .seconds_per_epoch = 10, .hours = 15, .parameters = 1101632, .gigabytes = 0.18}},
      {"digits-3d",
       "3-D",
       {{1000, 0.0269}, {2000, 0.0320}},
       {.epochs = 2000, .seconds_per_epoch = 20, .hours = 10, .parameters = 1114176, .gigabytes = 0.18}},
      {"digits-4d",
       "4-D",
       {{1000, 0.0829}},
       {.epochs = 1000, .seconds_per_epoch = 10, .hours = 3, .parameters = 1126720, .gigabytes = 0.18}},
      {"digits-cgan-3d",
       "3-D cGAN",
       {{256, 0.00084}},
       {.epochs = 256, .seconds_per_epoch = 0.125 * 234, .hours = 5.5, .parameters = 1114206, .gigabytes = 0.18}},
  };
  return all;
}

Published largest_of(const std::vector<Published>& points) {
  return points.empty() ? Published{} : *std::ranges::max_element(points, {}, &Published::value);
}

std::vector<std::string> contradictions(const std::string& study) {
  if (study == "dims") {
    return {
        "Table 3.3 counts 60,000 epochs of 0.125 s for the conditional model: evidently steps. They would be 2.1 "
        "hours, the table says 5.5 (print unclear).",
        "An epoch of the 3-D model took 20 s, of the 2-D and the 4-D one 10 s, though the three differ by one row of a "
        "dense layer. Epochs times seconds give 13.9, 11.1 and 2.8 hours, the table says 15, 10 and 3."};
  }
  if (study == "activations") {
    return {
        fmt::format(
            "The order is called the reverse of the literature's (worst to best: ReLU, LeakyReLU, PReLU, ELU). By the "
            "largest loss over the epochs, which the study compares (Table 3.4), ELU stands before PReLU, so it is "
            "not quite; at the last epoch of Table 3.1 it is ({}, {}, {}, {}).",
            of("relu", false, 500), of("leaky_relu", false, 500), of("prelu", false, 500), of("elu", false, 500)),
        fmt::format(
            "All are said to worsen together at epoch 400. In Table 3.1 LeakyReLU rises there, from 0.0502 to 0.0821 "
            "({} at 400), and all but ELU end higher than ever before.",
            of("leaky_relu", false, 400)),
        "PReLU's 500 epochs of 10 s are 1 h 23 min; the table has about 1 h 15 min for them (print unclear)."};
  }
  if (study == "landscapes") {
    return {
        fmt::format("The text puts ReLU's best at epoch 550, Table 3.2 has it at 450 ({} there, {} at 550).",
                    of("relu", true, 450), of("relu", true, 550)),
        fmt::format(
            "All are said to worsen together after epoch 550. In Table 3.2 only ReLU ends lower than it was there "
            "({}); ELU and LeakyReLU have their largest loss later ({} at 600, {} at 700).",
            of("relu", true, 1000), of("elu", true, 600), of("leaky_relu", true, 700)),
        fmt::format(
            "By the largest loss the order is ReLU, ELU, LeakyReLU, PReLU: not that of the digits, nor the reverse of "
            "the literature's. At the last epoch ReLU is third ({}, {}, {}, {}).",
            of("elu", true, 1000), of("leaky_relu", true, 1000), of("relu", true, 1000), of("prelu", true, 1000))};
  }
  return {};
}

}  // namespace ganymede::study
