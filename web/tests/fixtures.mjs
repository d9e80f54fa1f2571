// Things that runs of seconds do not have by themselves.
import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A score of measures/ (docs/measures.md). */
export async function write_score(run, name, { value, low = null, high = null, better = 'lower', floor = null, epoch = 3, protocol = 'made up for a test' }) {
  const score = { schema: 'ganymede.score/1', name, value, low, high, count_real: 500, count_fake: 500, floor, count_floor: 250, better, protocol, epoch, step: 18 };
  await mkdir(join(run, 'measures'), { recursive: true });
  await writeFile(join(run, 'measures', `${name}.json`), JSON.stringify(score));
}

/** Class maps: their pictures are those of the samples, since a page only shows them. */
export async function write_maps(run, epochs) {
  await mkdir(join(run, 'maps'), { recursive: true });
  for (const epoch of epochs) {
    await copyFile(join(run, `samples/epoch-${String(epoch).padStart(4, '0')}.png`), join(run, `maps/epoch-${String(epoch).padStart(5, '0')}.png`));
    await append_events(run, [{ event: 'map', step: 6 * epoch, epoch, images: 96 * epoch, points: 100, classes: 1 + epoch, largest_share: 0.5, changed_share: 0.25, since_epoch: epoch - 1, time_seconds: 0.5 }]);
  }
}

export async function append_events(run, events) {
  await appendFile(join(run, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

export async function change_info(run, change) {
  const file = join(run, 'run.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }));
}
