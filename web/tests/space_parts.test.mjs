// The Space page's reckoning, without a browser.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));
const skip = existsSync(join(web, 'node_modules/vite')) ? false : 'no node_modules: run npm ci in web/';

let vectors, maps, areas, strokes, ablations, kept;
async function load(file) {
  const { build } = await import('vite');
  const [{ output }] = await build({
    configFile: false, root: web, logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: { write: false, minify: false, lib: { entry: join(web, 'src/pages/space', file), formats: ['es'] } },
  });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}
before(async () => {
  if (skip) return;
  [vectors, maps, areas, strokes, ablations, kept] = await Promise.all(['vectors.ts', 'label_map.ts', 'areas.ts', 'strokes.ts', 'ablation_text.ts', 'kept_directions.ts'].map(load));
});

const near = (found, wanted) => found.forEach((x, i) => assert.ok(Math.abs(x - wanted[i]) < 1e-9, `${found} is not ${wanted}`));
const piece = (spacing, points, labels, done = 0) => ({ head: { spacing, done, total: 16 }, arrays: { points: { shape: [points.length], values: Int32Array.from(points) }, labels: { shape: [labels.length], values: Uint8Array.from(labels) } } });
const square = (text) => Int16Array.from(text.replaceAll(/\s/g, ''), Number);

test('A great circle keeps the length, a line does not', { skip }, () => {
  near(vectors.slerp([2, 0], [0, 2], 0.5), [Math.SQRT2, Math.SQRT2]);
  near(vectors.lerp([2, 0], [0, 2], 0.5), [1, 1]);
  near(vectors.slerp([1, 0], [0, 3], 1), [0, 3]);
  near(vectors.slerp([0, 0], [0, 3], 0.5), [0, 1.5]);
  near(vectors.slerp([1, 0], [-1, 0], 0.5), [0, 1]);
});

test('A plane through z holds z, and its directions are perpendicular', { skip }, () => {
  const z = [1, 2, 3];
  const plane = vectors.plane_through(z, [2, 0, 0], [1, 1, 0]);
  near(plane.u, [1, 0, 0]);
  near(plane.v, [0, 1, 0]);
  near(plane.origin, [0, 0, 3]);
  near(vectors.point_of(plane, 1, 2), z);
  assert.ok(vectors.distance_to(plane, [5, 6, 3]) < 1e-9);
  assert.equal(vectors.distance_to(plane, [5, 6, 4]), 1);
  const same = vectors.plane_through(z, [1, 0, 0], [3, 0, 0]);
  assert.ok(Math.abs(vectors.dot(same.u, same.v)) < 1e-9);
});

test('A coarse map is filled, and finer points replace it', { skip }, () => {
  const map = new maps.LabelMap({ dims: 2, side: 5, axis: [-1, -0.5, 0, 0.5, 1], class_names: [] });
  map.take(piece(4, [0, 4, 20, 24], [1, 2, 3, 4]));
  assert.ok(map.labels.every((label) => label > 0));
  map.take(piece(1, [6], [9]));
  assert.equal(map.labels[6], 9);
  map.take(piece(4, [0], [7])); // a coarser one changes no finer one
  assert.equal(map.labels[6], 9);
  map.take({ head: { done: true, shares: [0.5, 0.5], wanted_share: 0.25 }, arrays: {} });
  assert.deepEqual([map.done, map.wanted_share], [true, 0.25]);
});

test('A section of a cube keeps the order of the other axes', { skip }, () => {
  const map = new maps.LabelMap({ dims: 3, side: 3, axis: [-1, 0, 1], class_names: [] });
  for (let at = 0; at < 27; ++at) map.labels[at] = at;
  assert.deepEqual([...map.section(2, 1)], [1, 4, 7, 10, 13, 16, 19, 22, 25]);
  assert.deepEqual([...map.section(0, 2)], [18, 19, 20, 21, 22, 23, 24, 25, 26]);
  assert.equal(map.nearest([0.9, -0.4, 0]), 2 * 9 + 1 * 3 + 1 - 0);
  assert.equal(map.nearest([2, 0, 0]), -1);
});

test('Places and coordinates of an uneven axis are each other’s inverse', { skip }, () => {
  const axis = [-2, -0.5, 0, 0.4, 3];
  for (const value of [-2.5, -2, -1, 0.1, 0.4, 2.2, 3.5]) assert.ok(Math.abs(maps.coordinate_at(axis, maps.place_on(axis, value)) - value) < 1e-9);
  assert.equal(maps.place_on(axis, 0.2), 2.5);
});

test('Areas are connected, and each has its name where it has most room', { skip }, () => {
  const labels = square('11112 11112 11112 33332 33332');
  const found = areas.areas_of(labels, 5, 2);
  assert.equal(new Set(found).size, 3);
  const apart = areas.areas_of(square('121 222 121'), 3, 2);
  assert.equal(new Set(apart).size, 5); // four corners of class 1 and one area of class 2
  const names = areas.area_names(square('1111111 1111111 1111111 1111111 1111111 1111111 2222222'), 7, 1.5);
  assert.deepEqual(names.map(({ label, i, j }) => [label, i, j]).filter(([label]) => label === 1).length, 1);
  assert.ok(names[0].i >= 2 && names[0].i <= 3 && names[0].j >= 2 && names[0].j <= 4);
  assert.ok(names.every(({ label }) => label === 1)); // the edge's area has no room for one
});

