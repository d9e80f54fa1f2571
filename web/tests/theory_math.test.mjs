// The mathematics of the Theory page against src/theory: theory_numbers.txt holds what the program computes (tests/theory/numbers_test.cpp), and what has no
// counterpart there is held to numbers by hand.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const load = async (file) => (await runnerImport(new URL(`../src/pages/theory/math/${file}.ts`, import.meta.url).pathname)).module;
const { at, lattice_around, log_at, normal } = await load('density');
const divergence = await load('divergence');
const losses = await load('losses');
const bilinear = await load('bilinear');
const curves = await load('curves');
const three = await load('three_weights');
const { play_shift, best_discriminator, discriminator_step } = await load('shift_game');
const { kFamilies, kNeeds } = await load('families');
const clouds = await load('clouds');
const conditions = await load('conditions');
const directions = await load('directions');
const { mathml } = await load('formula');
const { LearnedDiscriminator } = await load('learned');
const tiny = await load('tiny_judge');
const noise = await load('noise');

const close = (found, wanted, what, tolerance = 1e-9) =>
  assert.ok(Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted)), `${what}: ${found}, wanted ${wanted}`);

function numbers() {
  const found = {};
  const two = [{ mean: -2, deviation: 0.6, weight: 1 }, { mean: 2, deviation: 0.8, weight: 0.5 }];
  [[normal(0), normal(1)], [normal(0), normal(0, 3)], [normal(0), normal(6)], [two, normal(0, 1.8)]].forEach(([p, q], i) => {
    const lattice = lattice_around([p, q], 1201), name = `pair${i}.`;
    found[`${name}kl`] = divergence.kl(p, q, lattice);
    found[`${name}kl_back`] = divergence.kl(q, p, lattice);
    found[`${name}js_bits`] = divergence.bits(divergence.js(p, q, lattice));
    found[`${name}optimal_value`] = divergence.optimal_value(p, q, lattice);
    for (const x of [-2.5, 0.5, 3]) {
      found[`${name}log_at(${x})`] = log_at(p, x);
      found[`${name}best(${x})`] = divergence.optimal_discriminator(p, q, x);
      found[`${name}kl_integrand(${x})`] = divergence.kl_integrand(p, q, x);
      found[`${name}js_integrand(${x})`] = divergence.js_integrand(p, q, x);
    }
    found[`${name}half_sure`] = divergence.game_value(p, q, (x) => 0.5 * divergence.optimal_logit(p, q, x), lattice);
  });
  found['kl_of_normals(0,1,2,0.5)'] = divergence.kl_of_normals(0, 1, 2, 0.5);
  for (const s of [-6, -0.5, 0, 2]) {
    for (const loss of ['saturating', 'non_saturating']) {
      found[`loss.${loss}(${s})`] = losses.generator_loss(loss, s);
      found[`slope.${loss}(${s})`] = losses.generator_slope(loss, s);
    }
    found[`bce(${s},0.3)`] = losses.binary_cross_entropy(s, 0.3);
    found[`d_loss(1,${s})`] = losses.discriminator_loss(1, s);
  }
  for (const loss of ['saturating', 'non_saturating']) {
    for (const d of [1, 4]) {
      found[`gradient.${loss}(${d})`] = losses.gradient_of_shifted(loss, d, d + 0.5);
      found[`mean_gradient.${loss}(${d})`] = losses.mean_gradient_of_shifted(loss, d).mean;
    }
    for (const k of [0, 1, 2, 5]) {
      const end = play_shift({ theta: -1, a: 0, b: 0 }, loss, k, { generator: 0.3, discriminator: 0.5 }, 400).at(-1);
      found[`shift.${loss}(${k})`] = end.theta;
      found[`shift.${loss}(${k}).work`] = end.work;
    }
  }
  const from = { x: 0.8, y: -0.6 };
  for (const turns of ['simultaneous', 'alternating']) {
    const end = bilinear.walk(turns, from, 0.25, 40).at(-1);
    found[`${turns}.x`] = end.x;
    found[`${turns}.y`] = end.y;
  }
  found.spiral_radius = bilinear.spiral_radius(1, 0.25, 40);
  found.orbit_invariant = bilinear.orbit_invariant(from, 0.25);
  found.orbit_least = bilinear.orbit_radii(from, 0.25).least;
  found.orbit_largest = bilinear.orbit_radii(from, 0.25).largest;
  found['flow.x'] = bilinear.flow(from, 2.5).x;
  for (const name of curves.kCurveNames) {
    const curve = curves.curve_of(name);
    for (const x of [-2, -0.5, 0.5, 7]) {
      found[`${name}(${x})`] = curve.value(x);
      found[`${name}'(${x})`] = curve.slope(x);
    }
    found[`${name}.flat`] = curves.share_without_slope(curve, 0.05);
  }
  const begin = [-2, 2, 0.3], slope = three.slope_of(begin), end = three.descend(begin, 0.25, 300).at(-1);
  found['three.loss'] = three.loss_of(begin);
  slope.forEach((value, i) => (found[`three.slope${i}`] = value));
  end.forEach((value, i) => (found[`three.end${i}`] = value));
  for (const family of kFamilies) {
    const words = family.example + family.density + family.training + family.likelihood + family.sampling + family.compression;
    found[`family.${family.name}`] = words.length + (family.representation ? 0.5 : 0);
  }
  return found;
}

