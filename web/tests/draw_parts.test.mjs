// The pen of the page Draw and what goes with it, without a browser.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));
const skip = existsSync(join(web, 'node_modules/vite')) ? false : 'no node_modules: run npm ci in web/';

let pens, uploads;
async function load(file) {
  const { build } = await import('vite');
  const [{ output }] = await build({
    configFile: false, root: web, logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: join(web, 'src/pages/draw', file), formats: ['es'] } },
  });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}
before(async () => {
  if (!skip) [pens, uploads] = await Promise.all(['pen.ts', 'upload.ts'].map(load));
});

test('A pen leaves strokes of points with seconds since the first, within the box', { skip }, () => {
  const pen = new pens.Pen();
  pen.press(10.04, 20, 5000);
  pen.move(12, 25.26, 5100);
  pen.move(12.1, 25.3, 5110); // nearer than a pen is wide
  pen.move(130, -4, 5200);
  pen.lift();
  pen.move(50, 50, 5300); // in the air
  pen.press(1, 1, 6000);
  pen.lift();
  assert.deepEqual(pen.strokes, [{ x: [10, 12, 100], y: [20, 25.3, 0], t: [0, 0.1, 0.2] }, { x: [1], y: [1], t: [1] }]);
});

test('Undo takes the last stroke, clear all, and then time begins anew', { skip }, () => {
  const pen = new pens.Pen();
  for (const x of [1, 20, 40]) pen.press(x, 0, 1000 * x);
  pen.undo();
  assert.deepEqual(pen.strokes.map(({ x }) => x[0]), [1, 20]);
  assert.equal(pen.is_down, false);
  pen.clear();
  assert.equal(pen.is_empty, true);
  pen.undo();
  pen.press(5, 5, 99_000);
  assert.deepEqual(pen.strokes[0].t, [0]);
});

test('A symbol has at most 64 strokes, and no more points than the server takes', { skip }, () => {
  const pen = new pens.Pen();
  for (let i = 0; i < 70; ++i) pen.press(i, 0, i);
  assert.equal(pen.strokes.length, 64);
  pen.clear();
  pen.press(0, 0, 0);
  for (let i = 0; i < 20_000; ++i) pen.move(i % 100, (i * 7) % 100, i);
  assert.ok(pen.strokes[0].x.length <= 8192, `${pen.strokes[0].x.length}`);
  assert.ok(pen.strokes[0].x.length > 7000);
});

test('A moment of a drawing has what was drawn until then, cut where the pen is', { skip }, () => {
  const strokes = [{ x: [0, 10], y: [0, 0], t: [0, 1] }, { x: [5, 5], y: [0, 8], t: [2, 4] }];
  const times = pens.times_of(strokes);
  assert.deepEqual(pens.strokes_until(strokes, times, 0.5), [{ x: [0, 5], y: [0, 0] }]);
  assert.deepEqual(pens.strokes_until(strokes, times, 1.5), [{ x: [0, 10], y: [0, 0] }]);
  assert.deepEqual(pens.strokes_until(strokes, times, 3)[1], { x: [5, 5], y: [0, 4] });
  assert.deepEqual(pens.strokes_until(strokes, times, 4), strokes.map(({ x, y }) => ({ x, y })));
  // Without times every point takes as long, across strokes.
  const even = pens.times_of([{ x: [0, 1], y: [0, 0] }, { x: [2], y: [0] }]);
  assert.deepEqual(even.map((t) => t.length), [2, 1]);
  assert.ok(even[0][0] < even[0][1] && even[0][1] < even[1][0]);
});

test('A drawing that is not kept waits for its symbol', { skip }, () => {
  pens.pen_of('s', 'A').press(1, 1, 0);
  pens.pen_of('s', 'B', 3).press(2, 2, 0);
  assert.equal(pens.pen_of('s', 'A').strokes.length, 1);
  assert.equal(pens.pen_of('s', 'B').is_empty, true);
  assert.deepEqual(['A', 'B', 'C'].map((label) => pens.has_draft('s', label)), [true, true, false]);
  assert.equal(pens.has_draft('s2'), false);
  pens.drop_drafts('s', 'B', true);
  pens.drop_drafts('s', 'A', true);
  assert.deepEqual(['A', 'B'].map((label) => pens.has_draft('s', label)), [true, false]);
  pens.drop_drafts('s');
  assert.equal(pens.has_draft('s'), false);
});

