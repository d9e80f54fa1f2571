// The pages Judge and Tick, and the sheet that asks without a server.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';

import { eventually, ganymede, kTiny, serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

let explorer;
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer({ runs: async (folder) => train(folder, 'a', { ...kTiny, 'latent.dim': 4 }) });
});
after(() => explorer?.stop());
const options = { skip: skip_reason, timeout: 400_000 };

/** Mulberry32: the same guesses everywhere. */
function guesses(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pixels_of = (page, side) =>
  page.locator('.trial .side canvas').nth(side === 'left' ? 0 : 1).evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, i) => i % 4 === 0).join();
  });

/** The fake of a trial as whoever has the model can draw it: this is how a script knows. */
async function fake_of(page, run, seed, trial) {
  return page.evaluate(
    async ([run, seed]) => {
      const response = await fetch('/api/v1/look', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ run, seed }) });
      const bytes = await response.arrayBuffer();
      const length = new DataView(bytes).getUint32(0, true);
      const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)));
      const { offset, shape } = head.arrays.find((one) => one.name === 'picture');
      return [...new Uint8Array(bytes, 8 + length + offset, shape.reduce((product, n) => product * n, 1))].join();
    },
    [run, 1_000_000_000 + 1000 * seed + trial],
  );
}

async function begin(page, person) {
  await page.getByLabel('Your name').fill(person);
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.locator('.trial').waitFor();
}

/** Answers all trials; `choose(trial)` gives the side. */
async function go_through(page, trials, choose, from = 0) {
  for (let trial = from; trial < trials; ++trial) {
    await eventually(() => page.locator('.count').textContent(), `${trial + 1} of ${trials}`);
    await page.keyboard.press((await choose(trial)) === 'left' ? 'ArrowLeft' : 'ArrowRight');
  }
  await page.locator('.end').waitFor();
}

const results = async (page, run = 'a') => page.evaluate(async (run) => (await (await fetch(`/api/v1/runs/${run}/judge`)).json()).studies, run);

