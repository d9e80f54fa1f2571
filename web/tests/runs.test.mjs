// The page Runs, as a reader uses it.
import assert from 'node:assert/strict';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { eventually, kTiny, serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

let explorer;
const kHtml = '<img src=x onerror=alert(1)>';
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer({
    runs: async (folder) => {
      await train(folder, 'apple');
      await train(folder, 'berry', { ...kTiny, 'train.seed': 7 });
      for (const name of ['cherry', 'date', 'elder']) await cp(join(folder, 'apple'), join(folder, name), { recursive: true });
      await mkdir(join(folder, 'broken'));
      await writeFile(join(folder, 'broken/run.json'), '{"state": 3');
      await cp(join(folder, 'apple'), join(folder, kHtml), { recursive: true });
    },
  });
});
after(() => explorer?.stop());

const cards = async (page) => {
  await page.locator('.run-card').first().waitFor();
  return page.locator('.run-card h2').allTextContents();
};
const options = { skip: skip_reason };

test('Each run is a card with its state in words, its picture and both losses', options, async () => {
  const page = await explorer.open('/');
  const card = page.locator('.run-card', { hasText: 'berry' });
  assert.match(await card.textContent(), /finished.*100 %.*quick, seed 7, epoch 3/s);
  assert.match(await card.locator('.spark').getAttribute('aria-label'), /Losses: generator .*, discriminator/);
  await card.locator('img').waitFor();
  assert.match(await page.locator('.run-card', { hasText: 'broken' }).textContent(), /damaged/);
  await page.context().close();
});

test('HTML in a name is text', options, async () => {
  const page = await explorer.open('/');
  assert.ok((await cards(page)).includes(kHtml));
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Filter and order stand in the address, and a fresh browser shows the same', options, async () => {
  const page = await explorer.open('/');
  await page.keyboard.press('/');
  await page.keyboard.type('seed 7');
  await eventually(() => cards(page), ['berry']);
  await page.getByPlaceholder(/Filter/).fill('');
  await page.getByLabel('State').selectOption('damaged');
  await eventually(() => cards(page), ['broken']);
  await page.getByLabel('State').selectOption('');
  await page.getByLabel('Sorted by').selectOption('name');
  const sorted = await cards(page);
  assert.equal(sorted.indexOf('apple') + 1, sorted.indexOf('berry'));
  await page.getByPlaceholder(/Filter/).fill('erry');
  await page.waitForURL(/q=erry/);
  const other = await explorer.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await eventually(() => cards(other), ['berry', 'cherry']);
  assert.equal(await other.getByLabel('Sorted by').inputValue(), 'name');
  await other.getByPlaceholder(/Filter/).fill('nothing like that');
  await other.getByText('Show all').click();
  await eventually(async () => (await cards(other)).length, 7);
  await page.context().close();
  await other.context().close();
});

test('Two to four runs are chosen by keyboard and compared', options, async () => {
  const page = await explorer.open('/?sort=name');
  assert.equal(await page.getByRole('button', { name: 'Compare' }).isDisabled(), true);
  for (const name of ['apple', 'berry', 'cherry', 'date']) {
    await page.getByLabel(`Compare ${name}`).focus();
    await page.keyboard.press('Space');
  }
  assert.equal(await page.getByLabel('Compare elder').isDisabled(), true);
  await page.getByLabel('Compare date').click();
  await page.getByLabel('Compare cherry').click();
  await page.getByRole('button', { name: 'Compare 2 selected' }).press('Enter');
  await page.waitForURL(/\/compare\?runs=apple,berry/);
  await page.context().close();
});

test('A card that is not changed is not drawn anew', options, async () => {
  const page = await explorer.open('/');
  await eventually(() => page.locator('.run-card img').count(), 6); // all but the damaged one's
  await page.evaluate(() => {
    globalThis.changes = 0;
    new MutationObserver((list) => (globalThis.changes += list.length)).observe(document.querySelector('.run-cards'), { subtree: true, childList: true });
  });
  await page.waitForResponse((response) => response.url().endsWith('/api/v1/runs'));
  await page.waitForResponse((response) => response.url().endsWith('/api/v1/runs'));
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => globalThis.changes), 0);
  await page.context().close();
});

test('Without the token nothing can be started, and the page says why', options, async () => {
  const page = await explorer.open('/', { token: false });
  await page.getByText('This page only shows').waitFor();
  assert.equal(await page.getByRole('button', { name: 'New run' }).count(), 0);
  await page.context().close();
});

