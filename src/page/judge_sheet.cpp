#include "page/judge_sheet.hpp"

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

// How it works: the page is a fixed text with one place for data, a JSON object of the test and of all pictures as raw
// pixels in base64. Raw, since the size of a compressed picture could give the fake away.

namespace ganymede::page {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSheetData = "@DATA@";
constexpr const char* kSheet = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>Real or generated?</title>
<style>
:root { color-scheme: light dark; --ground: #f6f7f9; --panel: #fff; --line: #d9dde3; --text: #1a1f26; --quiet: #5a6472;
  --accent: #0b63ce; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --ground: #12151a; --panel: #1b2028; --line: #333b47; --text: #e8ebf0;
  --quiet: #a3adbb; --accent: #74b0ff; --on: #0b1420; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; display: grid; gap: 1rem; }
h1 { font-size: 1.5rem; margin: 0; line-height: 1.25; }
p { margin: 0; }
.quiet { color: var(--quiet); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: clamp(0.5rem, 3vw, 1.5rem); }
button { font: inherit; color: inherit; background: var(--panel); border: 2px solid var(--line); border-radius: 10px;
  padding: 0.6rem; cursor: pointer; }
button:hover { border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button.go, a.go { display: inline-block; background: var(--accent); color: var(--on); border-color: var(--accent);
  padding: 0.5rem 1.2rem; border-radius: 8px; text-decoration: none; justify-self: start; font-weight: 600; }
canvas { display: block; width: 100%; border-radius: 4px; }
.pair span { display: block; margin-top: 0.5rem; }
label { display: grid; gap: 0.25rem; max-width: 22rem; }
input { font: inherit; padding: 0.45rem 0.6rem; border: 1px solid var(--quiet); border-radius: 6px;
  background: var(--panel); color: inherit; }
progress { width: 100%; accent-color: var(--accent); }
kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 0.35em; background: var(--panel); }
[hidden] { display: none !important; }
</style>
</head>
<body>
<main>
<h1>Which picture is generated?</h1>
<section id="begin" style="display: grid; gap: 1rem">
<p id="about"></p>
<form id="who" style="display: grid; gap: 1rem">
<label>Your name <input id="person" required maxlength="40" autocomplete="name"></label>
<button class="go" type="submit">Begin</button>
</form>
</section>
<section id="trial" hidden style="display: grid; gap: 1rem">
<p class="quiet" id="count" aria-live="polite"></p>
<progress id="done" aria-label="Trials done"></progress>
<div class="pair">
<button id="left"><canvas aria-hidden="true"></canvas>
<span>The left one is generated <kbd>&larr;</kbd></span></button>
<button id="right"><canvas aria-hidden="true"></canvas>
<span>The right one is generated <kbd>&rarr;</kbd></span></button>
</div>
<progress id="time" hidden aria-label="Time of this trial"></progress>
</section>
<section id="end" hidden style="display: grid; gap: 1rem">
<p>Thank you. Save your answers, and send the file to whoever gave you this page.</p>
<a class="go" id="save">Save the answers</a>
</section>
<noscript><p>This page wants JavaScript.</p></noscript>
</main>
<script type="application/json" id="data">@DATA@</script>
<script>
'use strict';
const test = JSON.parse(document.getElementById('data').textContent);
const by = (id) => document.getElementById(id);
const [count, height, width, channels] = test.shape;
const bytes_of = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const pictures = { left: bytes_of(test.left), right: bytes_of(test.right) };
let person = '', picks = [], seconds = [], since = 0, timer = 0;
const key = () => 'ganymede-judge ' + JSON.stringify([test.run, test.pictures, test.seed, person]);

by('about').textContent = `${count} times two pictures stand side by side: one is real, one was made by a ` +
  'program. Pick the one that was made, by mouse or by the keys ← and →.' +
  (test.seconds_limit > 0 ? ` You have ${test.seconds_limit} seconds for each.` : '') +
  ' You can close this page and go on later under the same name.';

function keep() {
  try { localStorage.setItem(key(), JSON.stringify({ picks, seconds })); } catch { /* then it is not kept */ }
}
function kept() {
  try {
    const old = JSON.parse(localStorage.getItem(key()));
    const lists = Array.isArray(old.picks) && Array.isArray(old.seconds);
    if (lists && old.picks.length === old.seconds.length && old.picks.length <= count)
      return old;
  } catch { /* nothing is kept */ }
  return { picks: [], seconds: [] };
}
function draw(side, trial) {
  const canvas = by(side).querySelector('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.style.imageRendering = height > 64 ? 'auto' : 'pixelated';
  const image = new ImageData(width, height), each = width * height * channels, from = pictures[side];
  for (let i = 0, at = trial * each; i < width * height; ++i, at += channels) {
    image.data[4 * i] = from[at];
    image.data[4 * i + 1] = from[channels === 3 ? at + 1 : at];
    image.data[4 * i + 2] = from[channels === 3 ? at + 2 : at];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}
function show() {
  clearInterval(timer);
  const trial = picks.length;
  by('begin').hidden = true;
  by('trial').hidden = trial >= count;
  by('end').hidden = trial < count;
  if (trial >= count) return finish();
  by('count').textContent = `${trial + 1} of ${count}`;
  by('done').max = count;
  by('done').value = trial;
  draw('left', trial);
  draw('right', trial);
  since = performance.now();
  by('time').hidden = !(test.seconds_limit > 0);
  if (!(test.seconds_limit > 0)) return;
  by('time').max = test.seconds_limit;
  by('time').value = test.seconds_limit;
  timer = setInterval(() => {
    const left = test.seconds_limit - (performance.now() - since) / 1000;
    by('time').value = Math.max(0, left);
    if (left <= 0) pick('none');
  }, 50);
}
function pick(side) {
  if (by('trial').hidden || picks.length >= count) return;
  seconds.push(Math.round(performance.now() - since) / 1000);
  picks.push(side);
  keep();
  show();
}
function finish() {
  const given = { schema: 'ganymede.user_study_picks/1', run: test.run, epoch: test.epoch, step: test.step,
    seed: test.seed, trials: count, seconds_limit: test.seconds_limit, pictures: test.pictures, person, picks,
    seconds };
  const save = by('save');
  save.href = URL.createObjectURL(new Blob([JSON.stringify(given, null, 1)], { type: 'application/json' }));
  save.download = `judge-${test.run}-${person}.json`.replace(/[^\w.-]+/g, '-');
  save.focus();
}
by('who').addEventListener('submit', (event) => {
  event.preventDefault();
  person = by('person').value.trim();
  if (!person) return;
  ({ picks, seconds } = kept());
  show();
});
by('left').addEventListener('click', () => pick('left'));
by('right').addEventListener('click', () => pick('right'));
addEventListener('keydown', (event) => {
  if (by('trial').hidden || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.key === 'ArrowLeft' || event.key === '1') pick('left');
  else if (event.key === 'ArrowRight' || event.key === '2') pick('right');
  else return;
  event.preventDefault();
});
</script>
</body>
</html>
)html";

std::string pixels_text(const Tensor& pictures) {
  const auto bytes = pictures.bytes();
  return base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

std::string judge_sheet(const measure::BlindTest& test, const Tensor& left, const Tensor& right) {
  if (left.shape() != right.shape() || left.shape().size() != 4 || left.shape()[0] != test.trials) {
    fail<ShapeError>("a sheet: wanted two pictures for each of {} trials, found {} and {}", test.trials,
                     to_string(left.shape()), to_string(right.shape()));
  }
  const Json data = {{"run", test.run},       {"epoch", test.epoch},           {"step", test.step},
                     {"seed", test.seed},     {"seconds_limit", test.seconds}, {"pictures", test.pictures},
                     {"shape", left.shape()}, {"left", pixels_text(left)},     {"right", pixels_text(right)}};
  std::string text;
  for (const char c : json_text(data)) text += c == '<' ? std::string("\\u003c") : std::string(1, c);
  std::string page = kSheet;
  const std::size_t place = page.find(kSheetData, page.find("id=\"data\""));
  return page.replace(place, std::string_view(kSheetData).size(), text);
}

}  // namespace ganymede::page
