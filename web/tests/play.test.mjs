// The page Playground: small GANs that are trained while one looks.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { eventually, ganymede, serious_faults, sideways, skip_reason, start_explorer } from './harness.mjs';

let explorer;
before(async () => {
  if (!skip_reason) explorer = await start_explorer();
});
after(() => explorer?.stop());
const options = { skip: skip_reason, timeout: 400_000 };

// Small games, so that a busy machine plays them, too.
const kSmall = 'train.batch=32&data.builtin_count=640&generator.widths=[16]&discriminator.widths=[16]';
const button = (page, name) => page.getByRole('button', { name, exact: true });
const step_of = async (page) => Number(await page.locator('.step-number').textContent());
const pixels = (page, which = 0) => page.locator('.play-stage canvas').nth(which).evaluate((canvas) => canvas.toDataURL());
const query_of = (page) => page.evaluate(() => Object.fromEntries(new URLSearchParams(location.search)));
async function opened(path, how) {
  const page = await explorer.open(path, how);
  await page.locator('.play-stage canvas[aria-label^="Step"]').first().waitFor();
  await eventually(async () => (await page.locator('#knob-train\\.batch').count()) > 0 && (await page.locator('#knob-train\\.batch').inputValue()) !== '', true);
  return page;
}
const done = async (page) => {
  assert.deepEqual(page.faults, []);
  await page.context().close();
};

test('It plays, stands still when it is paused, and begins anew', options, async () => {
  const page = await opened(`/play?preset=ring&${kSmall}`);
  assert.equal(await step_of(page), 0);
  const first = await pixels(page);
  await page.keyboard.press(' ');
  await eventually(async () => (await step_of(page)) > 20, true);
  await page.locator('[data-frames]').waitFor();
  assert.ok(Number(await page.locator('[data-frames]').getAttribute('data-frames')) > 0);
  await page.keyboard.press(' ');
  await button(page, '▶ Play').waitFor();
  await page.waitForTimeout(600);
  const step = await step_of(page);
  const rest = await pixels(page);
  assert.notEqual(rest, first);
  await page.waitForTimeout(500);
  assert.equal(await step_of(page), step);
  const words = await page.getByRole('img', { name: /^Losses/ }).getAttribute('aria-label');
  assert.match(words, /G -?[\d.]+/);
  await page.keyboard.press('n');
  await eventually(() => step_of(page), 0);
  await eventually(() => pixels(page), first); // the same seed, the same points
  await done(page);
});

test('A step, D alone and G alone move what they name', options, async () => {
  const page = await opened(`/play?preset=ring&${kSmall}&show=fakes`);
  const fakes = await pixels(page);
  await page.keyboard.press('d');
  await eventually(() => page.locator('.play-caption').textContent(), 'D alone learnt once.');
  assert.equal(await step_of(page), 0, 'a step is an update of G');
  assert.equal(await pixels(page), fakes, 'D moves no fake');
  await page.keyboard.press('g');
  await eventually(() => step_of(page), 1);
  await eventually(async () => (await pixels(page)) !== fakes, true);
  await page.keyboard.press('1');
  await page.keyboard.press('3');
  await eventually(async () => (await query_of(page)).show, 'reals,fakes,surface');
  await button(page, 'Step').click();
  await eventually(() => step_of(page), 2);
  await done(page);
});

test('A rate turns without starting anew, a width says that it does, and both stand in the address', options, async () => {
  const page = await opened(`/play?preset=ring&${kSmall}`);
  for (let i = 1; i <= 3; ++i) {
    await page.keyboard.press('s');
    await eventually(() => step_of(page), i);
  }
  await page.getByLabel('Loss', { exact: true }).selectOption('hinge');
  await eventually(async () => (await query_of(page))['game.loss'], 'hinge');
  const rate = page.getByLabel('Rate of G');
  await rate.focus();
  await rate.press('ArrowRight');
  await eventually(async () => Number((await query_of(page))['generator.optimizer.learning_rate']) > 1e-4, true);
  assert.equal(await step_of(page), 3);
  await page.getByRole('heading', { name: 'These start the game anew' }).waitFor();
  await page.getByLabel('Width of D').selectOption('32');
  await eventually(() => step_of(page), 0);
  await eventually(async () => (await query_of(page))['discriminator.widths'], '[32]');
  // A copied link opens the same game.
  const copy = await opened(await page.evaluate(() => location.pathname + location.search));
  assert.equal(await copy.getByLabel('Loss', { exact: true }).inputValue(), 'hinge');
  assert.equal(await copy.getByLabel('Width of D').inputValue(), '32');
  await eventually(async () => (await pixels(copy)) === (await pixels(page)), true);
  // k is of players that take turns; unrolling of those that do not.
  const k = page.getByLabel('k, D per G');
  await k.focus();
  await k.press('ArrowRight');
  await eventually(() => page.getByLabel('Who when').inputValue(), 'alternating');
  await page.getByLabel('Unroll').focus();
  await page.getByLabel('Unroll').press('ArrowRight');
  await eventually(() => page.getByLabel('Who when').inputValue(), 'simultaneous');
  assert.equal(await page.locator('.play-knobs .error:visible').count(), 0);
  await done(copy);
  await done(page);
});