test('A run is started from a recipe with changed keys alone; its faults stand at the form', options, async () => {
  const page = await explorer.open('/');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New run' });
  await dialog.getByLabel('Recipe').selectOption('quick');
  await dialog.getByLabel(/Name of the run/).fill('apple');
  await dialog.getByLabel(/Threads/).fill('1');
  const set = async (key, value) => {
    await dialog.getByPlaceholder(/batch/).fill(key);
    await dialog.locator(`[id="key-${key}"]`).fill(String(value));
  };
  for (const [key, value] of Object.entries(kTiny)) await set(key, value);
  await set('train.batch', 'many');
  await dialog.getByText('Wanted an integer from 1 to 65536.').waitFor();
  await dialog.getByRole('button', { name: 'Start' }).click();
  assert.match(await dialog.getByRole('alert').textContent(), /train.batch/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'key-train.batch');
  await set('train.batch', 16);

  await dialog.getByRole('button', { name: 'Start' }).click();
  await dialog.getByRole('alert').getByText('there is a run "apple" already').waitFor();
  await dialog.getByLabel(/Name of the run/).fill('fresh');
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.url().endsWith('/control') && /fresh/.test(one.postData())),
    dialog.getByRole('button', { name: 'Start' }).click(),
  ]);
  const { 'train.epochs': epochs, ...body } = JSON.parse(request.postData()).set;
  assert.equal(epochs, 3);
  assert.deepEqual(Object.keys(body).sort(), Object.keys(kTiny).filter((key) => key !== 'train.epochs').sort());
  await page.waitForURL(/\/run\/fresh/);
  await page.context().close();
});

test('Keys without a meaning are hidden, or greyed with what they need', options, async () => {
  const page = await explorer.open('/');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  const rho = dialog.locator('[id="key-generator.optimizer.rho"]');
  await dialog.getByPlaceholder(/batch/).fill('generator.optimizer');
  assert.equal(await rho.count(), 0);
  await dialog.getByLabel(/without a meaning/).check();
  assert.equal(await rho.isDisabled(), true);
  assert.match(await dialog.locator('.field-row', { hasText: /^rho/ }).textContent(), /Needs generator.optimizer.kind = rmsprop/);
  await dialog.locator('[id="key-generator.optimizer.kind"]').selectOption('rmsprop');
  assert.equal(await rho.isDisabled(), false);
  assert.match(await dialog.textContent(), /1 key is changed: generator.optimizer.kind = rmsprop/);
  assert.deepEqual(await serious_faults(page), []);
  await page.keyboard.press('Escape');
  assert.equal(await dialog.count(), 0);
  await page.context().close();
});

test('Light and dark, wide and narrow: nothing that axe-core calls serious, nothing sideways', options, async () => {
  for (const look of [{ dark: true }, { phone: true }]) {
    const page = await explorer.open('/', look);
    await page.locator('.run-card').first().waitFor();
    assert.deepEqual(await serious_faults(page), []);
    assert.equal(await sideways(page), 0);
    await page.keyboard.press('n');
    await page.getByRole('dialog').getByText(/^Training \d+ keys/).waitFor();
    assert.equal(await sideways(page), 0);
    await page.context().close();
  }
});

test('An empty folder says what to do, and a dead server is said', options, async () => {
  const empty = await start_explorer();
  try {
    const page = await empty.open('/');
    await page.getByText('There are no runs here yet').waitFor();
    assert.match(await page.textContent('main'), new RegExp(empty.folder));
    await train(empty.folder, 'late');
    await page.locator('.run-card', { hasText: 'late' }).waitFor();
    await empty.stop_server();
    await page.getByRole('alert').getByText(/The server does not answer/).waitFor();
    await eventually(() => cards(page), ['late']);
    await page.context().close();
  } finally {
    await empty.stop();
  }
});

test('A run that is removed takes its card away', options, async () => {
  const page = await explorer.open('/?pick=elder,apple');
  await page.getByRole('button', { name: 'Compare 2 selected' }).waitFor();
  await rm(join(explorer.folder, 'elder'), { recursive: true });
  await page.locator('.run-card', { hasText: 'elder' }).waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('button', { name: 'Compare 1 selected' }).isDisabled(), true);
  await page.context().close();
});
