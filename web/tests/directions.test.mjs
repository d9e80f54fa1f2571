// Directions on the page Space: sliders along what a run keeps, its planes on maps and in the cube, and what stands there where there are none.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { eventually, ganymede, kTiny, serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

const estimate = (value) => ({ value, low: value - 0.1, high: value + 0.1 });
/** A file of two attributes whose normals are known: ink along (0.6, 0.8, 0 ...), slant along the first axis, falling. */
function known(dim, more = {}) {
  const vector = (...values) => Array.from({ length: dim }, (_, i) => values[i] ?? 0);
  const common = { kind: 'continuous', mean: 0, deviation: 1, left: 0.8, told: true };
  return {
    schema: 'ganymede.directions/1', name: 'known', run: 'x', epoch: 3, step: 18, class: null, class_name: '', samples: 'made up', count: 100, held_out: 30, classifier: '', latent_dim: dim, z_variance: 1,
    attributes: [
      { ...common, name: 'ink', sentence: 'how much ink', normal: vector(0.6, 0.8), offset: 0.1, slope: 2, intercept: 5, explained: estimate(0.8), conditional: vector(0, 1), orthogonal: vector(0.6, 0.8) },
      { ...common, name: 'slant', sentence: 'how slanting', normal: vector(1), offset: -0.2, slope: -1, intercept: 0, explained: estimate(0.4), conditional: vector(0.8, -0.6), orthogonal: vector(0.8, -0.6) },
      { ...common, name: 'holes', sentence: 'how many holes', normal: vector(0, 1), offset: 0, slope: 1, intercept: 0, explained: estimate(-0.1), told: false, left: null, conditional: null, orthogonal: null },
    ],
    entanglement: { verdict: 'no', sentence: 'Entangled: made up for a test.' }, principal: [{ name: 'principal 1', strength: 1, vector: vector(0, 1) }], activation: [], ...more,
  };
}
async function keep(run, file) {
  await mkdir(join(run, 'directions'), { recursive: true });
  await writeFile(join(run, `directions/${file.name}.json`), JSON.stringify(file));
}

let explorer;
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer({
    runs: async (folder) => {
      await train(folder, 'flat');
      await train(folder, 'cube', { ...kTiny, 'latent.dim': 3 });
      await train(folder, 'wide', { ...kTiny, 'latent.dim': 20 });
      await train(folder, 'bare');
      await ganymede('map', 'flat', '--runs', folder, '--resolution', '5', '--quiet'); // fits the classifier of the digits
      await ganymede('directions', 'wide', '--runs', folder, '--n', '300', '--resamples', '10', '--quiet');
      await keep(join(folder, 'flat'), known(2));
      await keep(join(folder, 'flat'), { ...known(2), name: 'older', latent_dim: 3 });
      await keep(join(folder, 'cube'), known(3));
      await keep(join(folder, 'wide'), known(20));
    },
  });
});
after(() => explorer?.stop());
const options = { skip: skip_reason, timeout: 400_000 };
const z_of = (page) => page.locator('.picture .z').textContent();
const place_of = (page, name) => page.getByLabel(`${name}, as a number`).inputValue();