test('A failure says what to look at, and its button turns the knob that cures it', options, async () => {
  const page = await opened('/play?preset=fail-vanishing&game.d_steps=4');
  assert.match(await page.locator('.play-lesson').textContent(), /Look at:.*Why:.*Cure:/);
  assert.equal(await page.getByLabel('Loss', { exact: true }).inputValue(), 'saturating');
  await page.keyboard.press(' ');
  await eventually(async () => (await step_of(page)) > 10, true);
  await button(page, 'Loss non_saturating').click();
  await eventually(() => page.getByLabel('Loss', { exact: true }).inputValue(), 'non_saturating');
  await eventually(() => button(page, 'Loss non_saturating').isDisabled(), true);
  assert.ok((await step_of(page)) > 10, 'the game goes on');
  await eventually(() => page.locator('.play-command code').textContent(), 'ganymede train fail-vanishing --set game.loss=non_saturating --set game.d_steps=4');
  await page.keyboard.press(']');
  await eventually(async () => (await query_of(page)).preset, 'fail-entangled');
  await page.goBack();
  await eventually(() => page.getByLabel('Game', { exact: true }).inputValue(), 'fail-vanishing');
  await done(page);
});

test('Slow motion takes an update apart, a sentence a phase', options, async () => {
  const page = await opened(`/play?preset=ring&${kSmall}`);
  await page.keyboard.press('m');
  const caption = page.locator('.play-caption');
  await eventually(async () => /^1\/6 Noise is drawn: 32 times z, 256 numbers/.test(await caption.textContent()), true);
  await page.keyboard.press(' '); // it stands
  const seen = [];
  for (let i = 1; i <= 6; ++i) {
    await eventually(async () => (await caption.textContent()).startsWith(`${i}/6`), true);
    seen.push(await caption.textContent());
    assert.ok((await page.locator('.play-diagram .lit').count()) > 0);
    await page.keyboard.press('s');
  }
  assert.match(seen.join(' '), /G turns each z into a point.*D judges.*D learns.*G asks D how.*G learns/);
  await eventually(async () => (await caption.textContent()).startsWith('1/6'), true);
  await eventually(() => step_of(page), 2);
  await page.keyboard.press('m');
  await eventually(async () => (await caption.textContent()).startsWith('At rest'), true);
  await done(page);
});

test('The D that looks ahead stands beside the one of now', options, async () => {
  const page = await opened(`/play?preset=ring&${kSmall}&game.unroll=3`);
  await page.keyboard.press('s');
  await eventually(() => step_of(page), 1);
  await page.keyboard.press('l');
  await page.getByText('D after 3 more updates').waitFor();
  await eventually(async () => (await pixels(page, 1)) !== (await pixels(page, 0)), true);
  assert.equal((await query_of(page)).ahead, 'yes');
  await done(page);
});

test('Points that were drawn are learnt, stand in the address, and train takes what is exported', options, async () => {
  const page = await opened(`/play?preset=grid&${kSmall.replace('data.builtin_count=640&', '')}`);
  await page.keyboard.press('b');
  const area = page.locator('.play-brush canvas');
  await area.waitFor();
  assert.equal(await page.getByRole('button', { name: 'Draw 16 points or more' }).isDisabled(), true);
  const { x, y, width, height } = await area.boundingBox();
  await page.mouse.move(x + width / 3, y + height / 3);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 6 });
  await page.mouse.up();
  await area.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press(' ');
  const use = page.getByRole('button', { name: /Learn these \d+ points/ });
  await use.waitFor();
  const count = Number(/\d+/.exec(await use.textContent())[0]);
  assert.ok(count >= 16);
  await use.click();
  await eventually(async () => (await step_of(page)) > 2, true);
  await page.keyboard.press(' ');
  await eventually(async () => ((await query_of(page)).points ?? '').length > 40, true);
  const folder = await mkdtemp(join(tmpdir(), 'ganymede-drawn-'));
  const fetched = async (name) => {
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    const file = await waiting;
    const path = join(folder, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  };
  const csv = await readFile(await fetched('Points (CSV)'), 'utf8');
  assert.equal(csv.trim().split('\n').length, count + 1);
  const recipe = await fetched('Recipe');
  const told = await ganymede('train', recipe, '--dry-run', '--set', `data.source=${join(folder, 'drawn-points.csv')}`, '--runs', folder);
  assert.match(told, /generator/);
  const copy = await opened(await page.evaluate(() => location.pathname + location.search));
  await eventually(async () => copy.locator('.play-export').textContent().then((text) => text.includes('Points (CSV)')), true);
  await rm(folder, { recursive: true });
  await done(copy);
  await done(page);
});

