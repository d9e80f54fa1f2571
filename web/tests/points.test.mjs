// The page Space of points: the walk in z moves a point through the plane of the data.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { eventually, serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

const set = (more) => ({ 'data.builtin_count': 512, 'train.batch': 64, 'train.epochs': 3, 'generator.widths': '[16]', 'discriminator.widths': '[16]', ...more });

// Points near their own conditions, over a square.
function table_of_points() {
  const rows = ['x,y,condition_x,condition_y'];
  for (let i = 0; i < 400; ++i) {
    const [a, b] = [((i % 20) - 9.5) / 10, (Math.floor(i / 20) - 9.5) / 10];
    rows.push([a + 0.03 * Math.sin(7 * i), b + 0.03 * Math.cos(5 * i), a, b].join());
  }
  return rows.join('\n') + '\n';
}

let explorer;
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer({
    runs: async (folder) => {
      await train(folder, 'flat', set({}), 'grid');
      await train(folder, 'wide', set({ 'train.epochs': 1 }), 'ring');
      await train(folder, 'line', set({ 'train.epochs': 1 }), 'normal-1d');
      await writeFile(join(folder, 'given.csv'), table_of_points());
      await train(folder, 'given', {
        'data.source': join(folder, 'given.csv'), 'game.ema_decay': 0, 'latent.dim': 2, 'train.batch': 100, 'train.epochs': 150,
        'generator.condition': 'vector', 'discriminator.condition': 'vector', 'generator.widths': '[64,64]', 'discriminator.widths': '[64,64]',
        'generator.optimizer.learning_rate': 1e-3, 'discriminator.optimizer.learning_rate': 1e-3,
      }, 'normal-1d');
    },
  });
});
after(() => explorer?.stop());
const options = { skip: skip_reason, timeout: 400_000 };

const point_of = async (page) => (await page.locator('.point-words').textContent()).match(/-?[\d.]+(e-?\d+)?/g).map(Number);
const shown = async (page) => {
  await page.locator('.point-mark.now').first().waitFor({ state: 'attached' });
  await eventually(async () => (await page.locator('.point-words').textContent()).length > 3, true);
};
// The point, once neither it nor the address has changed for a while: both follow the hand at their own pace.
async function settled(page) {
  for (let last = ''; ;) {
    const point = await point_of(page);
    const now = `${point.join()} ${page.url()}`;
    if (now === last) return point;
    last = now;
    await page.waitForTimeout(700);
  }
}
const ground = (page) => page.locator('canvas.generated').evaluate((canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].join());

test('The point that G makes lies among the reals and over what D says', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  await eventually(async () => new Set((await ground(page)).split(',')).size > 20, true);
  const [x, y] = await point_of(page);
  // As POST look has it.
  const answer = await page.evaluate(async () => {
    const response = await fetch('/api/v1/look', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ run: 'flat', z: [0.5, -0.25] }) });
    const bytes = await response.arrayBuffer();
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, new DataView(bytes).getUint32(0, true))));
    const { offset } = head.arrays.find((one) => one.name === 'points');
    return [...new Float32Array(bytes.slice(8 + new DataView(bytes).getUint32(0, true) + offset).slice(0, 8))];
  });
  assert.ok(Math.abs(x - answer[0]) < 1e-3 && Math.abs(y - answer[1]) < 1e-3, `${x} ${y} and ${answer}`);
  assert.match(await page.locator('.plane-box svg').getAttribute('aria-label'), /Generated point \(.*; D takes it for real with \d+ %/);
  assert.equal(await page.locator('.layers').count(), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Keys and mouse walk, and the way stays behind the point', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  const before_ = await point_of(page);
  await page.locator('.pad').focus();
  for (let i = 0; i < 5; ++i) await page.keyboard.press('Shift+ArrowRight');
  await eventually(async () => (await point_of(page)).join() !== before_.join(), true);
  await eventually(async () => (await page.locator('.trail').count()) > 0, true);
  const after_keys = await point_of(page);
  const box = await page.locator('.pad').boundingBox();
  await page.mouse.click(box.x + 0.2 * box.width, box.y + 0.7 * box.height);
  await eventually(async () => (await point_of(page)).join() !== after_keys.join(), true);
  // The link opens the same view.
  const here = await settled(page);
  const again = await explorer.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await shown(again);
  await eventually(async () => (await point_of(again)).join(), here.join());
  assert.deepEqual(page.faults, []);
  await again.context().close();
  await page.context().close();
});

test('Each epoch has its own plane', options, async () => {
  const page = await explorer.open('/run/flat/space?z=0.5,-0.25');
  await shown(page);
  await eventually(async () => new Set((await ground(page)).split(',')).size > 20, true);
  const newest = await ground(page);
  await page.getByRole('slider', { name: 'Epoch' }).fill('0');
  await eventually(async () => (await ground(page)) !== newest, true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Spaces of many dimensions are walked by planes, and a line shows both densities', options, async () => {
  const page = await explorer.open('/run/wide/space');
  await shown(page);
  await page.getByLabel('Kind of directions').selectOption('principal');
  const was = await point_of(page);
  await page.locator('.pad').focus();
  await page.keyboard.press('Shift+ArrowUp');
  await eventually(async () => (await point_of(page)).join() !== was.join(), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
  const line = await explorer.open('/run/line/space');
  await line.locator('.mark-line.now').waitFor({ state: 'attached' });
  await eventually(async () => new Set((await ground(line)).split(',')).size > 3, true);
  const there = await point_of(line);
  await line.getByRole('slider', { name: 'z1' }).focus();
  for (let i = 0; i < 20; ++i) await line.keyboard.press('ArrowRight');
  await eventually(async () => (await point_of(line)).join() !== there.join(), true);
  assert.equal(await line.locator('.error').count(), 0);
  assert.deepEqual(line.faults, []);
  await line.context().close();
});

test('A condition moves the point to where the data have it, and stands in the address', options, async () => {
  const page = await explorer.open('/run/given/space?z=0.1,-0.1');
  await shown(page);
  const near = async (x, y) => {
    const point = await point_of(page);
    return Math.hypot(point[0] - x, point[1] - y) < 0.3;
  };
  for (const [x, y] of [[0.7, -0.6], [-0.5, 0.5]]) {
    await page.getByRole('spinbutton', { name: /condition 1|c1/ }).fill(String(x));
    await page.getByRole('spinbutton', { name: /condition 2|c2/ }).fill(String(y));
    await eventually(() => near(x, y), true);
  }
  await eventually(() => page.evaluate(() => new URLSearchParams(location.search).get('condition')), '-0.5,0.5');
  const here = await settled(page);
  const copy = await explorer.open(await page.evaluate(() => location.pathname + location.search));
  await shown(copy);
  await eventually(async () => (await point_of(copy)).join(), here.join());
  assert.deepEqual([...page.faults, ...copy.faults, ...(await serious_faults(copy))], []);
  for (const one of [page, copy]) await one.context().close();
});

test('It can be read by everybody, on a phone too', options, async () => {
  for (const how of [{}, { dark: true }, { phone: true }]) {
    const page = await explorer.open('/run/flat/space?z=0.5,-0.25', how);
    await shown(page);
    assert.deepEqual(await serious_faults(page), []);
    assert.equal(await sideways(page), 0);
    await page.context().close();
  }
});