test('A slider moves z along its direction and leaves what is at right angles', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25&open=directions&along=known|normal');
  await eventually(() => place_of(page, 'ink'), '0.1'); // 0.6 * 0.5 - 0.8 * 0.25
  assert.equal(await place_of(page, 'slant'), '-0.5', 'to where the score rises: against its falling slope');
  assert.match(await page.locator('.directions').textContent(), /Entangled: made up for a test\..*Not told by z: holes/s);
  assert.match(await page.locator('.way').first().textContent(), /≈ 5.2/);
  await page.getByLabel('ink, as a number').fill('1.1');
  await eventually(() => z_of(page), 'z = (1.1, 0.55)');
  assert.equal(await place_of(page, 'slant'), '-1.1', 'not apart: it moved, too');
  await page.locator('.directions select').nth(1).selectOption('conditional');
  await page.getByLabel('ink, as a number').fill('0');
  await eventually(() => z_of(page), 'z = (1.1, 0)');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await eventually(async () => (await z_of(page)) !== 'z = (1.1, 0)', true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('The planes of attributes are lines on the map, chosen by buttons and kept in the address', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25&open=directions&along=known|normal');
  await page.waitForSelector('.boundary');
  assert.deepEqual(await page.locator('.map .boundary text').allTextContents(), ['ink'], 'that which z tells best');
  const points = (await page.locator('.map .boundary .cut polyline').getAttribute('points')).split(' ').map((pair) => pair.split(',').map((v) => Number(v) / 500 - 1));
  for (const [x, y] of points) assert.ok(Math.abs(0.6 * x - 0.8 * y + 0.1) < 0.02, `${x} ${-y}`);
  await page.getByLabel('The plane of slant on the map').click();
  await eventually(() => page.locator('.map .boundary').count(), 2);
  await page.getByLabel('The plane of ink on the map').click();
  await eventually(() => page.locator('.map .boundary text').allTextContents(), ['slant']);
  await eventually(() => new URL(page.url()).searchParams.get('along'), 'known|normal|slant');
  await page.locator('.directions').getByRole('button', { name: 'Close' }).click();
  await eventually(() => page.locator('.map .boundary').count(), 0);
  const again = await explorer.open('/run/flat/space?open=directions&along=known|conditional|slant');
  await eventually(() => again.locator('.map .boundary text').allTextContents(), ['slant']);
  assert.equal(await again.locator('.directions select').nth(1).inputValue(), 'conditional');
  await again.context().close();
  await page.context().close();
});

test('Sections of a cube show where planes cut them, and the cube is drawn with them', options, async () => {
  const page = await explorer.open('/run/cube/space?z=0.5,-0.25,0.3&open=directions&along=known|normal|ink|slant');
  await eventually(() => page.locator('.sections .boundary').count(), 5); // slant does not cross the section of z2 and z3
  await page.waitForSelector('canvas.cube');
  await page.waitForTimeout(1500);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('In many dimensions the panel is open, and the plane may lie along two attributes', options, async () => {
  const page = await explorer.open('/run/wide/space?along=known|normal');
  await eventually(() => page.locator('.directions .way').count(), 2);
  await page.getByLabel('Kind of directions').selectOption('kept');
  await eventually(() => page.locator('.map figcaption').first().textContent(), 'ink → slant ↑');
  await page.getByLabel('Second direction').selectOption({ label: 'ink' });
  await page.waitForSelector('.map .boundary');
  const own = await explorer.open('/run/wide/space?along=attributes|principal');
  await eventually(async () => (await own.locator('.directions .way').count()) > 4, true);
  assert.equal(await own.locator('.directions img').count(), 1);
  await own.locator('.directions summary').click();
  await eventually(() => own.locator('.directions img').evaluate((image) => image.complete && image.naturalWidth > 100), true);
  assert.deepEqual([...page.faults, ...own.faults], []);
  await own.context().close();
  await page.context().close();
});

test('Where there are none, or they are of another model, a sentence says so', options, async () => {
  const bare = await explorer.open('/run/bare/space?open=directions');
  await eventually(async () => /This run keeps none yet.*ganymede directions bare/s.test(await bare.locator('.directions').textContent()), true);
  await bare.context().close();
  const older = await explorer.open('/run/flat/space?open=directions&along=older|normal');
  await eventually(async () => /made for z of 3 values/.test(await older.locator('.directions .error').textContent()), true);
  await older.context().close();
});

test('The files are served by name, and listed with the run', options, async () => {
  const run = await (await fetch(`${explorer.url}/api/v1/runs/wide`)).json();
  assert.deepEqual(run.directions.map(({ file }) => file).filter((file) => file.endsWith('.json')), ['directions/attributes.json', 'directions/known.json']);
  const served = await fetch(`${explorer.url}/api/v1/runs/wide/files/directions/known.json`);
  assert.equal(await served.text(), await readFile(join(explorer.folder, 'wide/directions/known.json'), 'utf8'));
});

test('It reads well on a phone and in the dark, and for a screen reader', options, async () => {
  for (const more of [{ phone: true }, { dark: true }]) {
    const page = await explorer.open('/run/flat/space?open=directions&along=known|normal|ink|slant', more);
    await page.waitForSelector('.way');
    assert.equal(await sideways(page), 0);
    assert.equal(await page.locator('.directions').evaluate((panel) => Math.max(0, panel.scrollWidth - panel.clientWidth)), 0);
    assert.deepEqual(await serious_faults(page), []);
    await page.context().close();
  }
});
