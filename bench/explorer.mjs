// How fast the explorer is, in a real Chromium on loopback, and what it costs: the figures of docs/performance.md.
//
//   node bench/explorer.mjs --runs DIR [--looks 500] [--soak 50000] [--run NAME]...
//
// For each run (default: all finished ones of DIR with a generator): slider to painted picture over `--looks` moves (the page's own
// performance marks), the server's share of it (the same looks without a browser), the first coarse map and the whole one. Then once: page
// load, bytes of script, what walking costs a run that trains, and with --soak the server's memory over that many looks, 500 maps and walks,
// every run opened. Needs Chromium, Node 20 and web/node_modules (npm ci in web/). Prints a table and, with --json, all figures.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { program } from '../web/tests/harness.mjs';
import { chromium } from '../web/node_modules/playwright-core/index.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string' },
    run: { type: 'string', multiple: true },
    looks: { type: 'string', default: '500' },
    soak: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
if (!options.runs) {
  console.error('bench/explorer.mjs: --runs DIR is missing: a folder of runs');
  process.exit(2);
}
const looks = Number(options.looks);
const figures = { cpu: cpus()[0].model, cores: cpus().length, runs: {} };
const say = (...words) => options.json || console.log(...words);

const sorted = (values) => values.toSorted((a, b) => a - b);
const quantile = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(share * values.length))];
const spread = (values) => ({ median: quantile(values, 0.5), p95: quantile(values, 0.95), most: Math.max(...values), count: values.length });
const words = ({ median, p95, most }) => `median ${median.toFixed(1)}, p95 ${p95.toFixed(1)}, most ${most.toFixed(1)} ms`;

async function serve(folder, more = []) {
  const child = spawn(program, ['serve', '--runs', folder, '--port', '0', '--json', ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  const facts = JSON.parse(await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text)));
    child.once('exit', (code) => reject(new Error(`ganymede serve ended with ${code}`)));
  }));
  return { ...facts, url: `http://127.0.0.1:${facts.port}`, pid: child.pid, stop: () => child.kill('SIGTERM') };
}

async function post(server, endpoint, body, on_bytes = () => {}) {
  const answer = await fetch(`${server.url}/api/v1/${endpoint}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${endpoint}: ${(await answer.json()).error}`);
  let bytes = 0;
  for await (const piece of answer.body) {
    bytes += piece.length;
    on_bytes(bytes);
  }
  return bytes;
}

const get = async (server, path) => (await fetch(`${server.url}/api/v1/${path}`)).json();
const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

// What a run's page is told, once it is known whether there is a classifier.
async function settled(server, name) {
  for (;;) {
    const info = await get(server, `runs/${encodeURIComponent(name)}/generator`);
    if (info.classifier?.state !== 'looking') return info;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

// A path through latent space that never stands still.
const z_at = (i, dim) => Array.from({ length: dim }, (_, k) => Number((1.5 * Math.sin(0.37 * i * (k + 1) + k)).toFixed(4)));

async function server_share(server, run, info) {
  const times = [];
  for (let i = -20; i < looks; ++i) {
    const start = performance.now();
    await post(server, 'look', { run, z: z_at(i, info.latent.dim), want: { picture: true, classes: true, layers: true } });
    if (i >= 0) times.push(performance.now() - start);
  }
  return spread(times);
}

async function map_times(server, run, info) {
  if (info.classifier.state !== 'ready' || info.screen === 'plane') return null;
  const coarse = [];
  const whole = [];
  for (let i = 0; i < 5; ++i) {
    const start = performance.now();
    let first = 0;
    // A range of its own each time: a map that is kept would cost nothing. 100 x 100, or 22 x 22 x 22: about 10,000 points.
    const side = info.screen === '2d' ? 100 : 22;
    await post(server, 'map', { run, side, range: 1 + 0.01 * (i + 1) * Math.random() }, (bytes) => {
      if (!first && bytes > 4000) first = performance.now() - start;
    });
    coarse.push(first);
    whole.push(performance.now() - start);
  }
  return { coarse: spread(coarse), whole: spread(whole) };
}

async function in_browser(browser, server, run, info) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(`${server.url}/run/${encodeURIComponent(run)}/space?open=layers`);
  const slider = page.locator('.sliders input[type=range]').first();
  await slider.waitFor({ timeout: 60_000 });
  // A map that is still drawn would share the server and the page.
  await page.waitForTimeout(1000);
  await page.waitForFunction(() => !document.querySelector('.map progress.thin:not(.idle)'), null, { timeout: 180_000, polling: 500 });
  const times = await slider.evaluate(async (element, count) => {
    globalThis.ganymedeLooks = [];
    const low = Number(element.min);
    const high = Number(element.max);
    const wait = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let i = 0; globalThis.ganymedeLooks.length < count && i < 20 * count; ++i) {
      element.value = String(low + (high - low) * (0.5 + 0.45 * Math.sin(i * 0.13)));
      element.dispatchEvent(new Event('input', { bubbles: true }));
      const seen = globalThis.ganymedeLooks.length;
      for (let k = 0; k < 30 && globalThis.ganymedeLooks.length === seen; ++k) await wait();
    }
    return globalThis.ganymedeLooks.slice(0, count);
  }, looks);
  await page.close();
  return { ...spread(times), dim: info.latent.dim };
}

