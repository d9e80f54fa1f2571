#include "data/synthetic/digit_templates.hpp"

#include <algorithm>

#include "data/synthetic/glyph_hand.hpp"

namespace ganymede::data {
namespace {

using ink::Ink;
using ink::Point;
using ink::Stroke;

Ink zero(Hand& hand) {
  const double rx = std::clamp(hand.about(0.33, 0.06), 0.2, 0.46);
  const double start = hand.about(-0.2, 0.07);
  const double sweep = 1 + hand.about(0.01, 0.05);
  const double way = hand.chance(0.87) ? -1 : 1;
  const double spiral = hand.about(-0.02, 0.06), egg = hand.about(0, 0.07);
  Stroke stroke;
  constexpr int kCount = 11;
  for (int i = 0; i < kCount; ++i) {
    const double share = static_cast<double>(i) / (kCount - 1);
    const Point p = ink::Affine::rotation(start + way * sweep * share)({1, 0});
    const double radius = 1 + spiral * (share - 0.5) + hand.about(0, 0.012);
    stroke.push_back({rx + radius * p.x * (rx + egg * p.y), 0.5 + 0.5 * radius * p.y});
  }
  if (hand.chance(0.14)) {  // the end of the stroke runs into the bowl, or stands out to the right
    const double inside = hand.chance(0.6) ? -1 : 0.7;
    stroke.push_back({stroke.back().x + inside * hand.between(0.08, 0.2), stroke.back().y + hand.between(-0.08, 0.1)});
  }
  return {stroke};
}

Ink one(Hand& hand) {
  const double bend = hand.about(0, 0.025);
  const double habit = hand.between(0, 1);
  Stroke stem;
  if (habit > 0.84) {
    stem.push_back(hand.near(-hand.between(0.12, 0.28), hand.between(0.16, 0.3), 0.02));
    corner(stem, {0, 0});
  } else {
    stem.push_back({0, 0});
  }
  stem.push_back({bend, 0.5});
  stem.push_back({hand.about(0, 0.015), 1});
  Ink ink{stem};
  if (habit > 0.92) {
    const double half = hand.between(0.16, 0.3);
    ink.push_back({hand.near(-half, 1, 0.02), hand.near(0, 1, 0.01), hand.near(half, 1, 0.03)});
  }
  return ink;
}

Ink two(Hand& hand) {
  const double w = hand.about(0.56, 0.06), belly = hand.about(0.25, 0.04), base = hand.about(0.94, 0.03);
  Stroke s;
  s.push_back(hand.near(0.04, hand.between(0.12, 0.3), 0.03));
  if (hand.chance(0.8)) s.push_back(hand.near(0.12, 0.07, 0.02));
  s.push_back(hand.near(0.32, 0, 0.02));
  s.push_back(hand.near(w * 0.93, belly * 0.55));
  s.push_back(hand.near(w * 0.9, belly * 1.35));
  if (hand.chance(0.5)) {  // a loop at the foot
    const double size = hand.between(0.6, 1.8);
    s.push_back(hand.near(0.38, 0.58));
    s.push_back(hand.near(0.2, base - 0.07));
    s.push_back(hand.near(0.16 - 0.08 * size, base, 0.012));
    s.push_back(hand.near(0.1 - 0.1 * size, base - 0.08 * size, 0.012));
    s.push_back(hand.near(0.17 - 0.03 * size, base - 0.15 * size, 0.015));
    s.push_back(hand.near(0.38, base - 0.03 - 0.03 * size, 0.015));
    s.push_back(hand.near(0.5, base + hand.between(-0.02, 0.05), 0.015));
    s.push_back(hand.near(hand.between(0.6, 0.84), base + hand.between(-0.12, 0.08), 0.02));
  } else {
    s.push_back(hand.near(0.34, 0.62));
    const Point foot = hand.near(0.02, base, 0.02);
    if (hand.chance(0.75)) {
      corner(s, foot);
    } else {
      s.push_back(hand.near(0.06, base - 0.07, 0.01));
      s.push_back(foot);
    }
    const double wave = hand.about(-0.01, 0.025);
    s.push_back({0.3, base + wave});
    s.push_back(hand.near(hand.between(0.54, 0.76), base + hand.about(0.0, 0.03), 0.015));
  }
  return {s};
}

Ink three(Hand& hand) {
  const double waist = hand.about(0.45, 0.035), top = hand.about(0.5, 0.05), bottom = hand.about(0.56, 0.05);
  Stroke s;
  if (hand.chance(0.15)) {  // a flat top
    s.push_back(hand.near(0.03, 0.03, 0.03));
    corner(s, hand.near(top + 0.02, 0.01, 0.025));
    corner(s, hand.near(0.22, waist - 0.06, 0.03));
    s.push_back(hand.near(0.42, waist + 0.0, 0.02));
  } else {
    s.push_back(hand.near(0.04, hand.between(0.08, 0.2), 0.03));
    s.push_back(hand.near(0.26, 0, 0.02));
    s.push_back(hand.near(top, 0.13));
    s.push_back(hand.near(top - 0.05, waist * 0.72));
    const double waist_x = hand.between(0.14, 0.32);
    const double habit = hand.between(0, 1);
    if (habit < 0.6) {
      corner(s, hand.near(waist_x, waist, 0.015));
    } else if (habit < 0.8) {  // a small loop
      const double size = hand.between(0.5, 1);
      s.push_back(hand.near(waist_x, waist, 0.01));
      s.push_back(hand.near(waist_x - 0.08 * size, waist + 0.02 * size, 0.006));
      s.push_back(hand.near(waist_x - 0.07 * size, waist - 0.04 * size, 0.006));
      s.push_back(hand.near(waist_x + 0.03, waist - 0.01, 0.008));
    } else {
      s.push_back(hand.near(waist_x + 0.05, waist - 0.02, 0.01));
      s.push_back(hand.near(waist_x + 0.05, waist + 0.02, 0.01));
    }
    s.push_back(hand.near(bottom - 0.1, waist + 0.07));
  }
  s.push_back(hand.near(bottom, 0.69, 0.02));
  s.push_back(hand.near(bottom - 0.1, 0.91));
  s.push_back(hand.near(0.24, 1, 0.02));
  s.push_back(hand.near(hand.between(-0.04, 0.06), hand.between(0.82, 0.95), 0.02));
  return {s};
}

Ink four(Hand& hand) {
  const double bar = hand.about(0.54, 0.06), stem = hand.about(0.5, 0.06), habit = hand.between(0, 1);
  const double lean = hand.about(0.02, 0.03);
  if (habit < 0.2) {  // closed: a triangle and a stem through it
    Stroke s{hand.near(stem - 0.02, 0.02, 0.02)};
    if (hand.chance(0.5)) s.push_back(hand.near(stem * 0.5, bar * 0.55, 0.02));
    corner(s, hand.near(0, bar + 0.06, 0.025));
    s.push_back(hand.near(stem + hand.between(0.05, 0.22), bar + hand.about(0.04, 0.03), 0.015));
    return {s,
            {hand.near(stem, hand.between(0.0, 0.08), 0.015),
             {stem + hand.about(0, 0.015), 0.5},
             hand.near(stem - lean, 1, 0.02)}};
  }
  Stroke s{hand.near(hand.between(0.06, 0.2), hand.between(0, 0.1), 0.02)};
  s.push_back(hand.near(0.06, bar * 0.55, 0.015));
  if (hand.chance(0.55)) {
    corner(s, hand.near(0.02, bar, 0.02));
  } else {  // a round cup
    s.push_back(hand.near(0.04, bar - 0.04, 0.015));
    s.push_back(hand.near(0.15, bar + 0.03, 0.015));
  }
  if (habit < 0.4) {  // one stroke: the cup runs up into the stem
    s.push_back(hand.near(0.3, bar - 0.02, 0.015));
    s.push_back(hand.near(stem - 0.06, bar * 0.6, 0.015));
    corner(s, hand.near(stem + 0.02, hand.between(0.0, 0.12), 0.015));
    s.push_back({stem + hand.about(0, 0.015), 0.55});
    s.push_back(hand.near(stem - lean, 1, 0.02));
    return {s};
  }
  s.push_back(hand.near(0.3, bar + hand.about(0, 0.02), 0.01));
  const double reach = hand.chance(0.55) ? hand.between(0.06, 0.24) : hand.between(-0.03, 0.04);
  s.push_back(hand.near(stem + reach, bar + hand.about(-0.02, 0.03), 0.01));
  return {s,
          {hand.near(stem + 0.02, hand.between(-0.05, 0.2), 0.02),
           {stem + hand.about(0, 0.015), 0.5},
           hand.near(stem - lean, 1, 0.02)}};
}

Ink five(Hand& hand) {
  const double neck = hand.about(0.41, 0.04), belly = hand.about(0.55, 0.05), habit = hand.between(0, 1);
  const double left = hand.about(0.1, 0.035), roof = hand.between(0.52, 0.76), rise = hand.about(0.02, 0.03);
  Stroke s;
  Ink ink;
  if (habit < 0.4) {  // the roof comes last
    s.push_back(hand.near(left + 0.05, 0.05, 0.02));
    ink.push_back({hand.near(left + hand.between(0.0, 0.06), 0.05, 0.015),
                   {0.36, 0.04 - rise * 0.4 + hand.about(0, 0.012)},
                   hand.near(roof, 0.03 - rise, 0.02)});
  } else {
    s.push_back(hand.near(roof, 0.03 - rise, 0.02));
    s.push_back(hand.near(0.36, 0.03, 0.015));
    if (habit < 0.75) {
      corner(s, hand.near(left + 0.06, 0.05, 0.015));
    } else {
      s.push_back(hand.near(left + 0.08, 0.07, 0.015));
    }
  }
  if (habit < 0.75) {
    corner(s, hand.near(left, neck, 0.02));
    s.push_back(hand.near(0.3, neck - hand.between(0, 0.07), 0.015));
  } else {  // as an S
    s.push_back(hand.near(left - 0.02, neck * 0.55, 0.015));
    s.push_back(hand.near(left + 0.1, neck - 0.02, 0.015));
    s.push_back(hand.near(left + 0.27, neck + 0.06, 0.015));
  }
  s.push_back(hand.near(belly - 0.04, neck + 0.13, 0.015));
  s.push_back(hand.near(belly - 0.02, 0.76, 0.02));
  s.push_back(hand.near(belly - 0.22, 0.97, 0.02));
  s.push_back(hand.near(hand.between(-0.1, 0.06), hand.between(0.84, 0.99), 0.02));
  ink.insert(ink.begin(), s);
  return ink;
}

Ink six(Hand& hand) {
  const double rx = hand.about(0.27, 0.04), height = hand.about(0.46, 0.06), curl = hand.between(0, 0.07);
  const double top = 1 - height;
  Stroke s;
  s.push_back(hand.near(rx + hand.between(-0.05, 0.22), 0, 0.02));
  s.push_back(hand.near(rx * 0.5 + curl, 0.2, 0.02));
  s.push_back(hand.near(0.04 + curl * 0.4, 0.47, 0.015));
  s.push_back(hand.near(0.02, 0.74, 0.015));
  s.push_back(hand.near(rx * 0.5, 0.95, 0.012));
  s.push_back(hand.near(rx * 1.1, 1, 0.012));
  s.push_back(hand.near(rx * 1.85, 1 - height * 0.3, 0.015));
  s.push_back(hand.near(rx * 1.8, top + height * 0.2, 0.015));
  s.push_back(hand.near(rx * 1.25, top, 0.015));
  s.push_back(hand.near(rx * 0.6, top + height * 0.25, 0.015));
  if (hand.chance(0.75))
    s.push_back(hand.near(rx * hand.between(0.05, 0.55), top + height * hand.between(0.45, 0.8), 0.015));
  return {s};
}

Ink seven(Hand& hand) {
  const double w = hand.about(0.56, 0.06), foot = hand.about(0.2, 0.08), sag = hand.about(0.0, 0.035);
  Stroke s;
  if (hand.chance(0.35)) {
    s.push_back(hand.near(0.0, hand.between(0.14, 0.26), 0.015));
    corner(s, hand.near(0.03, 0.05, 0.015));
  } else {
    s.push_back(hand.near(0, hand.between(0.02, 0.14), 0.02));
  }
  s.push_back({w / 2, 0.05 + hand.about(0, 0.025)});
  if (hand.chance(0.65)) {
    corner(s, hand.near(w, 0.02, 0.015));
  } else {
    s.push_back(hand.near(w - 0.05, 0.02, 0.01));
    s.push_back(hand.near(w - 0.02, 0.11, 0.012));
  }
  s.push_back({(w + foot) / 2 - hand.between(0, 0.06) + sag, 0.5});
  s.push_back(hand.near(foot, 1, 0.015));
  Ink ink{s};
  if (hand.chance(0.2)) {
    const double middle = (w + foot) / 2 - 0.02, half = hand.between(0.13, 0.24), y = hand.about(0.5, 0.04);
    ink.push_back({hand.near(middle - half, y + 0.02, 0.015), hand.near(middle + half, y - 0.02, 0.02)});
  }
  return ink;
}

Ink eight(Hand& hand) {
  const double cross = hand.about(0.46, 0.035), upper = hand.about(0.2, 0.035), lower = hand.about(0.25, 0.035);
  const double middle = 0.28 + hand.about(0, 0.02), skew = hand.about(0.03, 0.03);
  Stroke s;
  if (hand.chance(0.12)) {  // two rings
    arc(s, hand.near(middle + skew, cross / 2, 0.01), upper, cross / 2, 0.25, -0.78, 9);
    Stroke ring;
    arc(ring, hand.near(middle, (1 + cross) / 2, 0.01), lower, (1 - cross) / 2, -0.25, 0.78, 9);
    return {s, ring};
  }
  const double open = hand.between(0, 1);
  s.push_back(hand.near(middle + skew + upper * (open < 0.75 ? 0.9 : 1.35), cross * (open < 0.75 ? 0.32 : 0.2), 0.03));
  s.push_back(hand.near(middle + skew + upper * 0.3, 0.01, 0.012));
  s.push_back(hand.near(middle + skew - upper * 0.75, cross * 0.18, 0.012));
  s.push_back(hand.near(middle + skew - upper * 0.8, cross * 0.62, 0.012));
  s.push_back(hand.near(middle + 0.01, cross, 0.012));
  s.push_back(hand.near(middle + lower * 0.85, cross + (1 - cross) * 0.42, 0.012));
  s.push_back(hand.near(middle + lower * 0.62, cross + (1 - cross) * 0.85, 0.012));
  s.push_back(hand.near(middle - lower * 0.15, 1, 0.012));
  s.push_back(hand.near(middle - lower * 0.88, cross + (1 - cross) * 0.75, 0.012));
  s.push_back(hand.near(middle - lower * 0.6, cross + (1 - cross) * 0.36, 0.012));
  s.push_back(hand.near(middle, cross, 0.012));
  s.push_back(hand.near(middle + skew + upper * 0.75, cross * 0.55, 0.015));
  const double reach = hand.between(0, 1);
  s.push_back(hand.near(middle + skew + upper * (0.95 + 0.3 * reach), cross * (0.3 - 0.25 * reach), 0.02));
  return {s};
}

Ink nine(Hand& hand) {
  const double rx = hand.about(0.23, 0.035), ry = hand.about(0.23, 0.035), right = 2 * rx, habit = hand.between(0, 1);
  Stroke s;
  arc(s, {rx, ry}, rx, ry, hand.between(-0.16, -0.06), -0.9 - hand.between(0, 0.06), 8);
  for (Point& p : s) p = hand.near(p.x, p.y, 0.01);
  const Point top = hand.near(right + hand.about(0.01, 0.02), hand.between(0.02, 0.16), 0.015);
  if (hand.chance(0.6)) {
    corner(s, top);
  } else {
    s.push_back(hand.near(right + 0.01, ry * 0.9, 0.01));
  }
  if (habit < 0.68) {  // a straight or bent stem
    s.push_back({right + hand.about(0, 0.03), 0.58});
    s.push_back(hand.near(right - hand.between(-0.02, 0.14), 1, 0.02));
  } else {  // a hook
    s.push_back(hand.near(right + 0.01, 0.6, 0.015));
    s.push_back(hand.near(right - 0.06, 0.87, 0.015));
    s.push_back(hand.near(right * 0.5, 1, 0.015));
    s.push_back(hand.near(hand.between(-0.02, 0.12), hand.between(0.86, 0.96), 0.02));
  }
  return {s};
}

}  // namespace

ink::Ink draw_digit_template(int digit, RandomSequence& random) {
  static constexpr Ink (*kTemplates[])(Hand&) = {zero, one, two, three, four, five, six, seven, eight, nine};
  Hand hand(random);
  return kTemplates[digit](hand);
}

}  // namespace ganymede::data