test('What the server says against a knob stands beside it, and the game goes on', options, async () => {
  const page = await opened(`/play?preset=ring&${kSmall}`);
  await page.keyboard.press('s');
  await eventually(() => step_of(page), 1);
  // Networks that are written node by node take one number of noise.
  const nodes = await opened('/play?preset=fail-oscillation');
  await nodes.keyboard.press(' ');
  await eventually(async () => (await step_of(nodes)) > 5, true);
  await nodes.getByLabel('Noise', { exact: true }).selectOption('2');
  await nodes.locator('.play-knobs .error:not([hidden])').waitFor();
  const step = await step_of(nodes);
  await eventually(async () => (await step_of(nodes)) > step, true);
  assert.notEqual(await nodes.locator('.play-knobs .error').textContent(), '', 'it stays while the game goes on');
  assert.equal(await nodes.getByLabel('Noise', { exact: true }).inputValue(), '1');
  await nodes.getByLabel('Penalty', { exact: true }).selectOption('r1');
  await eventually(() => nodes.locator('.play-knobs .error:not([hidden])').count(), 0);
  await done(nodes);
  const bad = await explorer.open('/play?preset=nothing');
  await bad.locator('main > .play .error').first().waitFor();
  assert.match(await bad.locator('.play > .error').textContent(), /no preset "nothing"/);
  await bad.context().close();
  const wrong = await explorer.open('/play?preset=ring&game.loss=nonsense');
  await wrong.locator('.play > .error').waitFor();
  assert.match(await wrong.locator('.play > .error').textContent(), /game\.loss/);
  await wrong.context().close();
  await page.keyboard.press('s');
  await eventually(() => step_of(page), 2);
  await done(page);
});

test('Nothing jumps when it begins to play', options, async () => {
  const page = await opened(`/play?preset=ring&${kSmall}`);
  const places = () => page.evaluate(() => ['.play-stage', '.play-curves', '.play-knobs', '.play-caption'].map((name) => {
    const { x, y, width } = document.querySelector(name).getBoundingClientRect();
    return [name, x, y, width].join(' ');
  }));
  const rest = await places();
  await page.keyboard.press(' ');
  await page.locator('[data-frames]').waitFor();
  assert.deepEqual(await places(), rest);
  await page.keyboard.press('m');
  await page.locator('.play-diagram .lit').first().waitFor();
  assert.deepEqual(await places(), rest);
  await done(page);
});

test('Without the token it says what is wanted', options, async () => {
  const page = await explorer.open('/play', { token: false });
  await page.locator('.play > .error').waitFor();
  assert.match(await page.locator('.play > .error').textContent(), /open the link/);
  await done(page);
});

test('It can be read by everybody, on a phone too', options, async () => {
  for (const how of [{}, { dark: true }, { phone: true }, { width: 1000, height: 700 }]) {
    for (const path of [`/play?preset=grid&${kSmall}`, '/play?preset=normal-1d&ahead=yes']) {
      const page = await opened(path, how);
      await page.keyboard.press('s');
      await eventually(() => step_of(page), 1);
      assert.deepEqual(await serious_faults(page), []);
      assert.equal(await sideways(page), 0);
      await page.keyboard.press('b');
      await page.locator('.play-brush').waitFor();
      assert.deepEqual(await serious_faults(page), []);
      assert.equal(await sideways(page), 0);
      await done(page);
    }
  }
});

test('A game that is gone says so, and begins again', options, async () => {
  const page = await opened(`/play?preset=ring&${kSmall}`);
  await explorer.stop_server();
  await page.keyboard.press('s');
  await page.locator('.play > .error').waitFor();
  await explorer.start_server();
  await page.getByRole('button', { name: 'Begin again' }).click();
  // The new server has a new token: the old link does not do.
  await eventually(async () => /link that `ganymede serve` printed when it was started again/.test(await page.locator('.play > .error').textContent()), true);
  await done(page);
});