test('A text for a hand has letters, and a longer name in braces', { skip }, () => {
  assert.equal(pens.text_in(['A', 'heart', 'B', 'Č', 'D']), 'ABČ{heart}');
  assert.equal(pens.text_in(['heart']), '{heart}');
  assert.equal(pens.text_in([]), '');
});

test('Names of sets: what is one, and the next that is free', { skip }, () => {
  assert.deepEqual(['my-hand', 'a_1', 'My Hand', '-a', '', 'é', '../a'].map(uploads.is_set_name), [true, true, false, false, false, false, false]);
  assert.equal(uploads.free_name('mine', []), 'mine');
  assert.equal(uploads.free_name('mine', ['mine', 'mine-2']), 'mine-3');
});

test('Symbols are words, each once', { skip }, () => {
  assert.deepEqual(pens.symbols_in(' A B,heart\nA '), ['A', 'B', 'heart']);
  assert.deepEqual(pens.symbols_in(' , '), []);
});

test('An upload goes in pieces that a request can hold, under a name that a set may have', { skip }, () => {
  const symbol = { label: 'A', strokes: [{ x: Array(2000).fill(12.5), y: Array(2000).fill(12.5) }] };
  const pieces = uploads.pieces_of(Array(40).fill(symbol));
  assert.equal(pieces.flat().length, 40);
  assert.ok(pieces.length > 3);
  for (const piece of pieces) assert.ok(JSON.stringify(piece).length < 200_000);
  assert.deepEqual(uploads.pieces_of([]), []);
  assert.ok(uploads.pieces_of(Array(1200).fill({})).every((piece) => piece.length <= 500));
  assert.equal(uploads.set_name('My letters (1).json'), 'My-letters-1');
  assert.equal(uploads.set_name('../../etc/passwd'), 'etc-passwd');
  assert.equal(uploads.set_name('手.json'), 'uploaded');
});

const ink_file = (ink) => new File([JSON.stringify({ schema: 'ganymede.ink/1', ...ink })], 'My set.json');

test('A file becomes a set with its last piece, and its labels are ordered by the server', { skip }, async (t) => {
  const asked = [];
  t.mock.method(globalThis, 'fetch', async (path, { body }) => {
    asked.push(JSON.parse(body));
    return Response.json({ upload: '0123' });
  });
  const symbols = [{ label: 'Ž' }, { label: 'A' }, { label: 'Ž' }];
  await uploads.upload_ink(ink_file({ symbols, lines: { top: 0, baseline: 9 } }), 'My-set', () => {});
  assert.deepEqual(asked, [
    { action: 'begin', name: 'My-set', labels: ['Ž', 'A'], lines: { top: 0, baseline: 9 } },
    { action: 'add', upload: '0123', first: 0, symbols },
    { action: 'finish', upload: '0123', name: 'My-set' },
  ]);
  asked.length = 0;
  await uploads.upload_ink(ink_file({ symbols: Array(1200).fill({ label: 'A' }), classes: ['A'] }), 'My-set', () => {});
  assert.deepEqual(asked.map(({ first }) => first), [undefined, 0, 500, 1000, undefined]);
  assert.deepEqual(asked[0].classes, ['A']);
});

test('A file that is wrong somewhere leaves nothing, and the message says where in the file', { skip }, async (t) => {
  const asked = [];
  t.mock.method(globalThis, 'fetch', async (path, { body }) => {
    asked.push(JSON.parse(body));
    const error = asked.at(-1).first === 500 ? 'the request.symbols[730].strokes: wanted a list' : '';
    return error ? Response.json({ error }, { status: 400 }) : Response.json({ upload: '0123' });
  });
  await assert.rejects(uploads.upload_ink(ink_file({ symbols: Array(1200).fill({ label: 'A' }) }), 'My-set', () => {}),
    /My set.json, of which nothing was kept: symbols\[730\].strokes/);
  assert.deepEqual(asked.at(-1), { action: 'cancel', upload: '0123' });
  asked.length = 0;
  await assert.rejects(uploads.upload_ink(ink_file({ symbols: [], foo: 1 }), 'My-set', () => {}), /unknown key "foo"/);
  await assert.rejects(uploads.upload_ink(ink_file({ symbols: [], lines: null }), 'My-set', () => {}), /"lines" is no object/);
  assert.deepEqual(asked, []);
});
