// The page to take away in Chromium, opened as a file: what it shows, every control by pointer and by keyboard, and its address.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';
import { build } from 'vite';

import { base64, latent, load, model_of, randoms } from './takeaway_models.mjs';

const browser_file = process.env.CHROMIUM ?? '/usr/bin/chromium';
const skip = existsSync(browser_file) ? false : `there is no ${browser_file}`;

let folder, template, browser, engine;
before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'takeaway-'));
  const web = new URL('..', import.meta.url).pathname;
  await build({ configFile: join(web, 'vite.takeaway.config.ts'), root: join(web, 'takeaway'), logLevel: 'error', build: { outDir: folder } });
  template = readFileSync(join(folder, 'takeaway.html'), 'utf8');
  engine = { ...(await load('engine.ts')), ...(await load('desk.ts')) };
  browser = await chromium.launch({ executablePath: browser_file, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
});
after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
});

// Models --------------------------------------------------------------------------------------------------------------

/** A generator of pictures [channels, 8, 8] from z, with a class where `classes` says so, and a map where it has 2 to 4 dimensions. */
function images({ dim, classes = 0, channels = 1, more = {} }) {
  const nodes = [latent([dim])];
  let from = 'z';
  if (classes) {
    nodes.push(['class', 'input', [], [], { role: 'class_index', classes }], ['embedding', 'embedding', ['class'], [dim], {}, { weight: randoms(classes * dim) }]);
    nodes.push(['condition', 'multiply', ['z', 'embedding'], [dim]]);
    from = 'condition';
  }
  const same = { kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] };
  nodes.push(['dense', 'dense', [from], [96], {}, { weight: randoms(96 * dim) }], ['act', 'leaky_relu', ['dense'], [96], { negative_slope: 0.3 }]);
  nodes.push(['reshape', 'reshape', ['act'], [6, 4, 4]]);
  nodes.push(['conv', 'conv_transpose', ['reshape'], [channels, 8, 8], same, { weight: randoms(96 * channels) }], ['image', 'tanh', ['conv'], [channels, 8, 8]]);
  return finished(model_of(nodes, { classes, class_names: Array.from({ length: classes }, (_, k) => String(k)), map: dim > 1 && dim < 5 ? map_of(dim, classes) : null, ...more }));
}

/** Class 1 where the first coordinate is positive, 0 elsewhere; one part a class and fourth coordinate. */
function map_of(dim, classes) {
  const dims = Math.min(dim, 3), side = 10, axis = Array.from({ length: side }, (_, i) => (2 * i) / (side - 1) - 1);
  const fourths = dim === 4 ? [-1, 0, 1] : [null];
  const parts = (classes ? Array.from({ length: classes }, (_, k) => k) : [null]).flatMap((wanted) => fourths.map((fourth) => ({ wanted, fourth, shares: [0.5, 0.5] })));
  const one = Uint8Array.from({ length: side ** dims }, (_, i) => Number(i >= side ** dims / 2));
  return { dims, side, axis, mass: 0.4, class_names: ['low', 'high'], parts, labels: base64(Uint8Array.from(parts.flatMap(() => [...one]))) };
}

function ink() {
  const nodes = [latent([100]), ['class', 'input', [], [], { role: 'class_index', classes: 3 }], ['one_hot', 'one_hot', ['class'], [3], { classes: 3 }]];
  nodes.push(['condition', 'concat', ['z', 'one_hot'], [103]], ['dense', 'dense', ['condition'], [30], {}, { weight: randoms(103 * 30), bias: randoms(30) }]);
  nodes.push(['sigmoid', 'sigmoid', ['dense'], [30]], ['image', 'reshape', ['sigmoid'], [1, 10, 3]]);
  return finished(model_of(nodes, { kind: 'ink', classes: 3, class_names: ['A', 'B', 'Č'] }));
}

/** With seeds, and with pictures to check against that are its own. */
function finished(model) {
  const { dim } = model.latent, { classes } = model;
  model.seeds = Array.from({ length: 16 }, () => [...randoms(dim)]);
  model.seed_classes = classes ? model.seeds.map((_, k) => k % classes) : [];
  const generator = new engine.Generator(model, false);
  const z = model.seeds.slice(0, 8), asked = classes ? z.map((_, k) => k % classes) : [];
  const pictures = z.flatMap((one, k) => [...engine.picture_of(model, generator.run(one, asked[k] ?? 0))]);
  model.check = { z, classes: asked, pictures: base64(model.kind === 'ink' ? Float32Array.from(pictures) : Uint8Array.from(pictures)) };
  return model;
}

// Pages ---------------------------------------------------------------------------------------------------------------

let files = 0;
function write_page(model) {
  const text = JSON.stringify(model).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
  const file = join(folder, `model-${++files}.html`);
  writeFileSync(file, template.replace('@MODEL@', () => text));
  return `file://${file}`;
}

