// The Theory page: every figure follows the hand and the keys, says what the mathematics says, and stands in the address.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { eventually, ganymede, kTiny, serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

let explorer;
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer();
});
after(() => explorer?.stop());
const options = { skip: skip_reason, timeout: 300_000 };

const kSections = ['generative', 'families', 'losses', 'optimal', 'divergence', 'learned', 'vanishing', 'updates', 'bilinear', 'conditions', 'failures', 'metrics', 'latent', 'activations', 'descent'];
const figure = (page, title) => page.locator('figure.exhibit').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
/** A reading by its name. */
const reading = async (of, name) => (await of.locator('.readings > div').filter({ has: of.page().locator('dt', { hasText: name }) }).first().locator('dd').first().textContent()).replace('−', '-');
const number = async (of, name) => parseFloat(await reading(of, name));
const slider = (of, name) => of.getByRole('slider', { name });
async function put(of, name, value) {
  await slider(of, name).evaluate((input, wanted) => {
    input.value = String(wanted);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);
}
const address = (page, key) => new URL(page.url()).searchParams.get(key);

test('Every section is there, in the contents, and an address leads to it', options, async () => {
  const page = await explorer.open('/theory?at=bilinear');
  assert.deepEqual(await page.locator('.theory section').evaluateAll((all) => all.map(({ id }) => id)), kSections);
  await eventually(() => page.locator('#bilinear').evaluate((section) => Math.abs(section.getBoundingClientRect().top) < 60), true);
  await eventually(() => page.locator('.contents [aria-current]').textContent(), 'The spiral and the orbit');
  await page.keyboard.press('n');
  await eventually(() => page.locator('.contents [aria-current]').textContent(), 'Conditions');
  assert.equal(address(page, 'at'), 'conditions');
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'KL and JS' }).click();
  await eventually(() => page.locator('#divergence').evaluate((section) => Math.abs(section.getBoundingClientRect().top) < 60), true);
  assert.equal(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Theory' }).getAttribute('aria-current'), 'page');
  assert.deepEqual(page.faults, []);
});

test('The identity holds while a density is dragged, and the address keeps the place', options, async () => {
  const page = await explorer.open('/theory?at=optimal');
  const of = figure(page, 'The best discriminator of two densities, and what it is worth');
  assert.equal(await reading(of, 'JS(p ‖ q)'), '0.1607 bit');
  assert.equal(await reading(of, 'L(D*, G), integrated'), '-1.163451');
  const knob = of.locator('.handle').nth(1); // of q
  await knob.scrollIntoViewIfNeeded();
  const at = await knob.boundingBox();
  const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 5, { steps: 4 });
  await page.mouse.move(x + 120, y + 20, { steps: 4 });
  await page.mouse.up();
  const mean = Number(await slider(of, 'mean').nth(1).inputValue());
  assert.ok(mean > 2, `q's mean is ${mean}`);
  assert.ok(Number(await slider(of, 'width').nth(1).inputValue()) > 1, 'dragged down it is wider');
  assert.ok((await number(of, 'JS(p ‖ q)')) > 0.3);
  assert.equal(await reading(of, 'L(D*, G), integrated'), await reading(of, '−2 log 2 + 2 JS'));
  assert.ok(await of.locator('.readings .same').isVisible());
  await eventually(() => address(page, 'optimal') !== null, true);
  const copied = await explorer.open(new URL(page.url()).pathname + new URL(page.url()).search);
  assert.equal(Number(await slider(figure(copied, 'The best discriminator of two densities, and what it is worth'), 'mean').nth(1).inputValue()), mean);
  await of.getByRole('button', { name: 'Reset' }).click();
  assert.equal(await reading(of, 'JS(p ‖ q)'), '0.1607 bit');
  await eventually(() => address(page, 'optimal'), null);
  assert.ok(await of.getByRole('button', { name: 'Reset' }).isDisabled());
  assert.deepEqual(page.faults, []);
});

