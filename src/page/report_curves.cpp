#include "page/report_curves.hpp"

#include "page/report_series.hpp"
#include "picture/player_colours.hpp"

namespace ganymede::page {
namespace {

constexpr picture::Colour kThereAre{150, 150, 150};

picture::Series in_colour(picture::Series curve, picture::Colour colour) {
  curve.colour = colour;
  return curve;
}

picture::Series of_generator(picture::Series curve) {
  return in_colour(std::move(curve), picture::kGeneratorColour);
}

picture::Series of_discriminator(picture::Series curve) {
  return in_colour(std::move(curve), picture::kDiscriminatorColour);
}

}  // namespace

void add_curves(Page& page, const Events& events) {
  page.heading("Training");
  add_plot(
      page,
      {.title = "Losses",
       .x_label = "epoch",
       .y_label = "loss",
       .series = {of_generator(series(events, "step", "generator_loss", "generator")),
                  of_discriminator(series(events, "step", "discriminator_loss", "discriminator"))}},
      "Losses before each update, means over about a fiftieth of an epoch. Their levels say little about quality.");
  add_plot(page,
           {.title = "What the discriminator tells",
            .x_label = "epoch",
            .y_label = "share",
            .series = {in_colour(series(events, "epoch", "real_accuracy", "reals taken for real"),
                                 picture::series_colour(2)),
                       in_colour(series(events, "epoch", "fake_accuracy", "fakes taken for fake"),
                                 picture::series_colour(3))}},
           "Means of each epoch, in training mode.");
  add_plot(page,
           {.title = "Gradient norms",
            .x_label = "epoch",
            .y_label = "L2 norm",
            .series = {of_generator(series(events, "epoch", "generator_gradient_norm", "generator")),
                       of_discriminator(series(events, "epoch", "discriminator_gradient_norm", "discriminator"))}},
           "Means of each epoch, before clipping.");
  add_plot(
      page,
      {.title = "Weak real-or-generated classifier",
       .x_label = "epoch",
       .y_label = "validation loss, error rate",
       .series = {in_colour(series(events, "weak", "val_loss", "val loss (chance 0.693)"), picture::series_colour(2)),
                  in_colour(series(events, "weak", "error_rate", "error rate (chance 0.5)"),
                            picture::series_colour(3))}},
      "A small classifier trained from scratch at each point; higher is better for the generator.");
}

void add_mixture_curves(Page& page, const Events& events) {
  add_plot(page,
           {.title = "Modes covered",
            .x_label = "epoch",
            .y_label = "modes",
            .series = {in_colour(series(events, "mixture", "modes", "covered"), picture::kGeneratorColour),
                       in_colour(series(events, "mixture", "of", "there are"), kThereAre)}},
           "Modes of the data's mixture with a generated point near them.");
  add_plot(page,
           {.title = "How near, and how evenly",
            .x_label = "epoch",
            .y_label = "share, nats",
            .series = {in_colour(series(events, "mixture", "high_quality", "share of points near a mode"),
                                 picture::series_colour(2)),
                       in_colour(series(events, "mixture", "reverse_kl", "reverse KL of the modes' shares"),
                                 picture::series_colour(3))}},
           "Generated points within three deviations of a mode, and KL(shares of modes || true shares).");
}

}  // namespace ganymede::page
