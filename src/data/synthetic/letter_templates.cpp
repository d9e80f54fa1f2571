#include "data/synthetic/letter_templates.hpp"

#include <utility>

#include "data/synthetic/glyph_hand.hpp"

namespace ganymede::data {
namespace {

using ink::Ink;
using ink::Point;
using ink::Stroke;

Point between(Point a, Point b, double t) {
  return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

struct Ends {
  Point a, b;
};

// A nearly straight stroke. (In braces its ends are drawn from the hand in order, as function arguments need not be.)
Stroke line(Hand& hand, const Ends& ends) {
  const auto [a, b] = ends;
  const double bow = hand.about(0, 0.03);
  const Point middle = between(a, b, 0.5);
  return {a, {middle.x + bow * (a.y - b.y), middle.y + bow * (b.x - a.x)}, b};
}

void add(Stroke& to, const Stroke& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// A stroke from the upper end of a stem down, or (one hand in six) up.
Stroke stem(Hand& hand, double x) {
  Point top = hand.near(x, hand.between(-0.03, 0.04), 0.02), foot = hand.near(x, 1, 0.02);
  if (hand.chance(0.16)) std::swap(top, foot);
  return line(hand, {top, foot});
}

Ink letter_a(Hand& hand) {
  const double w = hand.about(0.68, 0.08), height = hand.about(0.6, 0.07), habit = hand.between(0, 1);
  const Point apex = hand.near(w / 2, 0, 0.03), left = hand.near(0, 1, 0.03), right = hand.near(w, 1, 0.03);
  const Stroke bar = line(hand, {hand.near(between(apex, left, height).x - hand.between(-0.03, 0.12), height, 0.02),
                                 hand.near(between(apex, right, height).x + hand.between(-0.03, 0.12), height, 0.03)});
  if (habit < 0.38) return {line(hand, {apex, left}), line(hand, {hand.near(apex.x, apex.y), right}), bar};
  Stroke roof{left, hand.near(between(left, apex, 0.55).x, between(left, apex, 0.55).y)};
  if (habit < 0.75) {
    corner(roof, apex);
  } else {  // a round top
    roof.push_back(hand.near(w * 0.36, 0.04));
    roof.push_back(hand.near(w * 0.64, 0.04));
  }
  roof.push_back(hand.near(between(apex, right, 0.5).x, 0.5, 0.02));
  roof.push_back(right);
  return {roof, bar};
}

// The two bowls of B, from the stem's top to its foot.
Stroke bowls(Hand& hand, double w) {
  const double waist = hand.about(0.47, 0.035), deep = hand.chance(0.7) ? 0.06 : 0.2;
  Stroke s{hand.near(0.0, 0.02, 0.02), hand.near(w * 0.6, 0.02, 0.02), hand.near(w * 0.88, waist * 0.5, 0.02)};
  s.push_back(hand.near(w * 0.55, waist - 0.04));
  corner(s, hand.near(w * deep, waist));
  s.push_back(hand.near(w * 0.65, waist + 0.05));
  s.push_back(hand.near(w, (1 + waist) / 2, 0.02));
  s.push_back(hand.near(w * 0.6, 0.97, 0.02));
  s.push_back(hand.near(hand.between(-0.06, 0.04), 1, 0.02));
  return s;
}

Ink letter_b(Hand& hand) {
  const double w = hand.about(0.52, 0.06);
  if (hand.chance(0.55)) return {stem(hand, 0), bowls(hand, w)};
  Stroke s{hand.near(0, 0.03, 0.02)};  // down the stem and back up, in one stroke
  corner(s, hand.near(0.0, 1, 0.02));
  s.push_back(hand.near(0.02, 0.5));
  add(s, bowls(hand, w));
  return {s};
}

// The bow of C, G: from the upper right end over the left to the lower right one.
Stroke bow(Hand& hand, double w) {
  const double open = hand.about(0.14, 0.035), close = hand.about(0.14, 0.035);
  Stroke s;
  arc(s, hand.near(w / 2, 0.5), w / 2, 0.5, 1 - open, close, 8);
  for (Point& p : s) p = hand.near(p.x, p.y, 0.012);
  return s;
}

Ink letter_c(Hand& hand) {
  Stroke s = bow(hand, hand.about(0.66, 0.07));
  if (hand.chance(0.2)) s.insert(s.begin(), hand.near(s[0].x - 0.03, s[0].y + hand.between(0.05, 0.16)));
  return {s};
}

Ink letter_d(Hand& hand) {
  const double w = hand.about(0.6, 0.07);
  Stroke belly{hand.near(hand.between(-0.08, 0.02), 0.02, 0.02), hand.near(w * 0.6, 0.08, 0.02),
               hand.near(w, hand.about(0.46, 0.04), 0.02), hand.near(w * 0.62, 0.9, 0.02),
               hand.near(hand.between(-0.08, 0.03), 1, 0.02)};
  if (hand.chance(0.6)) return {stem(hand, 0), belly};
  Stroke s{hand.near(0.02, 0.03, 0.02)};
  corner(s, hand.near(0, 0.99, 0.02));
  if (hand.chance(0.5)) {  // back up the stem
    corner(s, hand.near(0.02, 0.03, 0.02));
    add(s, belly);
  } else {  // on from the foot
    for (auto it = belly.rbegin() + 1; it != belly.rend(); ++it) s.push_back(*it);
  }
  return {s};
}

Ink letter_e(Hand& hand) {
  const double w = hand.about(0.52, 0.07), waist = hand.about(0.48, 0.04), habit = hand.between(0, 1);
  const auto arm = [&](double length, double y) {
    return line(hand,
                {hand.near(hand.between(-0.03, 0.05), y, 0.02), hand.near(length, y + hand.about(-0.01, 0.02), 0.03)});
  };
  if (habit < 0.13) {  // as a mirrored 3
    Stroke s{hand.near(w, 0.1, 0.03), hand.near(w * 0.45, 0, 0.02), hand.near(0.06, waist * 0.5, 0.02)};
    corner(s, hand.near(w * 0.5, waist, 0.02));
    add(s, {hand.near(0.03, (1 + waist) / 2, 0.02), hand.near(w * 0.45, 1, 0.02), hand.near(w, 0.9, 0.03)});
    return {s};
  }
  if (habit < 0.6) {  // stem and foot in one stroke
    Stroke s{hand.near(0, 0, 0.02)};
    corner(s, hand.near(0, 1, 0.02));
    s.push_back(hand.near(w, 1, 0.03));
    return {s, arm(w * hand.between(0.85, 1.05), 0.01), arm(w * hand.between(0.6, 0.9), waist)};
  }
  if (habit < 0.75) {  // roof, stem and foot in one stroke
    Stroke s{hand.near(w, 0.02, 0.03)};
    corner(s, hand.near(0, 0.01, 0.02));
    corner(s, hand.near(0, 1, 0.02));
    s.push_back(hand.near(w, 1, 0.03));
    return {s, arm(w * hand.between(0.6, 0.9), waist)};
  }
  return {stem(hand, 0), arm(w, 0.01), arm(w * hand.between(0.6, 0.95), waist), arm(w, 0.99)};
}

Ink letter_f(Hand& hand) {
  const double w = hand.about(0.54, 0.07), waist = hand.about(0.46, 0.05);
  const Stroke bar = line(
      hand, {hand.near(hand.between(-0.06, 0.03), waist, 0.02), hand.near(w * hand.between(0.6, 0.95), waist, 0.03)});
  const Stroke roof = line(hand, {hand.near(hand.between(-0.05, 0.03), 0.01, 0.02), hand.near(w, 0, 0.03)});
  if (hand.chance(0.35)) {  // roof and stem in one stroke
    Stroke s{hand.near(w, 0, 0.03)};
    corner(s, hand.near(0, 0.01, 0.02));
    s.push_back(hand.near(0, 1, 0.03));
    return {s, bar};
  }
  if (hand.chance(0.3)) return {roof, stem(hand, 0.02), bar};
  return {stem(hand, 0), roof, bar};
}

Ink letter_g(Hand& hand) {
  const double w = hand.about(0.66, 0.07), y = hand.about(0.56, 0.05), habit = hand.between(0, 1);
  Stroke s = bow(hand, w);
  if (habit < 0.55) {  // up and in, in one stroke
    corner(s, hand.near(w * 0.97, y, 0.02));
    s.push_back(hand.near(w * hand.between(0.45, 0.6), y + 0.01, 0.02));
    return {s};
  }
  if (habit < 0.75) {  // a spur down
    corner(s, hand.near(w * 0.95, y, 0.02));
    s.push_back(hand.near(w * 0.95, hand.between(1, 1.15), 0.02));
    return {s};
  }
  Stroke bar{hand.near(w * 0.5, y, 0.03)};
  corner(bar, hand.near(w * 1.02, y, 0.02));
  bar.push_back(hand.near(w * 1.0, hand.between(0.9, 1.08), 0.02));
  return {s, bar};
}

Ink letter_h(Hand& hand) {
  const double w = hand.about(0.6, 0.08), waist = hand.about(0.5, 0.05), habit = hand.between(0, 1);
  const Point left = hand.near(hand.between(-0.04, 0.03), waist, 0.02),
              right = hand.near(w + hand.between(-0.03, 0.05), waist, 0.03);
  if (habit < 0.18) {  // the bar runs up into the right stem
    Stroke s{left};
    corner(s, hand.near(w, waist - 0.02, 0.02));
    corner(s, hand.near(w, 0, 0.02));
    s.push_back(hand.near(w, 1, 0.02));
    return {stem(hand, 0), s};
  }
  if (habit < 0.35) return {stem(hand, 0), line(hand, {left, right}), stem(hand, w)};
  return {stem(hand, 0), stem(hand, w), line(hand, {left, right})};
}

Ink letter_i(Hand& hand) {
  const double half = hand.about(0.22, 0.06), habit = hand.between(0, 1);
  if (habit < 0.42) return {stem(hand, 0)};
  const Stroke top = line(hand, {hand.near(-half, 0, 0.02), hand.near(half, 0, 0.02)});
  const Stroke foot = line(hand, {hand.near(-half, 1, 0.02), hand.near(half, 1, 0.02)});
  if (habit < 0.75) return {line(hand, {hand.near(0, 0, 0.02), hand.near(0, 1, 0.02)}), top, foot};
  return {top, line(hand, {hand.near(0, 0, 0.02), hand.near(0, 1, 0.02)}), foot};
}

Ink letter_j(Hand& hand) {
  const double x = hand.about(0.42, 0.05), reach = hand.about(0.02, 0.05);
  const Stroke hook{hand.near(x, 0, 0.02), hand.near(x, 0.45, 0.02), hand.near(x - 0.02, 0.8, 0.02),
                    hand.near(x * 0.5, 1, 0.02), hand.near(reach, hand.about(0.8, 0.05), 0.02)};
  if (hand.chance(0.42)) return {hook};
  const Stroke roof =
      line(hand, {hand.near(x - hand.between(0.15, 0.35), 0, 0.02), hand.near(x + hand.between(0.15, 0.35), 0, 0.02)});
  return hand.chance(0.5) ? Ink{hook, roof} : Ink{roof, hook};
}

Ink letter_k(Hand& hand) {
  const double w = hand.about(0.56, 0.07), waist = hand.about(0.52, 0.05), inner = hand.between(0.0, 0.1);
  const Point up = hand.near(w, 0.02, 0.03), joint = hand.near(inner, waist, 0.02), down = hand.near(w * 1.05, 1, 0.03);
  if (hand.chance(0.65)) {
    Stroke s{up, between(up, joint, 0.5)};
    corner(s, joint);
    s.push_back(hand.near(between(joint, down, 0.5).x, between(joint, down, 0.5).y, 0.02));
    s.push_back(down);
    return {stem(hand, 0), s};
  }
  const Point branch = between(joint, up, hand.between(0.1, 0.35));
  return {stem(hand, 0), line(hand, {up, joint}), line(hand, {branch, down})};
}

Ink letter_l(Hand& hand) {
  const double w = hand.about(0.54, 0.08);
  Stroke s{hand.near(hand.about(0, 0.03), 0, 0.02), hand.near(0, 0.5)};
  if (hand.chance(0.75)) {
    corner(s, hand.near(0, 0.99, 0.02));
  } else {
    s.push_back(hand.near(0.02, 0.9));
    s.push_back(hand.near(0.12, 1));
  }
  s.push_back(hand.near(w, hand.about(0.98, 0.03), 0.03));
  return {s};
}

Ink letter_m(Hand& hand) {
  const double w = hand.about(0.8, 0.09), valley = hand.about(0.66, 0.18), splay = hand.about(0.05, 0.05);
  const Point foot = hand.near(-splay, 1, 0.03), peak = hand.near(w * 0.06, 0.02, 0.03),
              low = hand.near(w / 2, std::clamp(valley, 0.35, 1.0), 0.02), second = hand.near(w * 0.94, 0.02, 0.03),
              end = hand.near(w + splay, 1, 0.03);
  const bool round = hand.chance(0.22);
  Stroke s;
  const auto turn = [&](Point p) {
    if (round) {
      s.push_back(hand.near(p.x - 0.04, p.y + 0.03, 0.01));
      s.push_back(hand.near(p.x + 0.04, p.y + 0.03, 0.01));
    } else {
      corner(s, p);
    }
  };
  if (hand.chance(0.4)) {  // the left stem alone
    s.push_back(hand.near(peak.x, peak.y, 0.02));
    corner(s, low);
    turn(second);
    s.push_back(end);
    return {line(hand, {peak, foot}), s};
  }
  if (hand.chance(0.3)) s.push_back(hand.near(peak.x, peak.y + 0.03, 0.02));  // down and back up
  corner(s, foot);
  turn(peak);
  corner(s, low);
  turn(second);
  s.push_back(end);
  return {s};
}

Ink letter_n(Hand& hand) {
  const double w = hand.about(0.62, 0.08), habit = hand.between(0, 1);
  const Point a = hand.near(0, 1, 0.03), b = hand.near(0, 0.02, 0.03), c = hand.near(w, 0.98, 0.03),
              d = hand.near(w, 0, 0.03);
  if (habit < 0.25)
    return {line(hand, {b, a}), line(hand, {hand.near(b.x, b.y), c}), line(hand, {d, hand.near(c.x, c.y)})};
  Stroke s;
  if (habit < 0.5) {
    s.push_back(hand.near(b.x, b.y, 0.02));
  } else {
    if (habit < 0.7) s.push_back(hand.near(0.01, 0.04, 0.02));
    corner(s, a);
    corner(s, b);
  }
  corner(s, c);
  s.push_back(d);
  if (habit < 0.5) return {line(hand, {b, a}), s};
  return {s};
}

Ink letter_o(Hand& hand) {
  const double rx = std::clamp(hand.about(0.4, 0.06), 0.26, 0.52), start = hand.about(-0.24, 0.05),
               way = hand.chance(0.85) ? -1 : 1;
  Stroke s;
  arc(s, {rx, 0.5}, rx, 0.5, start, start + way * (1 + hand.about(0.01, 0.04)), 11);
  for (Point& p : s) p = hand.near(p.x, p.y, 0.013);
  return {s};
}

// The bowl of P and R, from the top of the stem to the waist.
Stroke bowl(Hand& hand, double w, double waist) {
  return {hand.near(hand.between(-0.06, 0.02), 0.03, 0.02), hand.near(w * 0.6, 0, 0.02),
          hand.near(w, waist * 0.48, 0.02), hand.near(w * 0.6, waist - 0.02, 0.02),
          hand.near(hand.between(0, 0.08), waist, 0.02)};
}

// A stem that is drawn down and back up.
Stroke retraced_stem(Hand& hand) {
  Stroke s{hand.near(0, 0.04, 0.02)};
  corner(s, hand.near(0, 1, 0.02));
  s.push_back(hand.near(0.01, 0.4));
  return s;
}

Ink letter_p(Hand& hand) {
  const double w = hand.about(0.52, 0.06), waist = hand.about(0.5, 0.05);
  if (hand.chance(0.6)) return {stem(hand, 0), bowl(hand, w, waist)};
  Stroke s = retraced_stem(hand);
  add(s, bowl(hand, w, waist));
  return {s};
}

Ink letter_q(Hand& hand) {
  Ink ink = letter_o(hand);
  const ink::Box box = ink::bounding_box(ink);
  const double x = box.x1 - 0.1;
  if (hand.chance(0.8)) {
    const double in = hand.between(0.1, 0.25), out = hand.between(0.08, 0.2);
    ink.push_back(line(hand, {hand.near(x - in, 0.72, 0.04), hand.near(x + out, 1.03, 0.04)}));
  } else {
    ink.push_back({hand.near(x - 0.3, 0.85, 0.03), hand.near(x - 0.12, 0.78, 0.02), hand.near(x, 0.98, 0.02),
                   hand.near(x + 0.16, 0.98, 0.03)});
  }
  return ink;
}

Ink letter_r(Hand& hand) {
  const double w = hand.about(0.52, 0.06), waist = hand.about(0.48, 0.05);
  Stroke round = bowl(hand, w, waist);
  const Point end = hand.near(w * hand.between(0.95, 1.2), 1, 0.03);
  const double habit = hand.between(0, 1);
  if (habit < 0.2) {  // three strokes
    const Point from = hand.near(w * 0.25, waist, 0.02);
    return {stem(hand, 0), round, line(hand, {from, end})};
  }
  corner(round, round.back());
  add(round, {hand.near(between(round.back(), end, 0.5).x, (waist + 1) / 2, 0.02), end});
  if (habit < 0.65) return {stem(hand, 0), round};
  Stroke s = retraced_stem(hand);
  add(s, round);
  return {s};
}

Ink letter_s(Hand& hand) {
  const double w = hand.about(0.54, 0.06), waist = hand.about(0.48, 0.035);
  return {{hand.near(w, hand.about(0.12, 0.04), 0.03), hand.near(w * 0.55, 0, 0.02),
           hand.near(w * 0.08, waist * 0.5, 0.02), hand.near(w * 0.45, waist, 0.02),
           hand.near(w * 0.95, (1 + waist) / 2, 0.02), hand.near(w * 0.5, 1, 0.02),
           hand.near(0, hand.about(0.88, 0.04), 0.03)}};
}

Ink letter_t(Hand& hand) {
  const double w = hand.about(0.66, 0.09), x = w * hand.about(0.5, 0.05);
  const Stroke roof = line(hand, {hand.near(0, 0.02, 0.03), hand.near(w, 0, 0.03)});
  const Stroke trunk =
      line(hand, {hand.near(x, hand.between(-0.03, 0.05), 0.02), hand.near(x + hand.about(0, 0.03), 1, 0.02)});
  return hand.chance(0.7) ? Ink{roof, trunk} : Ink{trunk, roof};
}

Ink letter_u(Hand& hand) {
  const double w = hand.about(0.58, 0.07);
  Stroke s{hand.near(0, 0, 0.03),        hand.near(0.01, 0.5, 0.02),      hand.near(w * 0.14, 0.88, 0.02),
           hand.near(w * 0.5, 1, 0.015), hand.near(w * 0.86, 0.86, 0.02), hand.near(w, 0.5, 0.02)};
  if (hand.chance(0.7)) {
    s.push_back(hand.near(w, 0, 0.03));
  } else {  // and down the right side again
    corner(s, hand.near(w, 0.02, 0.02));
    s.push_back(hand.near(w, 0.6, 0.02));
    s.push_back(hand.near(w + hand.between(0, 0.08), 1, 0.02));
  }
  return {s};
}

Ink letter_v(Hand& hand) {
  const double w = hand.about(0.62, 0.08);
  const Point low = hand.near(w * hand.about(0.48, 0.05), 1, 0.02), a = hand.near(0, 0, 0.03),
              b = hand.near(w, 0, 0.03);
  Stroke s{a, hand.near(between(a, low, 0.5).x, 0.5, 0.02)};
  if (hand.chance(0.8)) {
    corner(s, low);
  } else {
    s.push_back(hand.near(low.x - 0.03, 0.97, 0.01));
    s.push_back(hand.near(low.x + 0.04, 0.95, 0.01));
  }
  s.push_back(hand.near(between(low, b, 0.5).x, 0.5, 0.02));
  s.push_back(b);
  return {s};
}

Ink letter_w(Hand& hand) {
  const double w = hand.about(0.86, 0.09), peak = std::clamp(hand.about(0.3, 0.14), 0.0, 0.6);
  const bool round = hand.chance(0.3);
  Stroke s{hand.near(0, 0, 0.03)};
  for (const double x : {0.27, 0.73}) {
    if (round) {
      add(s, {hand.near(w * (x - 0.14), 0.75, 0.02), hand.near(w * x, 1, 0.02), hand.near(w * (x + 0.13), 0.75, 0.02)});
    } else {
      corner(s, hand.near(w * x, 1, 0.03));
    }
    if (x < 0.5) corner(s, hand.near(w * 0.5, peak, 0.02));
  }
  s.push_back(hand.near(w, 0, 0.03));
  return {s};
}

Ink letter_x(Hand& hand) {
  const double w = hand.about(0.62, 0.09);
  Point a = hand.near(0, 0, 0.03), b = hand.near(w, 1, 0.03), c = hand.near(w, 0, 0.03), d = hand.near(0, 1, 0.03);
  if (hand.chance(0.25)) std::swap(c, d);
  Ink ink{line(hand, {a, b}), line(hand, {c, d})};
  if (hand.chance(0.25)) std::swap(ink[0], ink[1]);
  return ink;
}

Ink letter_y(Hand& hand) {
  const double w = hand.about(0.6, 0.08), fork = hand.about(0.5, 0.06), habit = hand.between(0, 1);
  const Point a = hand.near(0, 0, 0.03), b = hand.near(w, 0, 0.03), middle = hand.near(w * 0.48, fork, 0.02);
  if (habit < 0.3) {  // a cup and a stem through its right side
    return {
        {a, hand.near(0.04, fork * 0.6, 0.02), hand.near(w * 0.45, fork, 0.02), hand.near(w * 0.95, fork * 0.6, 0.02)},
        {b, hand.near(w, 0.5, 0.02), hand.near(w * hand.between(0.5, 0.9), 1, 0.03)}};
  }
  if (habit < 0.6) return {line(hand, {a, middle}), line(hand, {b, hand.near(w * hand.between(0.1, 0.35), 1, 0.03)})};
  Stroke v{a};
  corner(v, middle);
  v.push_back(b);
  return {v, line(hand, {hand.near(middle.x, middle.y), hand.near(w * 0.47, 1, 0.03)})};
}

Ink letter_z(Hand& hand) {
  const double w = hand.about(0.6, 0.07), sag = hand.about(0, 0.02);
  Stroke s{hand.near(0, 0.03, 0.03), {w / 2, 0.01 + sag}};
  if (hand.chance(0.8)) {
    corner(s, hand.near(w, 0.01, 0.02));
  } else {
    add(s, {hand.near(w - 0.02, 0.04, 0.01), hand.near(w - 0.06, 0.16, 0.015)});
  }
  s.push_back(hand.near(w * 0.5, 0.5, 0.02));
  corner(s, hand.near(0, 0.98, 0.02));
  s.push_back(hand.near(w * 0.5, 0.98 + sag, 0.01));
  s.push_back(hand.near(w * hand.between(0.95, 1.15), 0.98, 0.03));
  if (!hand.chance(0.3)) return {s};
  const double half = hand.between(0.12, 0.26);
  return {s, line(hand, {hand.near(w / 2 - half, 0.52, 0.02), hand.near(w / 2 + half, 0.48, 0.02)})};
}

}  // namespace

ink::Ink draw_letter_template(char letter, RandomSequence& random) {
  static constexpr Ink (*kTemplates[])(Hand&) = {letter_a, letter_b, letter_c, letter_d, letter_e, letter_f, letter_g,
                                                 letter_h, letter_i, letter_j, letter_k, letter_l, letter_m, letter_n,
                                                 letter_o, letter_p, letter_q, letter_r, letter_s, letter_t, letter_u,
                                                 letter_v, letter_w, letter_x, letter_y, letter_z};
  Hand hand(random);
  return kTemplates[letter - 'A'](hand);
}

}  // namespace ganymede::data
