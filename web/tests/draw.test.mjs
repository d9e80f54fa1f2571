// The page Draw, as a reader uses it: by mouse, pen, finger and keys; and what the server keeps of it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { eventually, ganymede, serious_faults, sideways, skip_reason, start_explorer } from './harness.mjs';

let explorer, data;
before(async () => {
  if (skip_reason) return;
  data = await mkdtemp(join(tmpdir(), 'ganymede-ink-'));
  explorer = await start_explorer({ options: ['--data', data] });
});
after(async () => {
  await explorer?.stop();
  if (data) await rm(data, { recursive: true, force: true });
});
const options = { skip: skip_reason, timeout: 400_000 };

const kept = async (name) => JSON.parse(await readFile(join(data, name, 'ink.json'), 'utf8'));
/** The file, once it holds so many symbols: the page does not wait for the disk, and the first drawing makes the set. */
async function once_kept(name, count) {
  await eventually(async () => existsSync(join(data, name, 'ink.json')) && (await kept(name)).symbols.length, count);
  return kept(name);
}
const pad = (page) => page.getByRole('application');

/** Opens a new set by the form. */
async function begin(page, name, symbols, boxes = 20) {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Symbols, with blanks between').fill(symbols);
  await page.getByLabel('Boxes for each').fill(String(boxes));
  await page.getByRole('button', { name: 'Begin' }).click();
  await pad(page).waitFor();
}

/** A stroke by the mouse through these places of the pad, in hundredths of its side. */
async function stroke(page, points) {
  const box = await pad(page).boundingBox();
  const at = ([x, y]) => [box.x + (x / 100) * box.width, box.y + (y / 100) * box.height];
  await page.mouse.move(...at(points[0]));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 4 });
  await page.mouse.up();
}
const near = (found, wanted, what) => assert.ok(Math.abs(found - wanted) < 1, `${what}: ${found} is not ${wanted}`);
const heading = (page) => page.locator('#pad-title').textContent();

test('Draw by mouse, undo, clear, keep; the file holds it, and a reload shows it', options, async () => {
  const page = await explorer.open('/');
  await page.getByRole('link', { name: 'Draw', exact: true }).click();
  await page.getByRole('heading', { name: 'Draw your own symbols' }).waitFor();
  await begin(page, 'mouse', 'L heart', 3);
  assert.equal(await heading(page), 'L: box 1 of 3');
  await stroke(page, [[30, 20], [30, 70], [60, 70]]);
  await stroke(page, [[10, 10], [90, 90]]);
  assert.equal(await pad(page).locator('polyline').count(), 2);
  await page.keyboard.press('Control+z');
  assert.equal(await pad(page).locator('polyline').count(), 1);
  await page.getByRole('button', { name: 'Clear' }).click();
  assert.equal(await pad(page).locator('polyline').count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Keep' }).isDisabled(), true);
  await stroke(page, [[30, 20], [30, 70], [60, 70]]);
  await page.getByRole('button', { name: 'Keep' }).click();
  await eventually(() => heading(page), 'L: box 2 of 3');
  await stroke(page, [[40, 20], [40, 70], [70, 70]]);
  await page.keyboard.press('Enter');
  await eventually(() => heading(page), 'L: box 3 of 3');
  const set = await once_kept('mouse', 2);
  assert.equal(set.schema, 'ganymede.ink/1');
  assert.deepEqual(set.classes, ['L', 'heart']);
  assert.deepEqual(set.lines, { top: 22, baseline: 70 });
  assert.equal(set.symbols.length, 2);
  const { x, y, t } = set.symbols[0].strokes[0];
  near(x[0], 30, 'x');
  near(y[0], 20, 'y');
  near(x.at(-1), 60, 'x');
  near(y.at(-1), 70, 'y');
  assert.equal(t.length, x.length);
  assert.equal(t[0], 0);
  assert.ok(t.every((moment, i) => i === 0 || moment >= t[i - 1]) && t.at(-1) > 0);
  assert.match(await page.getByRole('status').first().textContent(), /^2 of 6 boxes drawn/);
  await page.reload();
  await eventually(() => page.locator('.boxes polyline').count(), 2);
  await stroke(page, [[50, 20], [50, 70], [80, 70]]);
  await page.keyboard.press('Enter');
  await eventually(() => heading(page), 'L is full (3 of 3). Next: heart');
  // And the list of sets knows it.
  await page.getByRole('link', { name: 'All sets' }).click();
  await eventually(async () => /3 drawings of 2 symbols/.test(await page.locator('.sets').textContent()), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
  assert.match(await ganymede('data', 'list', '--data', data), /mouse .*3 symbols, 2 classes/);
});

test('A drawing that the server refuses is lost neither on the pad nor behind the next one', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'refused', 'A', 4);
  const draw = (left) => stroke(page, [[left, 70], [40, 20], [60, 70]]);
  const refuse = (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 507, json: { error: 'no room' } }) : route.continue());
  await page.route('**/api/v1/ink', refuse);
  await draw(20);
  await page.keyboard.press('Enter');
  await page.getByText('no room').waitFor();
  await eventually(() => pad(page).locator('polyline').count(), 1); // back on its pad
  let slow;
  await page.unroute('**/api/v1/ink');
  await page.route('**/api/v1/ink', async (route) => {
    if (route.request().method() === 'POST') await new Promise((done) => (slow = done));
    return refuse(route);
  });
  await page.keyboard.press('Enter');
  await draw(25); // the next one, before the server has answered
  await eventually(() => typeof slow, 'function');
  slow();
  await page.getByText('Not kept yet: A.').waitFor();
  await page.unroute('**/api/v1/ink');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Keep again' }).click();
  const set = await once_kept('refused', 2);
  assert.deepEqual(set.symbols.map(({ strokes }) => Math.round(strokes[0].x[0])).sort(), [20, 25]);
  await eventually(() => page.getByText('Not kept yet').count(), 0);
  await page.context().close();
});