test('Forty trials by a script that guesses: the interval holds a half', options, async () => {
  const page = await explorer.open('/run/a/judge?n=40&seed=3');
  await begin(page, 'The guesser');
  const random = guesses(11);
  await go_through(page, 40, () => (random() < 0.5 ? 'left' : 'right'));
  const words = await page.locator('.end h2').textContent();
  const found = (await results(page)).flatMap(({ people }) => people).find(({ name }) => name === 'The guesser');
  assert.equal(found.answered, 40);
  assert.equal(words, `The guesser, you found ${found.found} of 40`);
  assert.ok(found.low < 0.5 && found.high > 0.5, JSON.stringify(found));
  assert.ok(found.high - found.low < 0.35, 'forty trials say that much');
  console.log(`a guesser: ${found.found} of 40, [${found.low.toFixed(3)}, ${found.high.toFixed(3)}]`);
  // What fooled him stands there, with the fake named.
  assert.equal(await page.locator('.missed li').count(), Math.min(24, 40 - found.found));
  assert.equal(await page.locator('.missed .is-fake').count(), Math.min(24, 40 - found.found));
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Forty trials by a script that knows: all are found', options, async () => {
  const page = await explorer.open('/run/a/judge?n=40&seed=4');
  await begin(page, 'The knower');
  await go_through(page, 40, async (trial) => {
    const fake = await fake_of(page, 'a', 4, trial);
    const [left, right] = [await pixels_of(page, 'left'), await pixels_of(page, 'right')];
    assert.ok((left === fake) !== (right === fake), 'one of both is the fake of this seed');
    return left === fake ? 'left' : 'right';
  });
  const found = (await results(page)).flatMap(({ people }) => people).find(({ name }) => name === 'The knower');
  assert.equal(found.found, 40);
  assert.ok(found.low > 0.9 && found.high === 1, JSON.stringify(found)); // 0.025^(1/40) = 0.912
  console.log(`a knower: ${found.found} of 40, [${found.low.toFixed(3)}, ${found.high.toFixed(3)}]`);
  assert.match(await page.locator('.end h2').textContent(), /found 40 of 40/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A page that was closed goes on where it was, and two people’s answers are compared', options, async () => {
  const first = await explorer.open('/run/a/judge?n=6&seed=5');
  await begin(first, 'Ann');
  const picture = await pixels_of(first, 'left');
  for (let trial = 0; trial < 3; ++trial) {
    await eventually(() => first.locator('.count').textContent(), `${trial + 1} of 6`);
    await first.locator('.side').nth(trial % 2).click();
  }
  await eventually(() => first.locator('.count').textContent(), '4 of 6');
  const fourth = await pixels_of(first, 'left');
  await first.context().close();
  const page = await explorer.open('/run/a/judge?n=6&seed=5');
  await page.getByRole('button', { name: 'Go on' }).click();
  await eventually(() => page.locator('.count').textContent(), '4 of 6');
  assert.equal(await pixels_of(page, 'left'), fourth);
  await go_through(page, 6, () => 'left', 3);
  await page.getByRole('button', { name: 'Back' }).click();
  await begin(page, 'Bob');
  assert.equal(await pixels_of(page, 'left'), picture, 'the same seed shows everybody the same');
  await go_through(page, 6, () => 'left');
  await eventually(async () => (await page.locator('.judge').textContent()).includes('On 6 trials that several people were shown'), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Without time for an answer it counts as late', options, async () => {
  const page = await explorer.open('/run/a/judge?n=2&seed=6&seconds=0.4');
  await begin(page, 'Late');
  await page.locator('.end').waitFor();
  assert.match(await page.locator('.end').textContent(), /2 of 2 were too late/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Without the token the page shows results and asks nobody', options, async () => {
  const page = await explorer.open('/run/a/judge', { token: false });
  await page.locator('.warning').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Begin' }).count(), 0);
  await page.context().close();
});

test('A sheet asks without a server, and its answers are read back', options, async () => {
  const sheet = join(explorer.folder, '..', `sheet-${process.pid}.html`);
  const answers = join(explorer.folder, '..', `answers-${process.pid}.json`);
  await ganymede('judge', join(explorer.folder, 'a'), '--sheet', sheet, '--n', '5', '--seed', '9', '--quiet');
  const context = await explorer.browser.newContext({ acceptDownloads: true, offline: true });
  const faults = [];
  const open = async () => {
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(pathToFileURL(sheet).href);
    await page.getByLabel('Your name').fill('Dora');
    await page.keyboard.press('Enter');
    return page;
  };
  let page = await open();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowRight');
  await eventually(() => page.locator('#count').textContent(), '3 of 5');
  await page.close();
  page = await open(); // it goes on
  await eventually(() => page.locator('#count').textContent(), '3 of 5');
  await page.locator('#left').click();
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save the answers' }).click();
  await (await waiting).saveAs(answers);
  const given = JSON.parse(await readFile(answers, 'utf8'));
  assert.deepEqual(given.picks, ['left', 'right', 'left', 'left', 'right']);
  assert.ok(!JSON.stringify(given).includes('fake'));
  const { studies } = JSON.parse(await ganymede('judge', join(explorer.folder, 'a'), '--import', answers, '--json'));
  const dora = studies.flatMap(({ people }) => people).find(({ name }) => name === 'Dora');
  assert.equal(dora.answered, 5);
  // As the run's own samples have it.
  const asking = await explorer.open('/run/a/judge');
  const data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(await readFile(sheet, 'utf8'))[1]);
  const size = data.shape.slice(1).reduce((product, n) => product * n, 1);
  let found = 0;
  for (let trial = 0; trial < 5; ++trial) {
    const fake = await fake_of(asking, 'a', 9, trial);
    const left = [...Buffer.from(data.left, 'base64').subarray(trial * size, (trial + 1) * size)].join();
    found += (left === fake) === (given.picks[trial] === 'left') ? 1 : 0;
  }
  assert.equal(dora.found, found);
  await writeFile(answers, JSON.stringify({ ...given, pictures: '00000000', person: 'Eve' }));
  await assert.rejects(ganymede('judge', join(explorer.folder, 'a'), '--import', answers), /of other pictures/);
  assert.deepEqual(faults, []);
  await context.close();
  await asking.context().close();
});

test('Ticks give a direction at once, more samples where it is least sure, and a file', options, async () => {
  const page = await explorer.open('/run/a/tick');
  const cards = page.locator('.cards li');
  await eventually(() => cards.count(), 30);
  // Brightness is the thing that is ticked: brighter than the median of the thirty.
  const brightness = async (i) => cards.nth(i).locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, value, k) => sum + (k % 4 === 0 ? value : 0), 0);
  });
  const all = [];
  for (let i = 0; i < 30; ++i) all.push(await brightness(i));
  const middle = [...all].sort((a, b) => a - b)[15];
  await cards.first().locator('button').first().focus();
  for (const value of all) await page.keyboard.press(value >= middle ? 'y' : 'n');
  await eventually(() => page.getByRole('region', { name: 'Direction', exact: true }).locator('h2').textContent(), '15 yes, 15 no');
  await eventually(async () => /of 30 ticks are told/.test(await page.locator('aside').textContent()), true);
  const told = Number(/(\d+) %/.exec(await page.locator('.told').textContent())[1]);
  assert.ok(told > 60, `${told} %`);
  await eventually(() => page.locator('.along li').count(), 7);
  await page.getByRole('button', { name: 'More, where it is least sure' }).click();
  await eventually(() => cards.count(), 42);
  const seeds = await cards.evaluateAll((list) => list.map((one) => Number(one.dataset.seed)));
  assert.equal(new Set(seeds).size, 42);
  assert.ok(seeds.slice(30).every((seed) => seed >= 30));
  await page.getByLabel('Name of the direction').fill('bright');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await eventually(async () => /directions\/bright\.json/.test(await page.locator('aside').textContent()), true);
  const edit = JSON.parse(await ganymede('edit', join(explorer.folder, 'a'), '--along', 'bright', '--steps', '3', '-o', join(explorer.folder, 'bright.png'), '--json'));
  assert.ok(edit.scores.ink[0] < edit.scores.ink[2], `ink rises along it: ${edit.scores.ink}`);
  // A second time under the same name it asks first.
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await page.getByRole('button', { name: 'Replace it' }).click();
  await eventually(() => page.locator('.error').count(), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

for (const dark of [false, true])
  test(`Both pages fit a phone and have no faults for readers, ${dark ? 'dark' : 'light'}`, options, async () => {
    for (const phone of [false, true]) {
      const page = await explorer.open('/run/a/judge?n=4&seed=20', { phone, dark });
      await page.locator('.form-grid').waitFor();
      assert.deepEqual(await serious_faults(page), []);
      await begin(page, `Reader ${dark} ${phone}`);
      assert.deepEqual(await serious_faults(page), []);
      assert.ok((await sideways(page)) <= 0);
      await go_through(page, 4, () => 'left');
      assert.deepEqual(await serious_faults(page), []);
      assert.ok((await sideways(page)) <= 0);
      await page.context().close();
      const tick = await explorer.open('/run/a/tick', { phone, dark });
      await eventually(() => tick.locator('.cards li').count(), 30);
      for (const key of ['y', 'n', 'y', 'n']) await tick.keyboard.press(key);
      await tick.locator('.told').waitFor();
      assert.deepEqual(await serious_faults(tick), []);
      assert.ok((await sideways(tick)) <= 0);
      assert.deepEqual([...page.faults, ...tick.faults], []);
      await tick.context().close();
    }
  });