test('Every number of src/theory is that of the page, and none is left out', async () => {
  const lines = (await readFile(new URL('theory_numbers.txt', import.meta.url), 'utf8')).trim().split('\n');
  const wanted = new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), Number(line.split(' ')[0])]));
  const found = numbers();
  assert.deepEqual([...wanted.keys()].sort(), Object.keys(found).sort());
  for (const [name, value] of wanted) close(found[name], value, name);
});

test('The lecture’s pair: KL 0.5 nat both ways, JS 0.1607 bit, and the identity', () => {
  const p = normal(0), q = normal(1), lattice = lattice_around([p, q]);
  close(divergence.kl(p, q, lattice), 0.5, 'KL', 1e-12);
  close(divergence.kl(q, p, lattice), 0.5, 'KL back', 1e-12);
  close(divergence.bits(divergence.js(p, q, lattice)), 0.1607, 'JS', 5e-5);
  close(divergence.optimal_value(p, q, lattice), -2 * Math.LN2 + 2 * divergence.js(p, q, lattice), 'the identity', 1e-12);
  close(at(p, 0), 1 / Math.sqrt(2 * Math.PI), 'the density at 0', 1e-15);
});

test('Of the shift game the best D does not move', () => {
  const best = { theta: 0.5, ...best_discriminator(0.5) };
  const next = discriminator_step(best, 1);
  close(next.a, best.a, 'a', 1e-6);
  close(next.b, best.b, 'b', 1e-6);
});

test('The loss of three weights by its sums is the loss', () => {
  for (const [w1, w2] of [[-2, 2], [0.3, -1.7], [4, 0]]) {
    for (const w3 of [-1.5, 0, 0.3]) close(three.loss_of_sums(three.sums_over_places(w1, w2), w3), three.loss_of([w1, w2, w3]), `${w1}, ${w2}, ${w3}`, 1e-12);
  }
});

test('Fréchet distances are those by hand', () => {
  // Of points whose covariance with N - 1 is diag(2 a^2 / 3 ...): (a, 0), (-a, 0), (0, b), (0, -b).
  const cross = (a, b, x = 0, y = 0) => [[x + a, y], [x - a, y], [x, y + b], [x, y - b]];
  const s = Math.sqrt(1.5); // variance 1 for length s
  close(clouds.frechet(cross(s, 2 * s), cross(3 * s, 4 * s, 1, 2)), 13, 'diag(1, 4) and diag(9, 16), (1, 2) away', 1e-12);
  close(clouds.frechet(cross(s, 2 * s), cross(s, 2 * s)), 0, 'of itself', 1e-9);
  const turned = (points, c, d) => points.map(([x, y]) => [c * x - d * y, d * x + c * y]);
  close(clouds.frechet(turned(cross(s, 2 * s), 0.6, 0.8), turned(cross(3 * s, 4 * s, 1, 2), 0.6, 0.8)), 13, 'turned', 1e-12);
});

test('The other scores are those of small sets by hand', () => {
  const line = (...xs) => xs.map((x) => [x, 0]);
  assert.deepEqual(clouds.manifolds(line(0, 1, 2, 3), line(0.5, 1.5, 10, 11), 1), { precision: 0.5, recall: 0.75, density: 1, coverage: 0.75 });
  assert.deepEqual(clouds.manifolds(line(0, 1, 2, 3), line(1, 2, 3, 4), 1), { precision: 0.75, recall: 0.75, density: 0.75, coverage: 0.75 });
  close(clouds.kernel([[1, 0], [0, 1]], [[1, 1], [2, 0]]), 1.125, 'the kernel distance');
  assert.equal(clouds.one_nn(line(0, 10), line(1, 11)), 0);
  assert.equal(clouds.one_nn(line(0, 1), line(10, 11)), 1);
  assert.deepEqual(clouds.modes([[0, 0.1], [5, 0.5], [5, 9]], [[0, 0], [5, 0]], 1), { modes: 2, high_quality: 2 / 3 });
});

test('A G whose marginal fits deceives the D that is not told the class alone', () => {
  for (const heeds of [0, 0.3, 1]) {
    const { blind, told } = conditions.values_of_conditions(heeds, 2.5, 0.8);
    close(blind, -2 * Math.LN2, 'not told', 1e-9);
    if (heeds === 1) close(told, -2 * Math.LN2, 'told, all heeded', 1e-9);
    else assert.ok(told > -2 * Math.LN2 + 0.1, `told: ${told}`);
  }
  const { told, js } = conditions.values_of_conditions(0.3, 2.5, 0.8);
  close(told, -2 * Math.LN2 + 2 * js, 'the identity, mean over classes', 1e-9);
});