test('A second part of a density comes and goes', options, async () => {
  const page = await explorer.open('/theory?at=optimal');
  const of = figure(page, 'The best discriminator of two densities, and what it is worth');
  await of.getByRole('button', { name: 'a mode is missing' }).click();
  assert.equal(await of.locator('.handle').count(), 4); // three tops, and how sure D is
  assert.equal(await of.getByRole('button', { name: 'a mode is missing' }).getAttribute('aria-pressed'), 'true');
  // Half of the reals has no fakes: JS of p = (a + b) / 2 and q = a is 0.3113 bit where a and b do not meet.
  assert.ok(Math.abs((await number(of, 'JS(p ‖ q)')) - 0.3113) < 0.01);
  await of.getByRole('button', { name: 'One part' }).first().click();
  assert.equal(await of.locator('.handle').count(), 3);
});

test('KL is 0.5 nat both ways for the lecture’s pair, and in bits on demand', options, async () => {
  const page = await explorer.open('/theory?at=divergence');
  const of = figure(page, 'What KL and JS are the areas of');
  assert.equal(await reading(of, 'KL(q ‖ p)'), '2.9014 nat');
  await of.getByRole('button', { name: 'N(0, 1) and N(1, 1)' }).click();
  assert.equal(await reading(of, 'KL(p ‖ q)'), '0.5000 nat');
  assert.equal(await reading(of, 'KL(q ‖ p)'), '0.5000 nat');
  await of.getByRole('button', { name: 'bit', exact: true }).click();
  assert.equal(await reading(of, 'KL(p ‖ q)'), '0.7213 bit');
  assert.equal(await reading(of, 'JS(p ‖ q)'), '0.1607 bit');
});

test('Keys move what a mouse drags: the spiral’s radius is exact at every step length', options, async () => {
  const page = await explorer.open('/theory?at=bilinear');
  const of = figure(page, 'A spiral and an orbit');
  assert.equal(await reading(of, 'radius after t simultaneous steps'), (1.01 ** 63).toFixed(8));
  await slider(of, 'steps t').focus();
  await page.keyboard.press('ArrowLeft');
  assert.equal(await reading(of, 'radius after t simultaneous steps'), (1.01 ** 62.5).toFixed(8));
  await put(of, /^step length/, 0.5);
  assert.equal(await reading(of, 'radius after t simultaneous steps'), (1.25 ** 62.5).toFixed(8));
  assert.equal(await of.locator('.readings .same').count(), 2);
  const knob = of.locator('.handle').first();
  await knob.scrollIntoViewIfNeeded();
  const at = await knob.boundingBox();
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  await page.mouse.down();
  await page.mouse.move(at.x + at.width / 2, at.y - 60, { steps: 3 });
  await page.mouse.up();
  assert.ok(Number(await slider(of, 'y at the beginning').inputValue()) > 0.5);
  assert.equal(await of.locator('.readings .same').count(), 2);
  const steps = Number(await slider(of, 'steps t').inputValue());
  await of.getByRole('button', { name: 'Play', exact: true }).click();
  await eventually(async () => Number(await slider(of, 'steps t').inputValue()) > steps + 3, true);
  await of.getByRole('button', { name: 'Pause' }).click();
});

test('The losses, their slopes, and where the gradient vanishes', options, async () => {
  const page = await explorer.open('/theory?at=losses');
  const losses = figure(page, 'What G descends, and how steep it is');
  await put(losses, /^D of a fake/, 0.5);
  assert.equal(await reading(losses, 'log(1 − D)'), '-0.693');
  assert.equal(await reading(losses, '−log D'), '0.693');
  const vanishing = figure(page, 'The gradient that each fake gets behind the best D');
  await put(vanishing, /^d, how far/, 8);
  assert.ok((await number(vanishing, 'mean gradient, log(1 − D)')) < 0.01 || (await reading(vanishing, 'mean gradient, log(1 − D)')).includes('10'));
  assert.ok((await number(vanishing, 'mean gradient, −log D')) > 7.9);
});

