// The page Compare, as a reader uses it.
import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { write_score } from './fixtures.mjs';
import { eventually, kTiny, serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

let explorer;
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer({
    runs: async (folder) => {
      const run = (name) => join(folder, name);
      await train(folder, 'a');
      await train(folder, 'b', { ...kTiny, 'train.seed': 2, 'train.epochs': 5 });
      await train(folder, 'c', { ...kTiny, 'latent.dim': 3 });
      for (const name of ['d', 'e', 'gone']) await cp(run('a'), run(name), { recursive: true });
      const both = async (name, one, other) => {
        await write_score(run('a'), name, one);
        await write_score(run('b'), name, other);
      };
      await both('frechet500_x_v1', { value: 20, low: 18, high: 22 }, { value: 10, low: 9, high: 11 });
      await both('coverage500_x_v1', { value: 0.8, low: 0.7, high: 0.9, better: 'higher' }, { value: 0.5, low: 0.4, high: 0.6, better: 'higher' });
      await both('recall500_x_v1', { value: 0.8, low: 0.7, high: 0.9, better: 'higher' }, { value: 0.9, low: 0.85, high: 0.95, better: 'higher' });
      await both('one_nn500_x_v1', { value: 0.9, low: 0.88, high: 0.92, better: 'half' }, { value: 0.3, low: 0.28, high: 0.32, better: 'half' });
      await both('density500_x_v1', { value: 1.1, low: 1.05, high: 1.15, better: 'higher' }, { value: 1.3, low: 1.25, high: 1.35, better: 'higher' });
      await both('modes500_x_v1', { value: 10, better: 'higher' }, { value: 9, better: 'higher' });
      await both('d_accuracy500_x', { value: 0.9, low: 0.88, high: 0.92, better: 'half' }, { value: 0.6, low: 0.58, high: 0.62, better: 'half' });
      await write_score(run('a'), 'kernel500_x_v1', { value: 1, low: 0.9, high: 1.1 });
      await write_score(run('b'), 'kernel1k_x_v1', { value: 0.5, low: 0.4, high: 0.6 });
    },
  });
});
after(() => explorer?.stop());
const options = { skip: skip_reason };
const query = (page) => new URL(page.url()).searchParams;
const sources = (page) => page.locator('.side-by-side img').evaluateAll((images) => images.map((image) => image.getAttribute('src').match(/runs\/(\w+)\/files\/(.*)\?/).slice(1).join(' ')));
const captions = (page) => page.locator('figcaption').allTextContents();

test('Without runs it says how to choose them; they are chosen and taken away by keyboard', options, async () => {
  const page = await explorer.open('/compare');
  await page.getByText(/Choose two to four runs/).waitFor();
  for (const name of ['a', 'b']) {
    const add = page.getByRole('combobox', { name: /Begin with|Add/ });
    await add.focus();
    await add.selectOption(name);
  }
  await eventually(() => query(page).get('runs'), 'a,b');
  await page.getByRole('heading', { name: 'Scores' }).waitFor();
  await page.goBack();
  await page.getByText(/Choose another run/).waitFor();
  await page.goForward();
  await page.getByRole('button', { name: 'Take a away' }).press('Enter');
  await eventually(() => query(page).get('runs'), 'b');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Pictures of the same epoch stand side by side, or of the nearest, which is said', options, async () => {
  const page = await explorer.open('/compare?runs=a,b');
  await eventually(() => sources(page), ['a samples/epoch-0003.png', 'b samples/epoch-0005.png']);
  assert.deepEqual(await captions(page), ['aepoch 3, the nearest to 5', 'bepoch 5']);
  await page.locator('h1').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await eventually(() => sources(page), ['a samples/epoch-0001.png', 'b samples/epoch-0001.png']);
  await eventually(() => query(page).get('epoch'), '1');
  await page.getByRole('combobox', { name: 'Show' }).selectOption('larger grid');
  await eventually(() => sources(page), ['a samples/grid-0001.png', 'b samples/grid-0001.png']);
  const other = await explorer.open(`/compare${new URL(page.url()).search}`);
  await eventually(() => sources(other), ['a samples/grid-0001.png', 'b samples/grid-0001.png']);
  await page.context().close();
  await other.context().close();
});

test('It says whether the noise is the same: samples are named, whatever the seed of training', options, async () => {
  const page = await explorer.open('/compare?runs=a,b');
  await page.getByText('The same picture of each grid comes from the same noise.').waitFor();
  await page.goto(`${explorer.url}/compare?runs=a,c`);
  await page.getByText('Their noise is not the same, since latent.dim differs').waitFor();
  await page.context().close();
});