test('Moves become strokes: a lift is dashed, a dot is a stroke, still padding is nothing', { skip }, () => {
  const moves = [1, 0, 1, 0, 1, 1, 2, 2, 0, 0, 0, 1, 0, 0, 0];
  const found = strokes.segments_of(moves);
  assert.deepEqual(found.map(({ stroke }) => stroke), [0, 0, -1, 1]);
  assert.deepEqual([found[3].x0, found[3].x1], [3, 3]);
  const svg = strokes.svg_of(moves, 280, '<x>');
  assert.match(svg, /<title>&lt;x><\/title>/);
  assert.equal(svg.match(/<line/g).length, 4);
  assert.match(svg, /stroke-dasharray/);
  assert.deepEqual(strokes.segments_of([1, 1, 0, 1, 1, 0]).map(({ stroke }) => stroke), [-1, -1]);
});

test('Ablations are written as the command line writes them, and taken back by the same click', { skip }, () => {
  const { ablation_of, ablation_words, toggled } = ablations;
  assert.equal(ablation_of('act2', 5, null, 0), 'act2:channel=5');
  assert.equal(ablation_of('act2', 5, 3, 1.5), 'act2:channel=5,row=3,value=1.5');
  assert.equal(ablation_words('act2:channel=5,row=3,value=1.5'), 'act2 map 5, row 3 → 1.5');
  const one = toggled([], 'act2:channel=5');
  assert.deepEqual(toggled(one, 'act2:channel=5'), []);
  assert.deepEqual(toggled(one, 'act2:channel=5,value=1'), ['act2:channel=5,value=1']);
});

const attribute = (name, normal, more = {}) => ({
  name, sentence: name, kind: 'continuous', normal, offset: 0.5, slope: 2, intercept: 1, explained: { value: 0.5, low: 0.4, high: 0.6 }, told: true, conditional: null, orthogonal: null, ...more,
});
const file_of = (attributes) => ({ schema: 'ganymede.directions/1', name: 'mine', epoch: 1, class: null, class_name: '', latent_dim: 2, z_variance: 4, attributes, principal: [{ name: 'principal 1', vector: [0, 1] }], activation: [] });

test('Ways of a kind are those that z tells, and point to where the score rises', { skip }, () => {
  const file = file_of([
    attribute('up', [0.6, 0.8]), attribute('down', [1, 0], { slope: -3, conditional: [0, 1] }), attribute('chance', [0, 1], { told: false, conditional: [1, 0] }),
  ]);
  assert.deepEqual(kept.ways_of(file, 'normal').map(({ name, vector }) => [name, vector.map((x) => x + 0)]), [['up', [0.6, 0.8]], ['down', [-1, 0]]]);
  assert.deepEqual(kept.ways_of(file, 'conditional').map(({ name, vector }) => [name, vector.map((x) => x + 0)]), [['down', [0, -1]]]);
  assert.deepEqual(kept.ways_of(file, 'orthogonal'), []);
  assert.deepEqual(kept.ways_of(file, 'principal').map(({ name }) => name), ['principal 1']);
  assert.equal(kept.ways_of(file, 'normal')[1].score([2, 5]), 1 - 6, 's = intercept + slope n z');
  assert.match(kept.ways_of(file, 'normal')[0].about, /R² 0.5 \[0.4, 0.6\]/);
});

test('Places along a way are deviations of z, and a move along it leaves what is at right angles', { skip }, () => {
  const file = file_of([attribute('up', [0.6, 0.8])]);
  const [way] = kept.ways_of(file, 'normal');
  assert.equal(kept.place_along(file, way, [3, 4]), 2.5);
  const moved = kept.moved_along(file, way, [3, 4], -1);
  near(moved, [3 - 3.5 * 2 * 0.6, 4 - 3.5 * 2 * 0.8]);
  assert.ok(Math.abs(kept.place_along(file, way, moved) + 1) < 1e-5);
  near(kept.moved_along(file, way, [-0.8, 0.6], 0), [-0.8, 0.6]);
});

test('Planes are drawn of the attribute that z tells best, or of those that were chosen', { skip }, () => {
  const file = file_of([
    attribute('some', [1, 0]), attribute('best', [0, 1], { explained: { value: 0.9, low: 0, high: 1 }, slope: -1 }), attribute('chance', [0, 1], { told: false, explained: { value: 1, low: 0, high: 1 } }),
  ]);
  const [best] = kept.boundaries_of(file, null);
  assert.deepEqual([best.name, best.normal.map((x) => x + 0), best.offset], ['best', [0, -1], -0.5]);
  assert.deepEqual(kept.boundaries_of(file, ['chance', 'some']).map(({ name }) => name), ['some']);
  assert.deepEqual(kept.boundaries_of(file, []), []);
});

test('A plane cuts pads and sections where n z + offset is 0', { skip }, () => {
  const boundary = { name: 'a', colour: '#000000', normal: [0.6, 0, 0.8], offset: 0.1 };
  const cut = kept.section_cut(boundary, [9, 2, 0.5], 0, 1); // z3 stays at 0.5
  assert.deepEqual([cut.a, cut.b, Number(cut.c.toFixed(9))], [0.6, 0, 0.5]);
  for (const [x, y] of kept.points_of_cut(cut, -1, 1)) assert.ok(Math.abs(0.6 * x + 0.1 + 0.8 * 0.5) < 1e-9 && Math.abs(y) <= 1);
  assert.equal(kept.points_of_cut(cut, -1, 1).length, 65);
  assert.deepEqual(kept.points_of_cut({ ...cut, a: 0, b: 0 }, -1, 1), [], 'parallel to it');
  assert.deepEqual(kept.points_of_cut({ ...cut, c: 50 }, -1, 1), [], 'far away');
  const through = kept.cut_of(boundary, { origin: [0, 7, 0], u: [0, 0, 1], v: [1, 0, 0] });
  assert.deepEqual([through.a, through.b, through.c], [0.8, 0.6, 0.1]);
});