test('A discriminator that is trained comes nearer to the best one', options, async () => {
  const page = await explorer.open('/theory?at=learned');
  const of = figure(page, 'A discriminator that learns, against the best one');
  const before = await number(of, 'error of D');
  for (let i = 0; i < 4; ++i) await of.getByRole('button', { name: '100 updates' }).click();
  assert.equal(await reading(of, 'updates'), '400');
  assert.ok((await number(of, 'error of D')) < before / 2);
  await of.getByRole('button', { name: 'Train', exact: true }).click();
  await eventually(async () => (await number(of, 'updates')) > 420, true);
  await of.getByRole('button', { name: 'Pause' }).click();
});

test('Without a run the digits are judged by the page’s own classifier, and it says so', options, async () => {
  const page = await explorer.open('/theory?at=generative');
  const of = figure(page, 'Noise that shifts the class of a digit, live');
  await of.locator('.note-box', { hasText: 'ganymede train quick' }).waitFor();
  await eventually(() => of.locator('.verdict-line').textContent().then((words) => /shifted|Still/.test(words)), true);
  await put(of, 'size of the noise', 0);
  await eventually(() => of.locator('.verdict-line').textContent().then((words) => words.startsWith('Still')), true);
  await put(of, 'size of the noise', 0.6);
  await eventually(() => of.locator('.verdict-line').textContent().then((words) => words.includes('shifted')), true);
  assert.deepEqual(page.faults, []);
});

test('What a score is blind to is seen in the numbers', options, async () => {
  const page = await explorer.open('/theory?at=metrics');
  const of = figure(page, 'What each score sees of the same failure');
  await of.getByRole('button', { name: 'copies of the reals' }).click();
  assert.equal(await reading(of, 'one_nn'), '0.00');
  assert.equal(await reading(of, 'precision'), '1.00');
  await of.getByRole('button', { name: 'one Gaussian of the same moments' }).click();
  assert.ok((await number(of, 'frechet')) < 0.2);
  assert.ok((await number(of, 'high_quality')) < 0.6);
  await of.getByRole('button', { name: 'collapse', exact: true }).click();
  assert.equal(await reading(of, 'modes of 8'), '1');
  assert.ok((await number(of, 'precision')) > 0.9 && (await number(of, 'recall')) < 0.2);
});

test('Families that lack what is ticked step back', options, async () => {
  const page = await explorer.open('/theory?at=families');
  const of = figure(page, 'Which family do you need?');
  await of.getByRole('checkbox', { name: 'samples at once' }).check();
  await of.getByRole('checkbox', { name: 'a training that is stable' }).check();
  assert.deepEqual(await of.locator('tbody tr:not(.back) th').evaluateAll((all) => all.map((one) => one.firstChild.textContent.trim())), ['flows', 'prescribed']);
});

test('The film of three weights goes down, and its step stands in the address', options, async () => {
  const page = await explorer.open('/theory?at=descent&descent=-2,2,0.3,0.25,300');
  const of = figure(page, 'The landscape moves under the point');
  assert.match(await reading(of, 'weights'), /−1\.47\d$/);
  assert.equal(await reading(of, 'steps that climbed so far'), '0');
  await of.getByRole('button', { name: 'To the beginning' }).click();
  assert.equal(await reading(of, 'loss'), '1.19');
  await of.getByRole('button', { name: 'Play the film' }).click();
  await eventually(async () => (await number(of, 'loss')) < 1, true);
  await of.getByRole('button', { name: 'Pause' }).click();
});

test('Directions: held fast, the second attribute stays', options, async () => {
  const page = await explorer.open('/theory?at=latent');
  const of = figure(page, 'Two attributes of a latent space, and what moving one does to the other');
  assert.ok((await number(of, 'the second attribute changes by')) > 0.5);
  await of.getByRole('button', { name: 'n₁, n₂ held fast' }).click();
  assert.equal(await reading(of, 'the second attribute changes by'), '0.000');
  assert.ok((await number(of, 'the first attribute changes by')) > 0.5);
});

