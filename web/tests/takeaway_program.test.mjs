// The page's pictures against those of the program: small runs are trained and exported, and 1,000 points of each compared.
// GANYMEDE: the program, else build/release/ganymede. GANYMEDE_TAKEAWAY_RUNS: folders of further runs to compare, with ":" between.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';

import { program } from './harness.mjs';
import { load } from './takeaway_models.mjs';

const skip = !existsSync(program) ? `there is no ${program}` : !execFileSync(program, ['--help']).includes('\n  export') ? `${program} has no command “export”` : false;

const folder = mkdtempSync(join(tmpdir(), 'takeaway-'));
after(() => rmSync(folder, { recursive: true }));
const ganymede = (runs, ...words) => execFileSync(program, [...words, '--quiet', '--threads', '1'], { env: { ...process.env, GANYMEDE_RUNS: runs }, stdio: ['ignore', 'pipe', 'inherit'] });

/** The arrays of an NPZ file (a zip archive whose members are stored), as typed arrays. */
function read_npz(file) {
  const bytes = readFileSync(file), arrays = {};
  let end = bytes.length - 22; // of the central directory
  while (bytes.readUInt32LE(end) !== 0x06054b50) --end;
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; --left) {
    const [method, size, name_size, extra, comment, local] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 24), bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    assert.equal(method, 0);
    const name = bytes.toString('latin1', at + 46, at + 46 + name_size);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const npy = bytes.subarray(start, start + size), head = npy.readUInt16LE(8);
    const kind = /'descr': '([^']*)'/.exec(npy.toString('latin1', 10, 10 + head))[1];
    const data = new Uint8Array(npy.subarray(10 + head)).buffer;
    arrays[name.replace('.npy', '')] = { '<f4': () => new Float32Array(data), '<i8': () => BigInt64Array.from(new BigInt64Array(data)), '<i4': () => new Int32Array(data) }[kind]?.();
    at += 46 + name_size + extra + comment;
  }
  return arrays;
}

/** The model within an exported page. */
function model_in(file) {
  const found = /<script type="application\/json" id="ganymede-model">([^]*?)<\/script>/.exec(readFileSync(file, 'utf8'));
  return JSON.parse(found[1]);
}

/** Exports a run and compares 1,000 points; the largest difference in levels, and how many values differ by one. */
async function compare(runs, run) {
  const { Generator } = await load('engine.ts');
  const { picture_of } = await load('desk.ts');
  ganymede(runs, 'export', run, '--html', join(folder, 'page.html'));
  const model = model_in(join(folder, 'page.html'));
  const count = 1000, { dim } = model.latent;
  ganymede(runs, 'sample', run, '--n', String(count), '--seed', '7', '-o', join(folder, 'samples.npz'));
  const { images, z, labels } = read_npz(join(folder, 'samples.npz'));
  const size = images.length / count;
  const generator = new Generator(model);
  let worst = 0, off = 0;
  for (let i = 0; i < count; ++i) {
    const found = picture_of(model, generator.run(z.subarray(i * dim, (i + 1) * dim), labels ? Number(labels[i]) : 0));
    const wanted = picture_of(model, images.subarray(i * size, (i + 1) * size));
    for (let k = 0; k < size; ++k) {
      const far = Math.abs(found[k] - wanted[k]) * (model.kind === 'ink' ? 127.5 : 1);
      worst = Math.max(worst, far);
      if (far > 0.5) ++off;
    }
  }
  return { worst, off: off / (count * size) };
}

const tiny = ['data.builtin_count=96', 'generator.width=4', 'discriminator.width=4', 'train.batch=16', 'train.sample_grid=16'];
const digits = ['data.source=builtin-digits', ...tiny];
const kinds = {
  'digits-2d': digits,
  'digits-3d': [...digits, 'generator.activation=prelu', 'generator.norm=layer'],
  'digits-4d': [...digits, 'generator.activation=elu', 'generator.norm=none'],
  'digits-cgan-3d': digits,
  dcgan: [...digits, 'generator.activation=relu'],
  'landscapes-quick': tiny,
  'ink-quick': tiny,
};
for (const [recipe, settings] of Object.entries(kinds)) {
  test(`Takeaway.EqualsTheProgramOn1000PointsOf_${recipe}`, { skip }, async () => {
    ganymede(folder, 'train', recipe, '--run', recipe, '--epochs', '1', ...settings.flatMap((one) => ['--set', one]));
    const { worst } = await compare(folder, recipe);
    assert.ok(worst <= 1, `it differs by ${worst}/255`);
  });
}
for (const run of (process.env.GANYMEDE_TAKEAWAY_RUNS ?? '').split(':').filter(Boolean)) {
  test(`Takeaway.EqualsTheProgramOn1000PointsOf_${basename(run)}`, { skip }, async (t) => {
    const { worst, off } = await compare(dirname(run), basename(run));
    t.diagnostic(`${run}: at most ${worst.toFixed(2)}/255, ${(100 * off).toFixed(3)} % of the values differ by a level`);
    assert.ok(worst <= 1, `it differs by ${worst}/255`);
  });
}