test('A full symbol stops the hand until the reader goes on: nothing is stored under the next one', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'full', 'A B', 2);
  const draw = async () => {
    await stroke(page, [[20, 70], [40, 20], [60, 70]]);
    await page.keyboard.press('Enter');
  };
  assert.equal(await page.locator('.pad-head .big-symbol').textContent(), 'A');
  await draw();
  await eventually(() => heading(page), 'A: box 2 of 2');
  await draw();
  await eventually(() => heading(page), 'A is full (2 of 2). Next: B');
  // One who draws on has no pad there.
  const box = await page.locator('.pad.full').boundingBox();
  await page.mouse.move(box.x + 20, box.y + box.height - 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 40, { steps: 4 });
  await page.mouse.up();
  assert.equal(await heading(page), 'A is full (2 of 2). Next: B');
  assert.equal((await once_kept('full', 2)).symbols.length, 2);
  await page.keyboard.press('Enter');
  await eventually(() => heading(page), 'B: box 1 of 2');
  assert.equal(await page.locator('.pad-head .big-symbol').textContent(), 'B');
  await draw();
  await draw();
  await eventually(() => heading(page), 'B is full (2 of 2). All are drawn');
  assert.deepEqual((await once_kept('full', 4)).symbols.map(({ label }) => label), ['A', 'A', 'B', 'B']);
  await page.getByRole('button', { name: 'All drawn: train on it' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Train a run');
  await page.getByRole('button', { name: 'One more B' }).click();
  await eventually(() => heading(page), 'B: box 3 (2 wanted)');
  await draw();
  await eventually(() => heading(page), 'B is full (3 drawn, 2 wanted). All are drawn');
  assert.match(await page.locator('nav.classes').textContent(), /B 3 \(2 wanted\)/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('What is not kept stays on the pad of its symbol, and is stored nowhere', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'draft', 'A B', 5);
  await stroke(page, [[20, 70], [40, 20]]);
  await page.keyboard.press('Enter');
  await once_kept('draft', 1);
  await stroke(page, [[30, 70], [50, 20]]);
  await page.getByRole('button', { name: 'B 0/5' }).click();
  await eventually(() => heading(page), 'B: box 1 of 5');
  assert.equal(await pad(page).locator('polyline').count(), 0);
  await stroke(page, [[10, 10], [10, 90]]);
  await page.keyboard.press('Enter');
  await once_kept('draft', 2);
  // Looking at a kept box hides the drawing, and Enter there keeps nothing.
  await page.getByRole('button', { name: 'A 1/5 ✎ unfinished' }).click();
  assert.equal(await pad(page).locator('polyline').count(), 1);
  await page.getByRole('button', { name: 'A 1', exact: true }).click();
  await page.locator('.pad.is-kept').waitFor();
  await page.locator('h1').click();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'All sets' }).click();
  await page.getByRole('link', { name: 'draft', exact: true }).click();
  await eventually(() => pad(page).locator('polyline').count(), 1);
  await page.keyboard.press('Enter');
  const set = await once_kept('draft', 3);
  assert.deepEqual(set.symbols.map(({ label, strokes }) => `${label} ${Math.round(strokes[0].x[0])}`), ['A 20', 'B 10', 'A 30']);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A set is made with its first drawing, has its number of boxes again, and is deleted when asked twice', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'brief', 'A B', 6);
  await page.getByLabel('Add a symbol').fill('heart');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await eventually(() => heading(page), 'heart: box 1 of 6');
  await page.reload();
  await eventually(() => heading(page), 'heart: box 1 of 6');
  assert.equal(existsSync(join(data, 'brief')), false);
  await page.getByRole('button', { name: 'A 0/6' }).click();
  await stroke(page, [[20, 70], [40, 20]]);
  await page.keyboard.press('Enter');
  await eventually(async () => existsSync(join(data, 'brief')), true);
  assert.deepEqual((await once_kept('brief', 1)).classes, ['A', 'B', 'heart']);
  await eventually(async () => (await page.locator('.commands').textContent()).split('\n'), [
    `ganymede train ink-quick --source brief --data ${data} --set data.copies=10 --set snapshot.every=40 --steps 4000`,
    `ganymede write RUN 'AB{heart}' --data ${data} -o text.svg`,
  ]);
  await page.getByRole('link', { name: 'All sets' }).click();
  await page.getByRole('link', { name: 'brief', exact: true }).click();
  await eventually(() => heading(page), 'A: box 2 of 6');
  await page.getByRole('link', { name: 'All sets' }).click();
  await page.getByRole('button', { name: 'Delete brief' }).click();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.getByRole('button', { name: 'Delete brief' }).click();
  await page.getByRole('button', { name: 'Delete brief and its drawing' }).click();
  await eventually(() => page.getByRole('link', { name: 'brief', exact: true }).count(), 0);
  assert.equal(existsSync(join(data, 'brief')), false);
  assert.equal(existsSync(join(data, '.removed', 'brief', 'ink.json')), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A box is looked at, played, drawn again and erased', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'again', 'T', 4);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await stroke(page, [[20, 20], [80, 20]]);
  await stroke(page, [[50, 20], [50, 70]]);
  await page.keyboard.press('Enter');
  await eventually(() => heading(page), 'T: box 2 of 4');
  await page.getByRole('button', { name: 'T 1', exact: true }).click();
  assert.equal(await heading(page), 'T: 1 of 1');
  assert.match(new URL(page.url()).search, /box=0/);
  const shown = page.locator('.pad.is-kept polyline');
  assert.equal(await shown.count(), 2);
  const bar = page.getByRole('group', { name: 'Play the drawing' });
  await bar.getByLabel('Time of the drawing').fill('0.001');
  assert.equal(await shown.count(), 1, 'the second stroke comes later');
  await bar.getByLabel('Speed of the drawing').selectOption({ label: '4 ×' });
  await bar.getByRole('button').click();
  await eventually(() => shown.count(), 2);
  await page.getByRole('button', { name: 'Draw it again' }).click();
  await page.getByRole('button', { name: 'Leave it as it was' }).click();
  assert.equal(await shown.count(), 2);
  await page.getByRole('button', { name: 'Draw it again' }).click();
  await stroke(page, [[10, 10], [20, 90]]);
  await page.getByRole('button', { name: 'Keep' }).click();
  await eventually(() => heading(page), 'T: box 2 of 4');
  await eventually(async () => Math.round((await kept('again')).symbols[0].strokes[0].x[0]), 10);
  assert.equal((await kept('again')).symbols.length, 1);
  await page.getByRole('button', { name: 'T 1', exact: true }).click();
  await page.getByRole('button', { name: 'Erase' }).click();
  await eventually(async () => (await kept('again')).symbols.length, 0);
  await eventually(() => heading(page), 'T: box 1 of 4');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Finger and pen: coalesced points count, the ball of the hand does not', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'pen', 'A', 9);
  // A pen's movement of which the browser tells one event with all its points within.
  const dispatch = (...gestures) =>
    pad(page).evaluate((surface, gestures) => {
      const box = surface.getBoundingClientRect();
      for (const [pointerType, pointerId, [first, ...rest]] of gestures) {
        const init = ([x, y]) => ({ pointerId, pointerType, button: 0, isPrimary: true, bubbles: true, cancelable: true, clientX: box.left + (x / 100) * box.width, clientY: box.top + (y / 100) * box.height });
        surface.dispatchEvent(new PointerEvent('pointerdown', init(first)));
        const coalescedEvents = rest.map((at) => new PointerEvent('pointermove', init(at)));
        surface.dispatchEvent(new PointerEvent('pointermove', { ...init(rest.at(-1)), coalescedEvents }));
        surface.dispatchEvent(new PointerEvent('pointerup', init(rest.at(-1))));
      }
    }, gestures);
  await dispatch(['pen', 7, [[20, 70], [30, 50], [40, 20], [50, 50], [60, 70]]], ['touch', 8, [[5, 5], [9, 9]]]);
  assert.equal((await pad(page).locator('polyline').getAttribute('points')).split(' ').length, 5, 'one stroke: a touch beside the pen is the hand');
  await new Promise((resolve) => setTimeout(resolve, 1600));
  await dispatch(['touch', 9, [[30, 55], [50, 55]]]);
  assert.equal(await pad(page).locator('polyline').count(), 2);
  // A gesture of the system takes the pointer away: its stroke was none.
  await pad(page).evaluate((surface) => {
    const init = { pointerId: 3, pointerType: 'touch', button: 0, bubbles: true, clientX: surface.getBoundingClientRect().left + 9, clientY: surface.getBoundingClientRect().top + 9 };
    surface.dispatchEvent(new PointerEvent('pointerdown', init));
    surface.dispatchEvent(new PointerEvent('pointercancel', init));
  });
  assert.equal(await pad(page).locator('polyline, circle').count(), 2);
  assert.equal(await pad(page).evaluate((surface) => getComputedStyle(surface).touchAction), 'none');
  await page.keyboard.press('Enter');
  await once_kept('pen', 1);
  assert.deepEqual((await kept('pen')).symbols[0].strokes.map(({ x }) => x.length), [5, 2]);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('By keys alone: a symbol is drawn, kept, and the next class taken', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'keys', 'I V', 2);
  await pad(page).focus();
  await page.keyboard.press('Space');
  for (let i = 0; i < 8; ++i) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  for (let i = 0; i < 3; ++i) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await once_kept('keys', 1);
  const [{ label, strokes }] = (await kept('keys')).symbols;
  assert.equal(label, 'I');
  assert.deepEqual(strokes.map(({ x, y }) => [x[0], y[0], x.at(-1), y.at(-1)]), [[25, 22, 25, 46]]);
  await page.keyboard.press(']');
  await eventually(() => heading(page), 'V: box 1 of 2');
  await page.keyboard.press('[');
  await eventually(() => heading(page), 'I: box 2 of 2');
  await page.getByRole('button', { name: 'I 1', exact: true }).focus();
  await page.keyboard.press('Enter');
  await eventually(() => heading(page), 'I: 1 of 1');
  await page.keyboard.press('Delete');
  await eventually(async () => (await kept('keys')).symbols.length, 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Symbols come by turns, are added and removed; what networks would not see is marked', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'turns', 'A B', 2);
  await page.getByLabel('Next').selectOption('turns');
  await stroke(page, [[20, 20], [30, 70]]);
  await page.keyboard.press('Enter');
  await eventually(() => heading(page), 'B: box 1 of 2');
  for (let i = 0; i < 6; ++i) await stroke(page, [[10 + 10 * i, 20], [10 + 10 * i, 70]]);
  await page.keyboard.press('Enter');
  await eventually(() => heading(page), 'A: box 2 of 2');
  await page.getByRole('button', { name: 'B 1/2' }).click();
  await page.getByRole('button', { name: /^B 1, not shown to the networks: more than 5 strokes/ }).click();
  await eventually(async () => /more than 5 strokes/.test(await page.locator('.warning').textContent()), true);
  await page.getByLabel('Add a symbol').fill('Ž');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await eventually(() => heading(page), 'Ž: box 1 of 2');
  await page.getByRole('button', { name: 'B 1/2' }).click();
  await page.getByRole('button', { name: 'Remove B' }).click();
  await page.getByRole('button', { name: 'Remove B and its drawing' }).click();
  await eventually(async () => (await kept('turns')).classes, ['A', 'Ž']);
  await once_kept('turns', 1);
  await page.getByLabel('Add a symbol').fill('A');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await eventually(async () => /there is a class "A" already/.test(await page.locator('.error').textContent()), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A set goes out as a file and comes in as another; a file that is none is refused', options, async () => {
  const page = await explorer.open('/draw');
  await begin(page, 'out', 'A B', 5);
  for (let i = 0; i < 3; ++i) {
    await stroke(page, [[20 + i, 20], [30, 70]]);
    await page.keyboard.press('Enter');
    await eventually(() => heading(page), `A: box ${i + 2} of 5`);
  }
  await once_kept('out', 3);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  assert.equal(file.suggestedFilename(), 'out.json');
  const text = await readFile(await file.path(), 'utf8');
  const path = join(data, 'My copy.json');
  await writeFile(path, text);
  await page.getByRole('link', { name: 'All sets' }).click();
  await page.getByLabel(/A JSON ink file/).setInputFiles(path);
  await page.getByRole('heading', { name: 'Draw My-copy' }).waitFor();
  assert.equal(await readFile(join(data, 'My-copy', 'ink.json'), 'utf8'), text);
  await page.getByRole('link', { name: 'All sets' }).click();
  // Once more: the name is taken, and another is offered.
  await page.getByLabel(/A JSON ink file/).setInputFiles(path);
  assert.equal(await page.getByLabel('Name for it').inputValue(), 'My-copy-2');
  await page.getByRole('button', { name: 'Take it' }).click();
  await page.getByRole('heading', { name: 'Draw My-copy-2' }).waitFor();
  assert.equal(await readFile(join(data, 'My-copy-2', 'ink.json'), 'utf8'), text);
  await page.getByRole('link', { name: 'All sets' }).click();
  // A file with a bad symbol leaves no set behind.
  await writeFile(join(data, 'bad.json'), JSON.stringify({ schema: 'ganymede.ink/1', symbols: [{ label: 'A', strokes: [] }] }));
  await page.getByLabel(/A JSON ink file/).setInputFiles(join(data, 'bad.json'));
  await eventually(async () => /at least one stroke/.test(await page.locator('.error').textContent()), true);
  assert.equal(existsSync(join(data, 'bad')), false);
  await writeFile(path, '{"schema": "other/1"}');
  await rm(join(data, 'My-copy'), { recursive: true });
  await page.reload();
  await page.locator('.set-forms').waitFor();
  await page.getByLabel(/A JSON ink file/).setInputFiles(path);
  await eventually(async () => /wanted "schema": "ganymede.ink\/1", found "other\/1"/.test(await page.locator('.error').textContent()), true);
  const name = page.getByLabel('Name', { exact: true });
  assert.match(await page.locator('#name-hint').textContent(), /Letters, digits, - and _/);
  await name.fill('My Hand');
  await page.getByRole('button', { name: 'my-hand', exact: true }).click();
  assert.equal(await name.inputValue(), 'my-hand');
  await name.fill('out');
  assert.match(await page.locator('#name-hint').textContent(), /There is a set of this name: try out-2/);
  await name.fill('../out');
  await page.getByRole('button', { name: 'Begin' }).click();
  await eventually(async () => /wanted letters, digits/.test(await page.locator('form .error').textContent()), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Without the token sets are shown and not drawn into', options, async () => {
  const first = await explorer.open('/draw');
  await begin(first, 'shown', 'A', 3);
  await stroke(first, [[20, 20], [30, 70]]);
  await first.keyboard.press('Enter');
  await eventually(async () => existsSync(join(data, 'shown', 'ink.json')), true);
  await first.context().close();
  const page = await explorer.open('/draw?set=shown', { token: false });
  await pad(page).waitFor();
  await stroke(page, [[20, 20], [30, 70]]);
  assert.equal(await pad(page).locator('polyline').count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Keep' }).isDisabled(), true);
  await page.goto(new URL('/draw', page.url()).href);
  await page.locator('.sets').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Begin' }).count(), 0);
  const none = await explorer.open('/draw?set=nobody');
  await eventually(async () => /no set of ink "nobody"/.test(await none.locator('.error').textContent()), true);
  assert.deepEqual([...page.faults, ...none.faults], []);
  await page.context().close();
  await none.context().close();
});

for (const dark of [false, true])
  test(`The page fits a phone and has no faults for readers, ${dark ? 'dark' : 'light'}`, options, async () => {
    for (const phone of [false, true]) {
      const page = await explorer.open('/draw', { phone, dark });
      await page.locator('.set-forms').waitFor();
      assert.deepEqual(await serious_faults(page), []);
      assert.ok((await sideways(page)) <= 0);
      await begin(page, `fits-${dark}-${phone}`, 'A B C heart 1 2 3 Č Š Ž', 12);
      await stroke(page, [[20, 20], [30, 70]]);
      assert.deepEqual(await serious_faults(page), []);
      assert.ok((await sideways(page)) <= 0);
      await page.keyboard.press('Enter');
      await eventually(() => heading(page), 'A: box 2 of 12');
      await page.getByRole('button', { name: 'A 1', exact: true }).click();
      await page.getByRole('group', { name: 'Play the drawing' }).waitFor();
      assert.deepEqual(await serious_faults(page), []);
      assert.ok((await sideways(page)) <= 0);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  });