/** Opens an address; the page must ask for nothing from elsewhere and report no fault. */
async function open(address, { width = 1280, height = 720, dark = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.faults = [];
  page.on('request', (request) => /^(file|blob|data):/.test(request.url()) || page.faults.push(`asked for ${request.url()}`));
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
  await page.goto(address);
  return page;
}

const checked = (page) => page.waitForSelector('.facts .good', { timeout: 90_000 });
const hash = (page) => page.evaluate(() => location.hash);
/** Waits until the address says so. */
const says = (page, part) => page.waitForFunction((text) => location.hash.includes(text), part, { timeout: 10_000 });
const shown = (page) => page.evaluate(() => document.querySelector('.large canvas').toDataURL());
async function close(page) {
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

const every_model = () => ({
  '1-d': images({ dim: 1 }), '2-d': images({ dim: 2 }), '3-d': images({ dim: 3 }), '4-d': images({ dim: 4 }), 'many-d': images({ dim: 100, channels: 3 }),
  'conditional 3-d': images({ dim: 3, classes: 4 }), '2-d without a map': images({ dim: 2, more: { map: null, notes: { map: 'No classifier is kept.' } } }), ink: ink(),
});

test('Takeaway.OpensAsAFileEqualsTheEngineAndStandsStillWhileItFollows', { skip }, async () => {
  for (const [name, model] of Object.entries(every_model())) {
    const page = await open(write_page(model));
    await checked(page);
    assert.match(await page.title(), /^r, epoch 1/, name);
    assert.match(await page.innerText('.facts'), /8 (pictures|symbols) equal the engine’s to 1\/255/, name);
    const moved = await page.evaluate(async () => {
      let sum = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value))).observe({ type: 'layout-shift', buffered: false });
      for (let i = 0; i < 40; ++i) {
        dispatchEvent(new KeyboardEvent('keydown', { key: ['ArrowRight', 'ArrowUp', 'PageUp', 'n'][i % 4] }));
        await new Promise((done) => setTimeout(done, 20));
      }
      await new Promise((done) => setTimeout(done, 300));
      return sum;
    });
    assert.ok(moved < 0.001, `${name}: the layout moved by ${moved}`);
    await close(page);
  }
});

test('Takeaway.SaysThatItDiffersFromTheEngine', { skip }, async () => {
  const model = images({ dim: 2 });
  const bytes = Buffer.from(model.check.pictures, 'base64');
  bytes[100] += bytes[100] > 127 ? -2 : 2;
  model.check.pictures = bytes.toString('base64');
  const page = await open(write_page(model));
  assert.match(await page.innerText('.facts .bad'), /differ from the engine’s by 2\/255/);
  await close(page);
});

test('Takeaway.RefusesInASentence', { skip }, async () => {
  const page = await open(`file://${join(folder, 'takeaway.html')}`);
  assert.match(await page.innerText('.error'), /This page holds no model/);
  await close(page);
  const unknown = images({ dim: 2 });
  unknown.nodes[1].op = 'attention';
  const other = await open(write_page(unknown));
  await other.waitForSelector('.error');
  assert.match(await other.innerText('.error'), /Layer dense: this page knows no layer “attention”/);
  await close(other);
});

test('Takeaway.ShowsNamesAsText', { skip }, async () => {
  const name = '<img src=x onerror="document.title=1"></script><b>&amp;';
  const model = images({ dim: 2, classes: 2, more: { run: name, description: name } });
  model.class_names = [name, '1'];
  model.map.class_names = [name, name];
  const page = await open(write_page(model));
  await checked(page);
  assert.equal(await page.innerText('h1'), name);
  assert.equal(await page.locator('img, .page script').count(), 0);
  await close(page);
});

test('Takeaway.FollowsThePointer', { skip }, async () => {
  const page = await open(write_page(images({ dim: 2 })));
  await checked(page);
  const first = await shown(page);
  const box = await page.locator('.map-panel .square').boundingBox();
  const to = async (x, y) => page.mouse.move(box.x + box.width * (x + 1) / 2, box.y + (box.height * (1 - y)) / 2, { steps: 5 });
  await to(0, 0);
  await page.mouse.down();
  await to(0.5, -0.25);
  await page.mouse.up();
  await says(page, '#z=0.5');
  assert.match(await page.innerText('.words'), /in the area of high/);
  assert.notEqual(await shown(page), first);
  await to(-0.7, -0.7); // A
  await page.mouse.down();
  await to(-0.5, 0.5);
  await page.mouse.up();
  await says(page, 'a=-0.');
  assert.match(await page.innerText('.crossed'), /low → high/);
  await page.locator('.strip button').last().click();
  await says(page, '#z=0.7,0.7');
  await page.locator('.layer').nth(2).click();
  await says(page, 'layer=conv');
  await page.locator('.maps canvas').hover({ position: { x: 20, y: 30 } });
  assert.match(await page.innerText('.layers-panel .words'), /map 0, row \d, column \d: -?\d/);
  await page.getByRole('button', { name: 'Reset' }).click();
  await says(page, '#z=0,0');
  await close(page);
});

