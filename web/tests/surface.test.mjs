// The Surface page: what `ganymede surface` wrote, to turn.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { eventually, ganymede, kTiny, serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

let explorer;
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer({
    runs: async (folder) => {
      await train(folder, 'a', { ...kTiny, 'train.epochs': 4 });
      await train(folder, 'bare');
      const make = (...more) => ganymede('surface', 'a', '--runs', folder, '--points', '9', '--batch', '16', '--threads', '1', '--quiet', ...more);
      await make();
      await make('--of', 'discriminator', '--path');
      await mkdir(join(folder, 'bare/surfaces'), { recursive: true });
      await writeFile(join(folder, 'bare/surfaces/other.json'), JSON.stringify({ schema: 'somebody/1' }));
    },
  });
});
after(() => explorer?.stop());

const drawn = (page) => page.locator('canvas.surface').evaluate((canvas) => Number(canvas.dataset.drawn ?? 0));
const pixels = (page) => page.locator('canvas.surface').screenshot();
const rest = (page) => page.waitForTimeout(300);

test('A surface is drawn, turned by keys and by hand, and shows either loss', { skip: skip_reason }, async () => {
  const page = await explorer.open('/run/a/surface');
  await page.waitForSelector('canvas.surface[data-drawn]');
  assert.equal(await page.locator('select').first().inputValue(), 'discriminator-path', 'the first by name');
  await page.locator('select').first().selectOption('generator-random');
  await eventually(() => page.url().includes('surface=generator-random'), true);
  await page.waitForSelector('canvas.surface[data-drawn]');
  await rest(page);
  await page.locator('canvas.surface').focus(); // which draws a ring around it
  const first = await pixels(page);
  await page.keyboard.press('ArrowLeft');
  await rest(page);
  const turned = await pixels(page);
  assert.ok(!first.equals(turned), 'an arrow key turns it');
  const box = await page.locator('canvas.surface').boundingBox();
  await page.mouse.move(box.x + 200, box.y + 150);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 170, { steps: 4 });
  await page.mouse.up();
  await rest(page);
  assert.ok(!turned.equals(await pixels(page)), 'and so does a hand');
  await page.getByRole('button', { name: 'loss of D' }).click();
  await eventually(() => page.url().includes('loss=discriminator'), true);
  await eventually(() => page.getByRole('button', { name: 'loss of D' }).getAttribute('aria-pressed'), 'true');
  await page.locator('h1').click();
  await page.keyboard.press('l');
  await eventually(() => page.getByRole('button', { name: 'loss of G' }).getAttribute('aria-pressed'), 'true');
  assert.deepEqual(page.faults, []);
});

test('A path has a slider over its epochs, which its address holds', { skip: skip_reason }, async () => {
  const page = await explorer.open('/run/a/surface?surface=discriminator-path');
  await page.waitForSelector('canvas.surface[data-drawn]');
  const epoch = () => page.locator('.path-slider output').textContent();
  assert.equal(await epoch(), '4');
  const before = await drawn(page);
  await page.locator('h1').click();
  await page.keyboard.press('[');
  await eventually(epoch, '3');
  assert.ok(page.url().includes('mark=3'));
  await eventually(async () => (await drawn(page)) > before, true);
  await page.locator('.path-slider input').fill('0');
  await eventually(() => page.locator('.surface-body h2').first().textContent(), 'Epoch 0');
  const again = await explorer.open('/run/a/surface?surface=discriminator-path&mark=1');
  await eventually(() => again.locator('.path-slider output').textContent(), '1');
  assert.ok((await again.locator('.surface-body').textContent()).includes('principal directions of the path over 5 epochs'));
  assert.deepEqual([...page.faults, ...again.faults], []);
});

test('Readers of a screen, phones and the dark have it too', { skip: skip_reason }, async () => {
  for (const look of [{}, { dark: true }, { phone: true }]) {
    const page = await explorer.open('/run/a/surface', look);
    await page.waitForSelector('canvas.surface[data-drawn]');
    assert.deepEqual(await serious_faults(page), []);
    assert.ok((await sideways(page)) <= 0);
    assert.deepEqual(page.faults, []);
  }
});

test('What is not there, or no surface, is said', { skip: skip_reason }, async () => {
  const none = await explorer.open('/run/bare/surface');
  await eventually(async () => (await none.locator('.error').textContent()).includes('no surface that this page knows'), true);
  const unknown = await explorer.open('/run/a/surface?surface=nothing');
  await eventually(async () => (await unknown.locator('.warning').textContent()).includes('keeps no surface "nothing"'), true);
  const gone = await explorer.open('/run/gone/surface');
  await eventually(() => gone.locator('.error').count(), 1);
});

// What the page reckons, without a browser.
const web = fileURLToPath(new URL('..', import.meta.url));
const skip_build = existsSync(join(web, 'node_modules/vite')) ? false : 'no node_modules: run npm ci in web/';
async function load_data() {
  const { build } = await import('vite');
  const [{ output }] = await build({ configFile: false, root: web, logLevel: 'error', build: { write: false, minify: false, lib: { entry: join(web, 'src/pages/surface/surface_data.ts'), formats: ['es'] } } });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}

test('Scale, places between and contours are those of the program', { skip: skip_build }, async () => {
  const { contours, loss_at, scale_of } = await load_data();
  const scale = scale_of([[1, 2], [3, 101]]);
  assert.deepEqual([scale.low, scale.knee, scale.high], [1, 1.5, 101]);
  assert.equal(scale.place(1), 0);
  assert.ok(Math.abs(scale.value(scale.place(7)) - 7) < 1e-9);
  const rows = [[0, 1, 2], [3, 4, 5], [6, 7, null]];
  const surface = { points: 3, x: { low: -1, high: 1 }, y: { low: 0, high: 4 } };
  assert.equal(loss_at(surface, rows, 0, 2), 4);
  assert.equal(loss_at(surface, rows, -0.5, 1), 2);
  assert.equal(loss_at(surface, rows, 0.5, 3), null);
  assert.equal(loss_at(surface, rows, 2, 0), null);
  // A plane that rises along the columns: its contour at 0.5 is a straight line of column 1, all the way up.
  const pieces = contours([[0, 0.5, 1], [0, 0.5, 1], [0, 0.5, 1]].map((row) => row.map((v) => v + 1e-9)), [0.5]);
  assert.ok(pieces.length >= 2);
  for (const [c0, , c1, , level] of pieces) assert.ok(Math.abs(c0 - 1) < 1e-6 && Math.abs(c1 - 1) < 1e-6 && level === 0.5);
});