for (const [words, how] of [['on a wide screen', {}], ['in the dark', { dark: true }], ['on a phone', { phone: true }], ['on a phone in the dark', { phone: true, dark: true }]]) {
  test(`No serious fault ${words}, and nothing to push sideways`, options, async () => {
    const page = await explorer.open('/theory', how);
    await eventually(() => page.locator('.verdict-line').textContent().then((text) => /shifted|Still/.test(text)), true);
    assert.deepEqual(await serious_faults(page), []);
    assert.equal(await sideways(page), 0);
    assert.deepEqual(page.faults, []);
  });
}

test('Nothing jumps while the page settles and figures move', options, async () => {
  const page = await explorer.open('/theory?at=optimal');
  const of = figure(page, 'The best discriminator of two densities, and what it is worth');
  const tops = () => page.locator('.theory section h2, figure.exhibit').evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top + scrollY)));
  await eventually(() => page.locator('.verdict-line').textContent().then((text) => /shifted|Still/.test(text)), true);
  const before = await tops();
  for (const mean of [-6, -1.5, 3, 7.5]) await put(of.locator('.of-fakes'), 'mean', mean);
  assert.deepEqual(await tops(), before);
});

test('With a run of digits its own classifier judges, live', options, async () => {
  const own = await start_explorer({
    runs: async (folder) => {
      await train(folder, 'digits', kTiny);
      await train(folder, 'points', { 'data.builtin_count': 512, 'train.batch': 64, 'train.epochs': 1, 'generator.widths': '[16]', 'discriminator.widths': '[16]' }, 'ring');
      await ganymede('map', 'digits', '--runs', folder, '--resolution', '5', '--quiet'); // fits the classifier of the digits
    },
  });
  try {
    const page = await own.open('/theory?at=generative');
    const of = figure(page, 'Noise that shifts the class of a digit, live');
    await eventually(() => of.getByRole('combobox', { name: 'judge' }).evaluate((select) => [...select.options].map(({ value }) => value)), ['digits', 'own']);
    await of.locator('figcaption', { hasText: 'a classifier of builtin-digits' }).waitFor();
    assert.equal(await of.locator('.note-box').count(), 0);
    await put(of, 'size of the noise', 0);
    await eventually(() => of.locator('.verdict-line').textContent().then((words) => words.startsWith('Still')), true);
    // What POST classify says of the picture, to the digit that is shown.
    const shown = await of.locator('.class-bars td.number').allTextContents();
    const said = await page.evaluate(async () => {
      const ask = async (path, body) => {
        const response = await fetch(`/api/v1/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ run: 'digits', ...body }) });
        const bytes = await response.arrayBuffer(), head_bytes = new DataView(bytes).getUint32(0, true);
        return { bytes: bytes.slice(8 + head_bytes), head: JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, head_bytes))) };
      };
      const look = await ask('look', { seed: 0 });
      const picture = look.head.arrays.find((one) => one.name === 'picture');
      const levels = new Uint8Array(look.bytes, picture.offset, 784);
      const { bytes, head } = await ask('classify', { pictures: Array.from(levels, (level) => level / 127.5 - 1) });
      return [...new Float32Array(bytes, head.arrays[0].offset, 10)];
    });
    said.forEach((p, k) => assert.ok(Math.abs(parseFloat(shown[k]) - 100 * p) < 0.11, `class ${k}: ${shown[k]}, ${100 * p}`));
    // Noise that is aimed makes the class less likely; that is no picture to be sure of, so perhaps it stays the likeliest.
    const own_class = said.indexOf(Math.max(...said));
    await put(of, 'size of the noise', 0.5);
    await eventually(async () => parseFloat(await of.locator('.class-bars td.number').nth(own_class).textContent()) < 100 * said[own_class] - 0.3, true);
    assert.equal(await of.getByRole('link', { name: 'The latent space of digits' }).getAttribute('href'), '/run/digits/space');
    // And panels of other pages lead here.
    await page.goto(`${own.url}/run/digits`);
    await page.getByRole('link', { name: 'Theory: Losses' }).first().click();
    await eventually(() => page.locator('#losses').evaluate((section) => Math.abs(section.getBoundingClientRect().top) < 60), true);
    assert.deepEqual(page.faults, []);
  } finally {
    await own.stop();
  }
});