test('Of classes that lie apart JS of the D that is told is that by hand', () => {
  // A share of w of the fakes lies in the class: JS = (log(2 / (1 + w)) + w log(2 w / (1 + w)) + (1 - w) log 2) / 2.
  for (const heeds of [0, 0.3, 0.8]) {
    const w = heeds + (1 - heeds) / 3;
    const wanted = (Math.log(2 / (1 + w)) + w * Math.log((2 * w) / (1 + w)) + (1 - w) * Math.LN2) / 2;
    close(conditions.values_of_conditions(heeds, 4, 0.3).js, wanted, `heeding ${heeds}`, 1e-6);
  }
});

test('Covariances of attributes, and the direction that leaves one as it is', () => {
  const n = directions.unit(0), m = directions.unit(Math.PI / 3);
  const sigma = directions.covariance([n, m], [2, 1]);
  close(sigma[0][0], 4, 'lambda squared');
  close(sigma[0][1], 1, '2 cos 60°');
  close(directions.covariance([n, directions.unit(Math.PI / 2)], [2, 1])[0][1], 0, 'at a right angle');
  const free = directions.conditional(n, m);
  close(free[0] * m[0] + free[1] * m[1], 0, 'along m');
  close(Math.hypot(...free), 1, 'its length');
  assert.equal(directions.conditional(n, n), null);
});

test('The discriminator of the page has the slopes of finite differences, and comes near the best one', () => {
  const d = new LearnedDiscriminator(3);
  for (let i = 0; i < 5; ++i) d.train(normal(-1), normal(1), 16, 0.01);
  const xs = [-2, -0.3, 0.8, 1.7], targets = [1, 1, 0, 0];
  const { gradient } = d.gradient(xs, targets);
  for (const i of [0, 30, 50, 300, d.parameters.length - 30, d.parameters.length - 2, d.parameters.length - 1]) {
    const kept = d.parameters[i];
    const loss = (value) => ((d.parameters[i] = value), d.gradient(xs, targets).loss);
    const slope = (loss(kept + 1e-5) - loss(kept - 1e-5)) / 2e-5;
    d.parameters[i] = kept;
    close(gradient[i], slope, `slope ${i}`, 1e-7);
  }
  for (let i = 0; i < 300; ++i) d.train(normal(-1), normal(1), 64, 0.005);
  for (const x of [-2, -1, 0, 1, 2]) close(losses.sigmoid(d.logit(x)), divergence.optimal_discriminator(normal(-1), normal(1), x), `D(${x})`, 0.12);
});

test('The page’s own classifier knows its digits, and noise that is aimed leads it astray sooner than by chance', () => {
  const judge = new tiny.TinyJudge();
  assert.ok(judge.error < 0.1, `wrong on ${judge.error}`);
  const of = (p) => p.indexOf(Math.max(...p));
  let aimed = 0, chance = 0;
  for (let k = 0; k < 10; ++k) {
    const picture = tiny.drawn_digit(k, 777), p = judge.judge(picture), own = of(p);
    const other = of(p.map((v, i) => (i === own ? -1 : v)));
    aimed += of(judge.judge(noise.with_noise(picture, noise.signs_of(judge.slopes(own, other)), 0.4))) !== own;
    chance += of(judge.judge(noise.with_noise(picture, noise.signs_by_chance(picture.length, k), 0.4))) !== own;
  }
  assert.ok(aimed >= 7 && chance <= 2, `${aimed} by aim, ${chance} by chance`);
  // Its slopes are those of what it says.
  const picture = tiny.drawn_digit(3, 5), moved = picture.slice();
  const margin = (x) => Math.log(judge.judge(x)[8]) - Math.log(judge.judge(x)[3]);
  const before = margin(picture);
  moved[100] += 0.01;
  close((margin(moved) - before) / (moved[100] - picture[100]), judge.slopes(3, 8)[100], 'a slope', 1e-5);
});

test('Formulas become MathML, and an unknown command is an error', () => {
  assert.equal(mathml('x^2'), '<math><msup><mi>x</mi><mn>2</mn></msup></math>');
  assert.match(mathml('\\frac{p}{p + q}', true), /^<math display="block"><mfrac><mi>p<\/mi><mrow>/);
  assert.match(mathml('a < b'), /<mo>&lt;<\/mo>/);
  assert.match(mathml('\\min_G', true), /<munder>/);
  assert.throws(() => mathml('\\foo'), /there is no \\foo/);
  assert.throws(() => mathml('\\frac{p'), /not closed/);
});

test('Of the families flows alone have all that can be ticked, and each need is met by some', () => {
  assert.deepEqual(kFamilies.filter((family) => kNeeds.every((need) => need.has(family))).map(({ name }) => name), ['flows']);
  for (const need of kNeeds) assert.ok(kFamilies.some(need.has) && !kFamilies.every(need.has), need.words);
});
