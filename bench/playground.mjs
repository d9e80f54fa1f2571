// How many frames a second the explorer's Playground shows, in a real Chromium on loopback: the figures of docs/performance.md.
//
//   node bench/playground.mjs [--seconds 10] [--preset NAME]...
//
// For each preset (default: ring, ring-unrolled, grid, normal-1d) it plays for so long at full speed, at 1280 x 720 with all layers, and counts
// the frames that were painted and the steps that were made; then what a training beside it loses. Needs Chromium, Node 20 and
// web/node_modules (npm ci in web/). The page is that of the program, or with GANYMEDE_PAGE=sources that of the sources.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { program, start_explorer } from '../web/tests/harness.mjs';

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '10' }, preset: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } } });
const seconds = Number(options.seconds);
const presets = options.preset ?? ['ring', 'ring-unrolled', 'grid', 'normal-1d'];
const say = (...words) => options.json || console.log(...words);
const figures = { cpu: cpus()[0].model, cores: cpus().length, load: loadavg()[0], presets: {} };

const step_of = (page) => page.locator('.step-number').textContent().then(Number);

// Frames that the page painted in so many seconds: each one sets the text of the step, which is never the same twice at full speed.
async function frames_of(page, ms) {
  return page.evaluate(
    (time) =>
      new Promise((resolve) => {
        let frames = 0;
        const gaps = [];
        let last = performance.now();
        const begin = last;
        const observer = new MutationObserver(() => {
          const now = performance.now();
          gaps.push(now - last);
          last = now;
          ++frames;
        });
        observer.observe(document.querySelector('.step-number'), { characterData: true, childList: true, subtree: true });
        setTimeout(() => {
          observer.disconnect();
          gaps.sort((a, b) => a - b);
          resolve({ a_second: (1000 * frames) / (performance.now() - begin), p95_ms: gaps[Math.floor(0.95 * (gaps.length - 1))] ?? 0 });
        }, time);
      }),
    ms,
  );
}

async function played(explorer, preset) {
  const page = await explorer.open(`/play?preset=${preset}`);
  await page.locator('.play-stage canvas[aria-label^="Step"]').first().waitFor();
  await page.keyboard.press(' ');
  await page.waitForTimeout(1500);
  const from = await step_of(page);
  const frames = await frames_of(page, 1000 * seconds);
  const steps = ((await step_of(page)) - from) / seconds;
  await page.context().close();
  return { ...frames, steps_a_second: steps };
}

// Seconds of a training in a process of its own, alone and while a game is played beside it.
async function trained(folder, name) {
  await new Promise((resolve) => spawn(program, ['train', 'quick', '--runs', folder, '--run', name, '--quiet', '--epochs', '1'], { stdio: 'ignore' }).once('exit', resolve));
  const lines = (await readFile(join(folder, name, 'events.jsonl'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
  return lines.filter(({ event }) => event === 'step').at(-1).time_seconds;
}

const explorer = await start_explorer();
const folder = await mkdtemp(join(tmpdir(), 'ganymede-bench-'));
try {
  say(`${figures.cpu}, ${figures.cores} cores, load ${figures.load.toFixed(1)}; ${seconds} s each at full speed, 1280 x 720, all layers\n`);
  for (const preset of presets) {
    const one = (figures.presets[preset] = await played(explorer, preset));
    say(`${preset.padEnd(16)} ${one.a_second.toFixed(1)} frames/s (95 % of them within ${one.p95_ms.toFixed(0)} ms), ${one.steps_a_second.toFixed(0)} steps/s`);
  }
  const alone = await trained(folder, 'alone');
  const page = await explorer.open('/play?preset=ring');
  await page.locator('.play-stage canvas[aria-label^="Step"]').first().waitFor();
  await page.keyboard.press(' ');
  const beside = await trained(folder, 'beside');
  figures.training = { alone, beside };
  say(`\na training of ${alone.toFixed(1)} s takes ${beside.toFixed(1)} s while the ring is played beside it (${(100 * (beside / alone - 1)).toFixed(0)} % longer)`);
  await page.context().close();
  if (options.json) console.log(JSON.stringify(figures, null, 2));
} finally {
  await explorer.stop();
  await rm(folder, { recursive: true, force: true });
}