test('Takeaway.FollowsTheKeyboardAlone', { skip }, async () => {
  const page = await open(write_page(images({ dim: 3, classes: 4 })));
  await checked(page);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('ArrowRight', 'ArrowRight', 'ArrowUp', 'PageDown');
  await says(page, '#z=0.04,0.02,-0.02');
  await press('n', 'n');
  await says(page, 'class=2');
  await page.waitForTimeout(500); // where the hand rests is a place to come back to
  await press('a', 'ArrowLeft', 'u');
  await says(page, 'a=0.04,0.02,-0.02');
  await says(page, '#z=0.04,0.02,-0.02');
  await press('U');
  await says(page, '#z=0.02,0.02,-0.02');
  await press('p');
  await page.waitForFunction(() => location.hash.includes('z=0.7,0.7,0.7'), null, { timeout: 15_000 }); // it has walked to B

  // Everything that can be pressed or moved can be reached by Tab, and has a name.
  const wanted = await page.evaluate(() => [...document.querySelectorAll('button:enabled, input, select, [tabindex="0"]')].filter((one) => one.checkVisibility()).length);
  const reached = new Set();
  await page.evaluate(() => document.activeElement.blur());
  for (let i = 0; i < wanted + 5; ++i) {
    await press('Tab');
    reached.add(await page.evaluate(() => {
      const all = [...document.querySelectorAll('button:enabled, input, select, [tabindex="0"]')];
      return all.indexOf(document.activeElement);
    }));
  }
  reached.delete(-1);
  assert.equal(reached.size, wanted);
  await page.locator('.square').first().focus();
  await press('Shift+ArrowLeft', 'ArrowDown');
  await says(page, '#z=0.6,0.68,0.7');
  await page.getByRole('button', { name: /^Layer conv / }).focus();
  await press('Enter');
  await says(page, 'layer=conv');
  await press('Escape');
  await page.waitForFunction(() => !location.hash.includes('layer'));
  await press('?');
  assert.match(await page.innerText('dialog'), /Walk from A to B/);
  await close(page);
});

test('Takeaway.OpensTheSameViewFromALink', { skip }, async () => {
  const address = write_page(images({ dim: 100, classes: 3 }));
  const page = await open(address);
  await checked(page);
  await page.keyboard.press('r');
  await page.keyboard.press('n');
  await page.keyboard.press('ArrowUp');
  await page.getByRole('button', { name: 'B here' }).click();
  await says(page, 'class=1');
  await page.waitForTimeout(500);
  const [kept, picture] = [await hash(page), await shown(page)];
  assert.ok(kept.length < 3000, `an address of ${kept.length} characters`);
  const fresh = await open(address + kept);
  await checked(fresh);
  await fresh.waitForTimeout(500);
  assert.equal(await hash(fresh), kept);
  assert.equal(await shown(fresh), picture);
  await fresh.evaluate(() => (location.hash = '#z=seed3&class=2'));
  await fresh.getByRole('button', { name: 'Seed 3' }).and(fresh.locator('[aria-pressed=true]')).waitFor();
  for (const wrong of ['#z=nonsense&class=99&a=,,&u=%%%&reach=-1&path=x', '#z=1,NaN', '#z=AAAA']) {
    const odd = await open(address + wrong);
    await checked(odd); // what cannot be read is left out
    await close(odd);
  }
  await close(page);
  await close(fresh);
});

test('Takeaway.DrawsInkStrokeByStroke', { skip }, async () => {
  const page = await open(write_page(ink()));
  await checked(page);
  await page.waitForSelector('.large svg line');
  const whole = await page.locator('.large svg line').count();
  await page.getByRole('button', { name: 'Draw' }).click();
  await page.waitForFunction((count) => document.querySelectorAll('.large svg line').length < count, whole);
  await page.waitForFunction((count) => document.querySelectorAll('.large svg line').length === count, whole);
  await page.getByRole('button', { name: 'Class Č' }).click();
  await says(page, 'class=2');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save' }).click()]);
  assert.equal(download.suggestedFilename(), 'r-epoch-1.svg');
  assert.match(readFileSync(await download.path(), 'utf8'), /^<svg [^]*<line [^]*<\/svg>\n$/);
  await close(page);
});

test('Takeaway.FitsAPhoneAndHasNoSeriousFaultForReaders', { skip }, async () => {
  const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
  const models = every_model();
  const phone = { width: 390, height: 844 };
  const looks = { '2-d': [{}, { dark: true }, phone], 'conditional 3-d': [{ ...phone, dark: true }], 'many-d': [phone], ink: [{ dark: true }] };
  for (const [name, each] of Object.entries(looks)) {
    const address = write_page(models[name]);
    for (const look of each) {
      const page = await open(address, look);
      await checked(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${name}: wider than the window`);
      if (name === '2-d' || look.dark) await page.locator('.layer').first().click();
      await page.evaluate(axe);
      const found = await page.evaluate(async () => (await globalThis.axe.run()).violations);
      const serious = found.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join('\n   ')}`);
      assert.deepEqual(serious, [], `${name} ${JSON.stringify(look)}`);
      await close(page);
    }
  }
});