async function page_load(browser, server) {
  const times = [];
  for (let i = 0; i < 7; ++i) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForSelector('main h1');
    // From the navigation on, by the page's own clock.
    times.push(await page.evaluate(() => performance.getEntriesByName('page shown')[0].startTime));
    await context.close();
  }
  return spread(times.slice(1));
}

async function script_bytes(server) {
  const seen = new Set();
  const queue = [...(await (await fetch(server.url)).text()).matchAll(/\/assets\/[\w.-]+\.js/g)].map(([path]) => path);
  let bytes = 0;
  while (queue.length) {
    const path = queue.pop();
    if (seen.has(path)) continue;
    seen.add(path);
    const text = await (await fetch(server.url + path)).text();
    bytes += gzipSync(text).length;
    queue.push(...[...text.matchAll(/[\w-]+-[\w-]{8}\.js/g)].map(([name]) => `/assets/${name}`));
  }
  return bytes;
}

// Steps a second of a run that trains, alone and while somebody walks through another one.
async function training_beside(server, run, info) {
  const folder = await mkdtemp(join(tmpdir(), 'ganymede-bench-'));
  const pace = async (name, walking) => {
    const child = spawn(program, ['train', 'quick', '--runs', folder, '--run', name, '--quiet', '--epochs', '1'], { stdio: 'ignore' });
    let done = false;
    const ended = new Promise((resolve) => child.once('exit', () => resolve((done = true))));
    for (let i = 0; !done; ++i) {
      if (walking) {
        await post(server, 'look', { run, z: z_at(i, info.latent.dim), want: { picture: true, classes: true, layers: true } });
        await new Promise((resolve) => setTimeout(resolve, 33)); // a hand: 30 positions a second at most
      } else {
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 200))]);
      }
    }
    const lines = readFileSync(join(folder, name, 'events.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    return lines.filter(({ event }) => event === 'step').at(-1).time_seconds;
  };
  const ratios = [];
  for (let i = 0; i < 3; ++i) {
    const alone = await pace(`alone${i}`, false);
    ratios.push((await pace(`beside${i}`, true)) / alone);
  }
  await rm(folder, { recursive: true, force: true });
  return { slower: quantile(ratios, 0.5) - 1, ratios };
}

// Memory over a long walk: every run opened in turn, maps and walks in between.
async function soak(server, all, count) {
  const samples = [];
  for (let i = 0; i < count; ++i) {
    const { name, info } = all[Math.floor(i / 100) % all.length];
    const epochs = info.epochs.length ? { epoch: info.epochs[Math.floor(i / 500) % info.epochs.length] } : {};
    await post(server, 'look', { run: name, ...epochs, z: z_at(i, info.latent.dim), want: { picture: true, classes: true, layers: i % 3 === 0 } });
    if (i % 100 === 50) {
      const ends = { from: z_at(i, info.latent.dim), to: z_at(i + 7, info.latent.dim) };
      if (i % 200 === 50 && info.classifier.state === 'ready' && info.screen !== 'plane') await post(server, 'map', { run: name, ...epochs, side: info.screen === '2d' ? 50 : 12, range: 1 + i / count });
      else await post(server, 'walk', { run: name, ...epochs, ...ends, steps: 12 });
    }
    if (i % Math.ceil(count / 20) === 0) samples.push({ looks: i, mb: resident(server.pid) });
  }
  samples.push({ looks: count, mb: resident(server.pid) });
  return samples;
}

const server = await serve(options.runs);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic', '--no-first-run', '--enable-unsafe-swiftshader'] });
try {
  const names = options.run ?? (await get(server, 'runs')).runs.filter(({ state }) => state === 'finished').map(({ name }) => name);
  const all = [];
  for (const name of names) {
    const info = await settled(server, name);
    if (info.error) say(`${name}: left out: ${info.error}`);
    else all.push({ name, info });
  }
  say(`${figures.cpu}, ${figures.cores} cores; ${looks} looks each, picture with class and layers\n`);
  for (const { name, info } of all) {
    const one = (figures.runs[name] = { server: await server_share(server, name, info) });
    say(`${name} (${info.latent.dim}-d, ${info.shape.join(' x ')}, classifier ${info.classifier.state})`);
    say(`  a look of the server alone       ${words(one.server)}`);
    one.browser = await in_browser(browser, server, name, info);
    say(`  slider to painted picture        ${words(one.browser)}`);
    one.map = await map_times(server, name, info);
    if (one.map) {
      say(`  map of 10,000 points: first coarse ${words(one.map.coarse)}`);
      say(`                        whole        ${words(one.map.whole)}`);
    }
  }
  figures.load = await page_load(browser, server);
  figures.script_bytes = await script_bytes(server);
  say(`\npage load                          ${words(figures.load)}`);
  say(`scripts, compressed                ${(figures.script_bytes / 1000).toFixed(0)} kB, all pages`);
  figures.training = await training_beside(server, all[0].name, all[0].info);
  say(`training while somebody walks      ${(100 * figures.training.slower).toFixed(1)} % slower (${figures.training.ratios.map((ratio) => ratio.toFixed(3)).join(', ')})`);
  if (Number(options.soak)) {
    figures.soak = await soak(server, all, Number(options.soak));
    say('memory of the server (MB) after so many looks: ' + figures.soak.map(({ looks: n, mb }) => `${n}: ${mb.toFixed(0)}`).join(', '));
  }
  if (options.json) console.log(JSON.stringify(figures, null, 2));
} finally {
  await browser.close();
  server.stop();
}