test('Curves of one quantity stand in one frame, a line a run', options, async () => {
  const page = await explorer.open('/compare?runs=a,b,c');
  const plot = page.locator('.plot', { has: page.getByRole('heading', { name: 'Losses: generator', exact: true }) });
  await eventually(() => plot.locator('.legend button').allTextContents().then((all) => all.map((one) => one.replace(/ [\d.]+$/, ''))), ['a', 'b', 'c']);
  const dashes = await plot.locator('.legend path').evaluateAll((paths) => paths.map((path) => path.getAttribute('stroke-dasharray')));
  assert.equal(new Set(dashes).size, 3);
  await page.getByLabel('Quantity').selectOption('Gradient norms: discriminator');
  await eventually(() => page.locator('.plot').count(), 1);
  await page.getByLabel('Quantity').selectOption('the main ones');
  await page.getByRole('combobox', { name: 'By' }).selectOption('epochs');
  await eventually(() => plot.getByRole('img').getAttribute('aria-label').then((words) => /by epochs/.test(words)), true);
  await page.context().close();
});

test('Their recipes differ in a table', options, async () => {
  const page = await explorer.open('/compare?runs=a,b,c');
  const table = page.getByRole('region', { name: 'Differences of the recipes' });
  await eventually(() => table.getByRole('row').allTextContents().then((rows) => rows.sort()), ['Key a b c', 'latent.dim223', 'train.epochs353', 'train.seed121']);
  await page.goto(`${explorer.url}/compare?runs=a,d`);
  await page.getByText('Their recipes are the same.').waitFor();
  await page.context().close();
});

test('Scores say better, worse or cannot tell by their intervals and direction', options, async () => {
  const page = await explorer.open('/compare?runs=a,b');
  const cell = (name) => page.getByRole('row', { name }).getByRole('cell').nth(1).textContent();
  const wanted = [
    [/frechet500/, /✓ better: the intervals do not overlap/],
    [/coverage500/, /✗ worse/],
    [/recall500/, /\? cannot tell: the intervals overlap/],
    [/one_nn500/, /✓ better/], // 0.2 from a half against 0.4
    [/density500/, /\? cannot tell: the intervals overlap/], // above 1 is not better
    [/modes500/, /\? cannot tell: neither has an interval/],
    [/d_accuracy500/, /\? cannot tell: each run has another judge/],
    [/kernel1k/, /a has none/],
  ];
  await page.getByRole('row', { name: /frechet500/ }).waitFor();
  for (const [name, verdict] of wanted) assert.match(await cell(name), verdict);
  assert.match(await page.textContent('main'), /b: 2 better, 1 worse, 4 cannot tell/);
  await page.getByRole('combobox', { name: 'Against' }).selectOption('b');
  await eventually(async () => /a: 1 better, 2 worse, 4 cannot tell/.test(await page.textContent('main')), true);
  await page.goto(`${explorer.url}/compare?runs=c,d`);
  await page.getByText(/None of them was measured yet/).waitFor();
  await page.context().close();
});

test('More than four are left out, and a run that is not there is said', options, async () => {
  const page = await explorer.open('/compare?runs=a,b,c,d,e');
  await page.getByText('At most four can be compared: e left out.').waitFor();
  await page.goto(`${explorer.url}/compare?runs=a,nonesuch,b`);
  await page.getByText('there is no run "nonesuch"').waitFor();
  await eventually(() => page.getByRole('region', { name: 'Differences of the recipes' }).getByRole('row').count(), 3);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A run that is removed while it is compared is said to be', options, async () => {
  const page = await explorer.open('/compare?runs=a,gone');
  await eventually(() => sources(page), ['a samples/epoch-0003.png', 'gone samples/epoch-0003.png']);
  await rm(join(explorer.folder, 'gone'), { recursive: true });
  await page.locator('.chosen').getByText('removed', { exact: true }).waitFor();
  await page.context().close();
});

test('Light and dark, wide and narrow: nothing that axe-core calls serious, nothing sideways', options, async () => {
  for (const look of [{ dark: true }, { phone: true }]) {
    const page = await explorer.open('/compare?runs=a,b,c,d', look);
    await page.getByRole('row', { name: /frechet500/ }).waitFor();
    assert.deepEqual(await serious_faults(page), []);
    assert.equal(await sideways(page), 0);
    await page.context().close();
  }
});
