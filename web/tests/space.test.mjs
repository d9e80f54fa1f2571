// The page Space, as a reader uses it: by mouse, by keyboard alone, and by a link.
import assert from 'node:assert/strict';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { eventually, ganymede, kTiny, serious_faults, settled, sideways, skip_reason, start_explorer, train } from './harness.mjs';

let explorer;
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer({
    runs: async (folder) => {
      await train(folder, 'flat');
      await train(folder, 'other', { ...kTiny, 'train.seed': 9 });
      await train(folder, 'four', { ...kTiny, 'latent.dim': 4 });
      await train(folder, 'number', { ...kTiny, 'latent.dim': 3, 'generator.condition': 'embedding', 'discriminator.condition': 'embedding' });
      await train(folder, 'wide', { ...kTiny, 'latent.dim': 20 });
      await train(folder, 'ink', { 'generator.width': 8, 'discriminator.width': 8, 'data.builtin_count': 200, 'train.epochs': 1, 'train.sample_grid': 16 }, 'ink-quick');
      await ganymede('map', 'flat', '--runs', folder, '--resolution', '5', '--quiet'); // fits the classifier of the digits
    },
  });
});
after(() => explorer?.stop());
const options = { skip: skip_reason, timeout: 400_000 };

const z_of = (page) => page.locator('.picture .z').textContent();
const pixels = (page, selector = 'canvas.generated') => page.locator(selector).evaluate((canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].join());
const shown = async (page) => {
  await page.locator('.picture .z').waitFor();
  await eventually(async () => new Set((await pixels(page)).split(',')).size > 2, true);
};
// A map takes its time where others compute too.
const kPatience = { timeout: 120_000 };
const map_drawn = (page) => page.waitForFunction(() => document.querySelector('.pad canvas') && document.querySelector('.share-list li'), null, kPatience);
/** A page whose worker does not begin: it asks for its looks by requests, which a test can see and hold up. */
async function open_without_worker(path) {
  const page = await explorer.open('/');
  await page.route('**/assets/look_worker*', (route) => route.abort());
  await page.goto(new URL(path, page.url()).href);
  return page;
}
const focus = async (page, wanted, most = 150) => {
  for (let i = 0; i < most; ++i) {
    const name = await page.evaluate(() => {
      const e = document.activeElement;
      return e?.getAttribute('aria-label') ?? e?.labels?.[0]?.textContent ?? e?.textContent ?? '';
    });
    if (wanted.test(name)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${wanted} cannot be reached by Tab`);
};

test('The picture, its class and its map stand side by side', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  await map_drawn(page);
  assert.match(await z_of(page), /z = \(0.5, -0.25\)/);
  assert.match(await page.locator('.verdict').textContent(), /\d.*%/);
  assert.match(await page.locator('.shares').textContent(), /lies in an area of class \d/);
  assert.match(await page.locator('.pad').first().getAttribute('aria-valuetext'), /x 0.5, y -0.25, class \d/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('The point follows the mouse, one look at a time', options, async () => {
  const page = await open_without_worker('/run/flat/space?z=0.5,-0.25&open=layers');
  await shown(page);
  await map_drawn(page);
  let flying = 0;
  let most = 0;
  page.on('request', (request) => request.url().endsWith('/look') && (most = Math.max(most, ++flying)));
  const landed = (request) => request.url().endsWith('/look') && --flying;
  page.on('requestfinished', landed);
  page.on('requestfailed', landed);
  const before = await pixels(page);
  const box = await page.locator('.pad').boundingBox();
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.1 * box.height, { steps: 30 });
  await page.mouse.up();
  await eventually(async () => (await z_of(page)).replace(/(\d\.\d)\d*/g, '$1'), 'z = (0.8, 0.8)');
  await eventually(async () => (await pixels(page)) !== before, true);
  assert.equal(most, 1);
  assert.ok(await page.evaluate(() => window.ganymedeLooks.length > 0 && performance.getEntriesByName('look').length > 0));
  await page.context().close();
});

test('Where no worker begins the page asks for its looks itself', options, async () => {
  const page = await open_without_worker('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  const asked = page.waitForRequest((request) => request.url().endsWith('/look'));
  await page.getByLabel('x, as a number').fill('0.1');
  await eventually(() => z_of(page), 'z = (0.1, -0.25)');
  assert.match((await asked).postData(), /0\.1,-0\.25/);
  await page.context().close();
});

test('Looks go by a web socket once it is open', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  const requests = [];
  page.on('request', (request) => request.url().endsWith('/look') && requests.push(request));
  await page.waitForTimeout(1000); // the socket is open by then
  for (const x of ['0.1', '0.2', '0.3']) {
    await page.getByLabel('x, as a number').fill(x);
    await eventually(() => z_of(page), `z = (${x}, -0.25)`);
  }
  assert.equal(requests.length, 0);
  await page.context().close();
});

test('Marks and words wait for their picture, but not for a slow one', options, async () => {
  const page = await open_without_worker('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  await page.route('**/api/v1/look', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await route.continue();
  });
  const before = await pixels(page);
  await page.getByLabel('x, as a number').fill('-0.75');
  await eventually(() => z_of(page), 'z = (-0.75, -0.25)', 1500);
  assert.equal(await pixels(page), before);
  await eventually(async () => (await pixels(page)) !== before, true);
  await page.context().close();
});

test('Sliders, numbers, seeds and keys move it; undo, redo and Reset go back', options, async () => {
  const page = await explorer.open('/run/flat/space');
  await shown(page);
  const start = await z_of(page);
  assert.equal(await page.getByRole('button', { name: 'Reset' }).isDisabled(), true);
  await page.getByLabel('x, as a number').fill('0.25');
  await page.getByLabel('y', { exact: true }).focus();
  await page.keyboard.press('End');
  await eventually(() => z_of(page), 'z = (0.25, 1)');
  await page.waitForTimeout(600);
  await page.locator('h1').click();
  await page.keyboard.press('ArrowRight');
  await eventually(() => z_of(page), 'z = (0.26, 1)');
  await page.waitForTimeout(600);
  await page.keyboard.press('Shift+ArrowDown');
  await eventually(() => z_of(page), 'z = (0.26, 0.9)');
  await page.keyboard.press('Control+z');
  await eventually(() => z_of(page), 'z = (0.26, 1)');
  await page.keyboard.press('Control+z');
  await eventually(() => z_of(page), 'z = (0.25, 1)');
  await page.keyboard.press('Control+y');
  await eventually(() => z_of(page), 'z = (0.26, 1)');
  await page.getByLabel('Seed').selectOption('3');
  await eventually(async () => /seed 3/.test(await z_of(page)), true);
  await page.getByRole('button', { name: 'Random' }).click();
  await eventually(async () => /seed/.test(await z_of(page)), false);
  await page.getByRole('button', { name: 'Reset' }).click();
  await eventually(() => z_of(page), start);
  await eventually(() => page.getByRole('button', { name: 'Reset' }).isDisabled(), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A copied link opens the same view in a fresh browser', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.1,0.2&open=layers,walk');
  await shown(page);
  await page.getByLabel('Epoch', { exact: true }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByLabel('x', { exact: true }).fill('-0.7');
  await page.getByRole('button', { name: 'Set A here' }).click();
  await page.getByRole('button', { name: 'slerp' }).click();
  await page.locator('.layer').nth(2).click();
  await page.locator('.sheet-box canvas').click({ position: { x: 5, y: 5 } });
  await page.locator('.ablations li').waitFor();
  await page.locator('.change').waitFor();
  await eventually(() => page.evaluate(() => new URLSearchParams(location.search).get('set')?.includes('channel=0') ?? false), true);
  const address = await page.evaluate(() => location.pathname + location.search);
  for (const part of [/epoch=\d/, /[?&]z=-0.7,0.2/, /[?&]a=-0.7,0.2/, /path=slerp/]) assert.match(address, part);
  const fresh = await explorer.open(address, { token: false });
  await shown(fresh);
  await fresh.locator('.change').waitFor();
  await eventually(async () => (await pixels(fresh)) === (await pixels(page)), true);
  assert.equal(await z_of(fresh), await z_of(page));
  assert.equal(await fresh.locator('.ablations').textContent(), await page.locator('.ablations').textContent());
  await eventually(() => fresh.locator('.strip li').count(), 12);
  await eventually(() => fresh.evaluate(() => location.pathname + location.search), address);
  assert.deepEqual([...page.faults, ...fresh.faults], []);
  await page.context().close();
  await fresh.context().close();
});

test('Layers show their maps, where a value came from, and the picture without a map', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25&open=layers');
  await shown(page);
  assert.match(await page.locator('.layer').first().textContent(), /% zero, .*% near/);
  const before = await pixels(page);
  const layers = page.locator('.layer');
  const at = (await layers.allTextContents()).findIndex((text) => /convolution|conv/i.test(text));
  await layers.nth(at).click();
  const sheet = page.locator('.sheet-box canvas');
  await sheet.hover({ position: { x: 12, y: 12 } });
  await eventually(async () => /map 0, row \d+, column \d+: -?\d/.test(await page.locator('.feature-maps .value').textContent()), true);
  await page.locator('.taps td').first().waitFor();
  assert.match(await page.locator('.taps').textContent(), /product/);
  // By keyboard: the next map, Enter takes it away, Enter again puts it back.
  await sheet.focus();
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Enter');
  await eventually(() => page.locator('.ablations li').count(), 1);
  assert.match(await page.locator('.ablations').textContent(), /map 1 → 0/);
  await page.locator('.change').waitFor();
  await eventually(async () => (await pixels(page)) !== before, true);
  await page.getByRole('radio', { name: 'sets the row' }).check();
  await page.getByLabel(/Value that it is set to/).fill('1.5');
  await sheet.click({ position: { x: 5, y: 5 } });
  await eventually(() => page.locator('.ablations li').count(), 2);
  assert.match(await page.locator('.ablations').textContent(), /map 0, row 0 → 1.5/);
  await page.getByRole('button', { name: 'Put all back' }).click();
  await eventually(async () => (await pixels(page)) === before, true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('From A to B: the strip, the areas, and playing along', options, async () => {
  const page = await explorer.open('/run/flat/space?a=-0.8,-0.8&b=0.8,0.8&open=walk');
  await shown(page);
  await eventually(() => page.locator('.strip canvas').count(), 12);
  await page.locator('.area-bar').waitFor();
  assert.equal(await page.locator('.pad .walk-line').count(), 1);
  await page.getByRole('spinbutton', { name: 'pictures' }).fill('5');
  await page.getByRole('spinbutton', { name: 'pictures' }).press('Enter');
  await eventually(() => page.locator('.strip canvas').count(), 5);
  await page.getByRole('button', { name: /Picture 3 of 5/ }).click();
  await eventually(() => z_of(page), 'z = (0, 0)');
  await map_drawn(page);
  await page.locator('.pad').scrollIntoViewIfNeeded();
  const box = await page.locator('.pad').boundingBox();
  const place = (x, y) => [box.x + ((x + 1) / 2) * box.width, box.y + ((1 - y) / 2) * box.height];
  await page.mouse.move(...place(0.79, 0.79));
  await page.mouse.down();
  await page.mouse.move(...place(0.5, -0.5), { steps: 5 });
  await page.mouse.up();
  await eventually(async () => Math.abs(Number(await page.getByLabel('y of B, as a number').inputValue()) + 0.5) < 0.03, true);
  assert.equal(await z_of(page), 'z = (0, 0)');
  await page.getByLabel('x of A', { exact: true }).fill('-0.5');
  await page.getByRole('button', { name: '▷ Play' }).click();
  await eventually(async () => (await z_of(page)) !== 'z = (0, 0)', true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('The epoch slider takes picture and map with it', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  await map_drawn(page);
  const last = await pixels(page);
  await page.getByLabel('Epoch', { exact: true }).focus();
  const asked = page.waitForRequest((request) => request.url().endsWith('/map') && request.postDataJSON().epoch === 1);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await asked;
  await eventually(async () => (await pixels(page)) !== last, true);
  await page.getByLabel('Play the epochs').click();
  await eventually(async () => (await pixels(page)) === last, true);
  await page.context().close();
});

test('The same z through other models, side by side', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25&open=models,layers');
  await shown(page);
  await page.locator('.models select').selectOption('other');
  await page.getByRole('button', { name: 'Add it' }).click();
  await page.locator('.models input[type=number]').fill('1');
  await page.locator('.models select').selectOption('flat');
  await page.getByRole('button', { name: 'Add it' }).click();
  await page.locator('.models select').selectOption('wide');
  await page.getByRole('button', { name: 'Add it' }).click();
  await eventually(() => page.locator('.model canvas.thumbnail').count(), 3);
  await eventually(async () => /Its z has 20 values/.test(await page.locator('.models').textContent()), true);
  await page.getByRole('button', { name: 'Take wide@1 away' }).click();
  await eventually(() => page.locator('.model').count(), 3);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Four dimensions: sections through the point, and a cube that the fourth coordinate changes', options, async () => {
  const page = await explorer.open('/run/four/space?z=0.1,0.2,0.3,0.4');
  await shown(page);
  await eventually(() => page.locator('.sections canvas').count(), 3);
  await page.locator('.share-list li').first().waitFor(kPatience);
  await page.locator('.sections .pad').nth(1).click({ position: { x: 100, y: 30 } });
  await eventually(async () => (await z_of(page)) === 'z = (0.1, 0.2, 0.3, 0.4)', false);
  const moved = await z_of(page);
  assert.match(moved, /z = \(0\.\d+, 0.2, 0\.\d+, 0.4\)/);
  assert.doesNotMatch(moved, /\(0.1, .*0.3, /);
  const asked = page.waitForRequest((request) => request.url().endsWith('/map') && request.postDataJSON().fourth === -1);
  await page.getByLabel('z4', { exact: true }).focus();
  await page.keyboard.press('Home');
  await asked;
  await eventually(async () => /Cube at z4 = -1/.test(await page.locator('.shares').textContent()), true, kPatience.timeout);
  assert.deepEqual(page.faults.filter((fault) => !/WebGL/.test(fault)), []);
  await page.context().close();
});

test('Number and 3D map are chosen apart', options, async () => {
  const page = await explorer.open('/run/number/space?z=0.4,0.5,-0.6');
  await shown(page);
  const zero = await pixels(page);
  const map = page.getByRole('radiogroup', { name: /Change 3D map/ });
  await eventually(async () => /%/.test(await map.textContent()), true, kPatience.timeout);
  await page.getByRole('radiogroup', { name: /Change number/ }).getByText('4', { exact: true }).click();
  await eventually(async () => (await pixels(page)) !== zero, true);
  const asked = page.waitForRequest((request) => request.url().endsWith('/map') && request.postDataJSON().class === 1);
  await map.getByRole('radio', { name: '0' }).focus();
  await page.keyboard.press('ArrowRight');
  await asked;
  await eventually(async () => ((await map.textContent()).match(/%/g) ?? []).length, 2, kPatience.timeout);
  await eventually(() => page.evaluate(() => location.search.includes('class=4') && location.search.includes('map=1')), true);
  await page.getByRole('button', { name: 'Show' }).nth(await page.getByRole('button', { name: 'Show' }).count() - 2).click();
  await eventually(() => page.locator('.letters canvas').count(), 10);
  await page.context().close();
});

test('The cube is drawn live or as a still picture; without WebGL a sentence stands there', options, async (t) => {
  const plain = await explorer.open('/run/four/space?open=none');
  await eventually(async () => (await plain.locator('canvas.cube').count()) + (await plain.locator('.cube-panel .warning').count()), 1);
  await plain.context().close();
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic', '--no-first-run', '--enable-unsafe-swiftshader'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(`${explorer.url}/run/four/space?z=0.1,0.2,0.3,0.4&open=walk`);
    await page.locator('.share-list li').first().waitFor(kPatience);
    if (await page.locator('.cube-panel .warning').count()) return t.skip('this Chromium draws no WebGL');
    const cube = page.locator('canvas.cube');
    const look = async () => (await cube.screenshot()).toString('base64');
    await page.waitForTimeout(1000);
    const first = await look();
    await cube.focus();
    await page.keyboard.press('ArrowRight');
    await eventually(async () => (await look()) !== first, true);
    const turned = await look();
    await cube.hover();
    await page.mouse.down();
    await page.mouse.move(400, 300, { steps: 4 });
    await page.mouse.up();
    await eventually(async () => (await look()) !== turned, true);
    for (const act of [
      () => page.getByRole('button', { name: 'slices' }).click(),
      () => page.getByLabel('One class alone').selectOption({ index: 1 }),
      () => page.getByLabel('One class alone').selectOption({ index: 0 }),
      () => page.getByLabel('opacity').fill('1'),
      () => page.getByLabel('only the areas the line passes').check(),
    ]) {
      const old = await look();
      await act();
      await page.waitForTimeout(300);
      void old;
    }
    await page.getByRole('button', { name: 'static' }).click();
    await eventually(async () => page.locator('canvas.cube[role=img]').evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((x) => x > 0)), true);
    assert.match(await page.evaluate(() => location.search), /cube=|open=walk/);
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
  }
});

test('Many dimensions: a plane of axes, random or principal directions', options, async () => {
  const page = await explorer.open('/run/wide/space');
  await shown(page);
  await map_drawn(page);
  await page.getByLabel('First direction').selectOption('4');
  await page.getByLabel('z5', { exact: true }).fill('0.5');
  await eventually(() => page.getByLabel('z5, as a number').inputValue(), '0.5');
  for (const kind of ['principal', 'random']) {
    const asked = page.waitForRequest((request) => request.url().endsWith('/map'));
    await page.getByLabel('Kind of directions').selectOption(kind);
    await asked;
    await page.getByLabel(`${kind} 1`, { exact: true }).waitFor();
  }
  await page.locator('.pad').click({ position: { x: 50, y: 60 } });
  await page.getByText('All 20 values of z').click();
  await page.getByLabel('z20, as a number').fill('1.25');
  await eventually(() => page.evaluate(() => /z=[^&]*1.25(&|$)/.test(decodeURIComponent(location.search))), true);
  await page.getByRole('button', { name: 'pictures' }).click();
  await eventually(() => page.locator('.pad canvas').evaluate((canvas) => canvas.width), 8 * 28);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Ink: strokes in order, the alphabet at one z, SVG out', options, async () => {
  const page = await explorer.open('/run/ink/space?open=alphabet,walk');
  await page.locator('.generated line').first().waitFor();
  await eventually(async () => (await page.locator('.letters svg').count()) > 9, true);
  await eventually(() => page.locator('.strip svg').count(), 12);
  // From one letter to another at one z: the strip is drawn stroke by stroke as any other.
  await page.getByRole('button', { name: 'Set B here' }).click();
  await page.getByRole('button', { name: 'Set A here' }).click();
  const strokes = (i) => page.locator('.strip svg').nth(i).innerHTML();
  await eventually(async () => (await strokes(0)) === (await strokes(11)), true);
  await page.getByLabel('Class of B').selectOption('5');
  await eventually(async () => (await strokes(0)) !== (await strokes(11)), true);
  await page.locator('.letters button').nth(3).click();
  await eventually(() => page.evaluate(() => location.search.includes('class=3')), true);
  // Played, it goes from move to move where no motion is wanted, as here, and ends with all of it.
  const drawn = () => page.locator('.ink.generated line').count();
  const whole = await drawn();
  const bar = page.getByRole('group', { name: 'Play the drawing' });
  await bar.getByLabel('Speed of the drawing').selectOption({ label: '0.25 ×' });
  await bar.getByRole('button').click();
  await eventually(async () => (await drawn()) < whole, true);
  await bar.getByRole('button', { name: 'Pause' }).click();
  const part = await drawn();
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(await drawn(), part, 'it stands where it was paused');
  await bar.getByLabel('Time of the drawing').fill('0');
  assert.equal(await drawn(), 0);
  await bar.getByLabel('Speed of the drawing').selectOption({ label: '4 ×' });
  await page.keyboard.press('Escape');
  await page.locator('h1').click();
  await page.keyboard.press('d');
  await eventually(drawn, whole);
  await eventually(() => bar.getByRole('button', { name: 'Play the drawing' }).count(), 1);
  const letters = page.getByRole('group', { name: 'Play the alphabet' });
  await letters.getByLabel('Time of the alphabet').fill('0');
  assert.equal(await page.locator('.letters line').count(), 0);
  await letters.getByRole('button').click();
  await eventually(async () => (await page.locator('.letters line').count()) > 20, true);
  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Symbol (SVG)' }).click()]);
  assert.match(await readFile(await file.path(), 'utf8'), /<svg .*<line .*stroke="#/s);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A way leads from one class to another, and its address keeps both', options, async () => {
  const page = await explorer.open('/run/number/space?a=0.1,0.2,0.3&b=0.1,0.2,0.3&class=1&open=walk');
  await eventually(() => page.locator('.strip canvas').count(), 12);
  const steps = () => page.locator('.strip canvas').evaluateAll((all) => all.map((one) => one.toDataURL()));
  await eventually(async () => new Set(await steps()).size, 1);
  const answer = page.waitForResponse((response) => response.url().endsWith('/walk') && response.request().postDataJSON().to_class === 8);
  await page.getByLabel('Class of A').selectOption('3');
  await page.getByLabel('Class of B').selectOption('8');
  const answered = await answer;
  assert.equal(answered.request().postDataJSON().class, 3);
  // Seen on the page, not as the end of the answer: one that is asked for again breaks off, and has none.
  await eventually(async () => new Set(await steps()).size > 1, true);
  const way = await settled(steps);
  assert.notEqual(way[0], way[11]);
  await eventually(() => page.evaluate(() => /class_a=3&class_b=8/.test(location.search)), true);
  const again = await explorer.open(await page.evaluate(() => location.pathname + location.search));
  await eventually(async () => (await again.locator('.strip canvas').evaluateAll((all) => all.map((one) => one.toDataURL()))).join() === way.join(), true);
  assert.equal(await again.getByLabel('Class of B').inputValue(), '8');
  await again.context().close();
  // Half way the picture is of neither class: the strip's, at its place, also by its address.
  const large = (on) => on.locator('canvas.generated').evaluate((one) => one.toDataURL());
  const between = way.findIndex((one) => one !== way[0] && one !== way[11]);
  assert.ok(between > 0, 'the classes are near each other, but not that near');
  await page.getByRole('button', { name: new RegExp(`Picture ${between + 1} of 12`) }).click();
  await eventually(() => large(page), way[between]);
  await eventually(() => page.evaluate(() => /[?&]share=0\.\d/.test(location.search)), true);
  const there = await explorer.open(await page.evaluate(() => location.pathname + location.search));
  await eventually(() => large(there), way[between]);
  await there.context().close();
  await page.getByRole('button', { name: /Picture 12 of 12/ }).click();
  await eventually(() => page.evaluate(() => /[?&]class=8(&|$)/.test(location.search)), true);
  assert.deepEqual(await steps(), way, 'the way stays where it was');
  await page.getByRole('button', { name: '⇄ Swap' }).click();
  await eventually(async () => {
    const now = await steps();
    return now[0] === way[11] && now[11] === way[0];
  }, true);
  await page.keyboard.press('Control+z');
  await eventually(() => page.getByLabel('Class of A').inputValue(), '3');
  await page.keyboard.press('e');
  await eventually(async () => /^ganymede interpolate .*--class 3 --to-class 8 /.test(await page.locator('.command code').last().textContent()), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Export gives picture, strip, film, z and the command', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25&open=walk');
  await shown(page);
  await eventually(() => page.locator('.strip canvas').count(), 12);
  await page.keyboard.press('e');
  const saved = async (name) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return readFile(await file.path());
  };
  const png = await saved('Picture (PNG)');
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.equal(png.readUInt32BE(16), 28 * 8);
  assert.ok((await saved('Strip from A to B (PNG)')).readUInt32BE(16) > 12 * 28 * 8);
  assert.equal((await saved('Film from A to B (GIF)')).subarray(0, 6).toString(), 'GIF89a');
  const z = JSON.parse(await saved('z (JSON)'));
  assert.deepEqual([z.run, z.z], ['flat', [0.5, -0.25]]);
  assert.match(await page.locator('.command code').first().textContent(), /^ganymede sample .*flat.*--z 0.5,-0.25/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('All of it can be reached by keyboard alone', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25&open=none');
  await shown(page);
  await map_drawn(page);
  await focus(page, /Map of class areas: the point/);
  await page.keyboard.press('ArrowLeft');
  await eventually(() => z_of(page), 'z = (0.49, -0.25)');
  await focus(page, /^x$/);
  await focus(page, /^y, as a number/);
  await page.keyboard.press('Escape');
  await page.locator('h1').click();
  await page.keyboard.press('l');
  await page.locator('.layer').first().waitFor();
  await focus(page, /^Close$/);
  await page.keyboard.press('Tab');  // the link to the theory behind it
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.sheet-box canvas').waitFor();
  await focus(page, /arrow keys go from value to value/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await eventually(() => page.locator('.ablations li').count(), 1);
  await page.locator('h1').click();
  await page.keyboard.press('a');
  await page.keyboard.press('r');
  await page.keyboard.press('b');
  await eventually(() => page.locator('.strip canvas').count(), 12);
  const here = await z_of(page);
  await page.keyboard.press('p');
  await eventually(async () => (await z_of(page)) !== here, true);
  await page.keyboard.press('p');
  await page.keyboard.press('j');
  await eventually(() => page.evaluate(() => location.search.includes('epoch=')), true);
  await page.keyboard.press('?');
  await page.locator('dialog[open]').getByText('Undo').waitFor();
  await page.context().close();
});

test('No serious fault for axe, light and dark; no phone has to be pushed sideways', options, async () => {
  const runs = ['flat/space?open=layers,walk,models&set=act1:channel%3D0', 'four/space?open=walk', 'number/space?open=alphabet', 'wide/space', 'ink/space?open=alphabet'];
  for (const [i, run] of runs.entries()) {
    const page = await explorer.open(`/run/${run}`, { dark: i % 2 === 0 });
    await page.locator('.picture .z').waitFor();
    await page.waitForTimeout(500);
    assert.deepEqual(await serious_faults(page), [], run);
    if (i === 0) {
      await page.emulateMedia({ colorScheme: 'light' });
      assert.deepEqual(await serious_faults(page), [], `${run} in light`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(200);
    assert.equal(await sideways(page), 0, run);
    await page.context().close();
  }
});

test('A way that was drawn while data are looked for gets its classes when they are found', options, async () => {
  const page = await explorer.open('/');
  await page.route('**/runs/flat/generator*', async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, classifier: { state: 'looking', sentence: 'the data are being opened' } } });
  });
  let walks = 0;
  page.on('request', (request) => (walks += request.url().endsWith('/walk')));
  await page.goto(`${explorer.url}/run/flat/space?a=0.1,0.2&b=0.5,0.5&open=walk`);
  await eventually(() => page.locator('.strip canvas').count(), 12);
  await eventually(() => walks, 2);
  await page.context().close();
});

test('A classifier that is missing is said, and fitted on demand', options, async () => {
  const reader = await explorer.open('/run/ink/space', { token: false });
  const fit = (page) => page.getByRole('button', { name: 'Fit it' });
  await fit(reader).waitFor();
  assert.equal(await fit(reader).isDisabled(), true);
  await reader.context().close();
  const page = await explorer.open('/run/ink/space');
  // The fit itself takes minutes: what the server would say stands in for it.
  let asked = 0;
  await page.route('**/api/v1/classifier', (route) => {
    assert.ok(route.request().headers()['x-ganymede-token']);
    return route.fulfill({ json: { state: 'fitting', sentence: 'being fitted', done: 3, total: 10 } });
  });
  await page.route('**/runs/ink/classifier', (route) => route.fulfill({ json: ++asked < 2 ? { state: 'fitting', sentence: 'being fitted', done: 7, total: 10 } : { state: 'impossible', sentence: 'it was stopped' } }));
  await fit(page).click();
  await eventually(() => page.locator('.map .warning progress').getAttribute('value'), '7');
  await page.getByText('It was stopped.').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Faults stand where the picture would', options, async () => {
  const none = await explorer.open('/run/nothing/space');
  assert.match(await none.locator('main .error').textContent(), /nothing/);
  await none.context().close();
  const page = await explorer.open('/run/other/space?z=0.5,-0.25');
  await shown(page);
  await rename(join(explorer.folder, 'other'), join(explorer.folder, '.gone'));
  await page.getByLabel('x', { exact: true }).fill('0.1');
  await page.locator('.frame .error').waitFor();
  await rename(join(explorer.folder, '.gone'), join(explorer.folder, 'other'));
  await page.getByLabel('x', { exact: true }).fill('0.2');
  await eventually(() => page.locator('.frame .error').count(), 0);
  await page.context().close();
});

test('A server that ended is said, and the page goes on with its successor', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  const late = await explorer.open('/run/flat/space?z=0.5,-0.25');
  await shown(late);
  await late.getByRole('link', { name: 'Runs' }).first().click();
  await late.locator('.picture').waitFor({ state: 'detached' });
  await explorer.stop_server();
  await page.getByLabel('x', { exact: true }).fill('0.1');
  await page.locator('.frame .error').waitFor();
  assert.match(await page.locator('.frame .error').textContent(), /does not answer|broke off/);
  assert.equal(await page.locator('.space-main.stale').count(), 1); // what the last picture said is not of this z
  await late.goBack();
  await late.locator('main .error').first().waitFor();
  await explorer.start_server();
  for (const one of [page, late]) {
    await shown(one); // without being touched
    await eventually(() => one.locator('.frame .error, .space-main.stale').count(), 0);
    await map_drawn(one);
    await one.context().close();
  }
});
