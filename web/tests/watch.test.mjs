// The page Watch, as a reader uses it.
import assert from 'node:assert/strict';
import { copyFile, cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { append_events, change_info, write_maps, write_score } from './fixtures.mjs';
import { eventually, kTiny, serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

const kHtml = '<b onclick=alert(1)>bold</b>';
let explorer;
before(async () => {
  if (skip_reason) return;
  explorer = await start_explorer({
    runs: async (folder) => {
      const run = (name) => join(folder, name);
      await train(folder, 'plain');
      for (const name of ['rich', 'gone', 'again', 'huge']) await cp(run('plain'), run(name), { recursive: true });
      await train(folder, 'other', { ...kTiny, 'train.seed': 9, 'generator.width': 3 });
      await train(folder, 'two', { ...kTiny, 'train.epochs': 0, 'train.steps': 2 });
      await mkdir(run('broken'));
      await writeFile(join(run('broken'), 'run.json'), 'no JSON');
      await write_maps(run('rich'), [1, 2, 3]);
      await copyFile(join(run('rich'), 'samples/latest.png'), join(run('rich'), 'film.gif'));
      await write_score(run('rich'), 'frechet500_builtin-digits_v1', { value: 12.5, low: 11, high: 14, floor: 1.9, protocol: `features ${kHtml}` });
      await write_score(run('rich'), 'modes500_builtin-digits_v1', { value: 7, better: 'higher', floor: 10 });
      await writeFile(join(run('rich'), 'measures/broken.json'), '{');
      await append_events(run('rich'), [
        { event: 'warning', step: 12, epoch: 2, reason: 'loss', player: 'generator', loss: 20000 },
        { event: 'warning', step: 12, epoch: 2, sentence: `D wins ${kHtml}`, evidence: 'accuracies above 0.99', remedy: 'a smaller rate for D' },
        { event: 'warning', step: 12, epoch: 2, since_epoch: 1, reason: 'collapse', sentence: 'few kinds', evidence: '10 %', remedy: 'game.pack = 2' },
        { event: 'warning', step: 12, epoch: 2, since_epoch: 1, reason: 'plateau', sentence: 'no better', evidence: '0.7', remedy: 'wider networks' },
        { event: 'recovered', step: 13, epoch: 3, reason: 'collapse' },
        { event: 'probe', step: 12, epoch: 2, images: 192, cosine: 0.25 },
      ]);
    },
  });
});
after(() => explorer?.stop());
const options = { skip: skip_reason };

const plot = (page, title) => page.locator('.plot', { has: page.getByRole('heading', { name: title, exact: true }) });
const picture = (page) => page.getByRole('img', { name: /Pictures generated/ }).getAttribute('src');
const map = (page) => page.getByRole('img', { name: /Class map of the latent space at/ }).getAttribute('src');
const query = (page) => new URL(page.url()).searchParams;

test('A finished run shows its curves, pictures, settings and files from its folder', options, async () => {
  const page = await explorer.open('/run/plain');
  assert.match(await page.textContent('h1'), /plain/);
  await page.getByText('finished').waitFor();
  for (const title of ['Losses', "Discriminator's loss in its parts", "Discriminator's accuracies", 'Gradient norms', 'Speed']) await plot(page, title).waitFor();
  assert.match(await plot(page, 'Losses').getByRole('img').getAttribute('aria-label'), /by images. At the end: generator [\d.]+, discriminator [\d.]+/);
  assert.match(await plot(page, "Discriminator's accuracies").textContent(), /chance \(0.5\)/);
  assert.match(await picture(page), /epoch-0003.png/);
  assert.match(await page.getByText(/It was not measured yet/).textContent(), /ganymede evaluate plain/);
  assert.equal(await page.getByRole('link', { name: 'Walk its space' }).getAttribute('href'), '/run/plain/space');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('One slider moves pictures, map and the mark of the curves; a copied link opens the same', options, async () => {
  const page = await explorer.open('/run/rich');
  await eventually(() => map(page).then((address) => /epoch-00003/.test(address)), true);
  const slider = page.getByRole('slider', { name: 'Epoch' });
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await slider.getAttribute('aria-valuetext'), 'epoch 1');
  await eventually(async () => /epoch-0001/.test(await picture(page)) && /epoch-00001/.test(await map(page)), true);
  await eventually(() => query(page).get('epoch'), '1');
  assert.match(await page.textContent('main'), /2 classes have an area, the largest 50 %; 25 % changed since epoch 0/);
  assert.match(await plot(page, 'Losses').getByRole('button', { name: /generator/ }).getAttribute('title'), /at 96 images/);
  const value = await plot(page, 'Losses').textContent();

  const other = await explorer.open(`/run/rich${new URL(page.url()).search}`);
  await eventually(async () => /epoch-0001/.test(await picture(other)) && /epoch-00001/.test(await map(other)), true);
  assert.equal(await plot(other, 'Losses').textContent(), value);
  await other.context().close();

  // Keys work without the slider.
  await page.locator('h1').click();
  await page.keyboard.press('Home');
  await eventually(() => query(page).get('epoch'), '0');
  assert.match(await page.textContent('main'), /there are none of epoch 0/); // of the map
  await page.keyboard.press('End');
  await eventually(() => query(page).get('epoch'), null);
  await page.context().close();
});

test('It plays as a film, by key and by button', options, async () => {
  const page = await explorer.open('/run/rich');
  await page.getByLabel('Speed of the film').selectOption('8 / s');
  await page.evaluate(() => {
    globalThis.seen = [];
    const slider = document.querySelector('.time input');
    new MutationObserver(() => globalThis.seen.push(slider.getAttribute('aria-valuetext'))).observe(slider, { attributeFilter: ['aria-valuetext'] });
  });
  await page.keyboard.press('p');
  await eventually(() => page.evaluate(() => globalThis.seen), ['epoch 0', 'epoch 1', 'epoch 2', 'epoch 3']);
  await eventually(() => picture(page).then((address) => /epoch-0003/.test(address)), true);
  await page.getByLabel('Speed of the film').selectOption('1 / s');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await page.context().close();
});

test('Axis, scale and smoothing stand in the address and hold for all curves', options, async () => {
  const page = await explorer.open('/run/rich');
  await page.getByRole('combobox', { name: 'By' }).selectOption('time');
  await page.getByLabel('Logarithmic').check();
  await page.getByRole('slider', { name: /Smoothing/ }).fill('0.5');
  await eventually(() => [query(page).get('x'), query(page).get('y'), query(page).get('smooth')], ['time', 'log', '0.5']);
  const label = () => plot(page, 'Gradient norms').getByRole('img').getAttribute('aria-label');
  await eventually(() => label().then((words) => /by time/.test(words)), true);
  await page.keyboard.press('Escape');
  await page.locator('h1').click();
  await page.keyboard.press('l');
  await eventually(() => query(page).get('y'), null);
  for (const by of ['epochs', 'steps', 'images']) {
    await page.getByRole('combobox', { name: 'By' }).selectOption(by);
    await eventually(() => label().then((words) => words.includes(`by ${by}`)), true);
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A part of the curves is chosen by dragging or by keys, for all of them; a click goes to that time', options, async () => {
  const page = await explorer.open('/run/rich');
  const area = plot(page, 'Losses').locator('.u-over');
  await page.getByRole('region', { name: 'Warnings' }).waitFor(); // stands above, and comes when it will
  await area.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await area.boundingBox();
  await page.mouse.move(x + 0.2 * width, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 0.6 * width, y + height / 2, { steps: 5 });
  await page.mouse.up();
  await page.getByText(/Shown: \d+ images to 1\d\d images/).waitFor();
  await page.keyboard.press('0');
  await page.getByText(/Shown:/).waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('button', { name: 'Whole run' }).isDisabled(), true);
  await page.keyboard.press('+');
  await page.getByText(/Shown:/).waitFor();
  await page.getByRole('button', { name: 'Whole run' }).click();
  await area.click({ position: { x: 0.34 * width, y: height / 2 } });
  await eventually(() => query(page).get('epoch'), '1');
  await page.context().close();
});

test('A line is hidden by its name, with the keyboard too', options, async () => {
  const page = await explorer.open('/run/plain');
  const name = plot(page, 'Losses').getByRole('button', { name: /discriminator/ });
  await name.focus();
  await page.keyboard.press('Enter');
  await eventually(() => name.getAttribute('aria-pressed'), 'false');
  await page.keyboard.press('Space');
  await eventually(() => name.getAttribute('aria-pressed'), 'true');
  await page.context().close();
});

test('Scores stand with interval, floor, direction and protocol; what cannot be read is named', options, async () => {
  const page = await explorer.open('/run/rich');
  const row = page.getByRole('row', { name: /Fréchet distance/ });
  assert.match(await row.textContent(), /lower is better\s*12\.5\s*11 to 14\s*1\.9\s*500 a side/);
  await row.locator('summary').click();
  await row.getByText(`features ${kHtml}`).waitFor();
  assert.match(await page.getByRole('row', { name: /classes met/ }).textContent(), /higher is better\s*7\s*–\s*10/);
  await page.getByText(/Left out, since they cannot be read: measures\/broken.json/).waitFor();
  await page.context().close();
});

test('Warnings stand with their evidence and remedy, as text; further fields have curves', options, async () => {
  const page = await explorer.open('/run/rich');
  const warnings = page.getByRole('region', { name: 'Warnings' });
  await warnings.getByText(`D wins ${kHtml}`).waitFor();
  assert.match(await warnings.textContent(), /the generator loss rose to 20000.*What shows it: accuracies above 0.99.*What helps: a smaller rate for D/s);
  assert.match(await warnings.textContent(), /few kinds epochs 1 to 3What.*no better since epoch 1What/s);
  await page.getByText(/further curves/).click();
  await plot(page, 'probe: cosine').waitFor();
  assert.equal(await page.getByRole('link', { name: 'film.gif' }).first().getAttribute('href').then((address) => address.split('?')[0]), '/api/v1/runs/rich/files/film.gif');
  await page.context().close();
});

test('Settings: what differs from the recipe, all, and what differs from another run', options, async () => {
  const page = await explorer.open('/run/other');
  const settings = page.locator('section', { has: page.getByRole('heading', { name: 'Settings' }) });
  assert.match(await settings.getByRole('row', { name: /generator.width/ }).first().textContent(), /generator.width3/);
  await settings.getByRole('combobox', { name: 'Show' }).selectOption('all keys');
  await eventually(async () => (await settings.getByRole('row').count()) > 90, true);
  await settings.getByPlaceholder('Filter the keys').fill('seed');
  await eventually(() => settings.getByRole('row').count(), 3);
  await settings.getByPlaceholder('Filter the keys').fill('');
  await settings.getByRole('combobox', { name: 'Show' }).selectOption('what differs from another run');
  await settings.getByRole('combobox', { name: 'Run' }).selectOption('plain');
  await eventually(() => settings.getByRole('row').allTextContents(), ['Keyotherplain', 'train.seed91', 'generator.width32']);
  await page.context().close();
});

test('Files are downloaded by name', options, async () => {
  const page = await explorer.open('/run/plain');
  await page.getByText('Checkpoints (everything needed to go on)').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'checkpoints/step-0000000018.safetensors' }).click()]);
  assert.equal(download.suggestedFilename(), 'step-0000000018.safetensors');
  await page.context().close();
});

test('A run in training: progress and pictures come by themselves; pause, go on, one epoch more, stop after', options, async () => {
  const page = await explorer.open('/');
  const answer = await page.evaluate(
    async ([token, set]) =>
      (await fetch('/api/v1/control', { method: 'POST', headers: { 'X-Ganymede-Token': token }, body: JSON.stringify({ action: 'start', recipe: 'quick', name: 'living', threads: 1, set }) })).json(),
    [explorer.token, { ...kTiny, 'data.builtin_count': 1920, 'train.epochs': 400 }],
  );
  assert.equal(answer.run, 'living');
  await page.goto(`${explorer.url}/run/living`);
  await page.getByText('running', { exact: true }).waitFor();
  const step = async () => Number((await page.locator('.progress').textContent()).match(/step ([\d,]+) of/)?.[1].replaceAll(',', '') ?? 0);
  const first = await step();
  await eventually(async () => (await step()) > first, true);
  await eventually(async () => /left/.test(await page.locator('.progress').textContent()), true);
  await eventually(async () => Number((await page.getByRole('slider', { name: 'Epoch' }).getAttribute('aria-valuetext')).split(' ')[1]) >= 1, true);

  await page.getByRole('button', { name: /Pause/ }).click();
  await page.getByText('paused', { exact: true }).waitFor();
  const paused = await step();
  await page.locator('h1').click();
  await page.keyboard.press('P');
  await page.getByText('running', { exact: true }).waitFor();
  await eventually(async () => (await step()) > paused, true);
  await page.keyboard.press('P');
  await page.getByText('paused', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'One epoch more' }).click();
  await page.getByText('running', { exact: true }).waitFor();
  await page.getByText('paused', { exact: true }).waitFor();
  await eventually(async () => (await step()) % 120, 0);
  const after_epoch = await step();

  assert.equal(await page.getByRole('button', { name: 'Stop after' }).isDisabled(), true);
  await page.getByLabel('Minutes').fill('0.1');
  await page.getByLabel('Minutes').press('Enter');
  await page.getByText('running', { exact: true }).waitFor();
  await page.getByText('paused', { exact: true }).waitFor();
  await eventually(async () => (await step()) > after_epoch, true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A finished run becomes longer by an epoch, and the page follows it again', options, async () => {
  const page = await explorer.open('/run/again');
  await page.getByText('finished', { exact: true }).waitFor();
  const events = async () => (await page.getByText(/\d+ events\./).textContent()).match(/([\d,]+) events/)[1];
  await eventually(async () => Number(await events()) > 20, true);
  const heard = Number(await events());
  await page.getByRole('button', { name: 'One epoch more' }).click();
  await page.getByText('step 24 of 24').waitFor();
  await eventually(async () => Number(await events()) > heard, true);
  await eventually(() => page.getByRole('slider', { name: 'Epoch' }).getAttribute('aria-valuetext'), 'epoch 4');
  await page.context().close();
});

test('A fork goes on from a checkpoint with changed keys, and names its parent', options, async () => {
  const page = await explorer.open('/run/plain');
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Fork of plain' });
  await dialog.getByLabel('Checkpoint').selectOption({ index: 1 });
  await dialog.getByLabel(/Name of the run/).fill('forked');
  await dialog.getByPlaceholder(/batch/).fill('generator.optimizer');
  await dialog.locator('[id="key-generator.optimizer.learning_rate"]').fill('-1');
  await dialog.getByRole('button', { name: 'Fork' }).click();
  assert.match(await dialog.getByRole('alert').textContent(), /learning_rate/);
  await dialog.locator('[id="key-generator.optimizer.learning_rate"]').fill('0.002');
  assert.deepEqual(await serious_faults(page), []);
  await dialog.getByRole('button', { name: 'Fork' }).click();
  await page.waitForURL(/\/run\/forked/);
  await page.getByRole('link', { name: 'plain' }).waitFor();
  assert.match(await page.locator('.progress').textContent(), /fork of plain at step 12/);
  const settings = page.locator('section', { has: page.getByRole('heading', { name: 'Settings' }) });
  await settings.getByRole('combobox', { name: 'Show' }).selectOption('what differs from another run');
  await eventually(() => settings.getByRole('row').allTextContents(), ['Keyforkedplain', 'generator.optimizer.learning_rate0.0020.0005']);
  await page.context().close();
});

test('Without the token there are no controls, and a sentence says why', options, async () => {
  const page = await explorer.open('/run/plain', { token: false });
  await page.getByText('This page only shows').waitFor();
  assert.equal(await page.getByRole('button', { name: /Pause|Go on|Fork|epoch more/ }).count(), 0);
  await page.context().close();
});

test('A run that is removed while it is shown is said to be; what was seen stays', options, async () => {
  const page = await explorer.open('/run/gone');
  await page.getByText('finished', { exact: true }).waitFor();
  await eventually(async () => /\d/.test(await plot(page, 'Losses').textContent()), true);
  await rm(join(explorer.folder, 'gone'), { recursive: true });
  await page.getByRole('alert').getByText('The folder of this run was removed').waitFor();
  assert.equal(await plot(page, 'Losses').count(), 1);
  const never = await explorer.open('/run/nonesuch');
  await never.getByRole('alert').getByText('there is no run "nonesuch"').waitFor();
  await page.context().close();
  await never.context().close();
});

test('A damaged run, and one of two steps, have a page', options, async () => {
  const page = await explorer.open('/run/broken');
  await page.getByText('damaged', { exact: true }).waitFor();
  assert.match(await page.locator('.watch-head .error').textContent(), /run.json/);
  assert.equal(await page.getByRole('button', { name: 'One epoch more' }).isDisabled(), true);
  assert.deepEqual(page.faults, []);
  await page.goto(`${explorer.url}/run/two`);
  await page.getByText('step 2 of 2').waitFor();
  await eventually(async () => /generator [\d.]+/.test(await plot(page, 'Losses').textContent()), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('A run that was resumed from an earlier checkpoint takes its curves back', options, async () => {
  const run = join(explorer.folder, 'cut');
  await cp(join(explorer.folder, 'plain'), run, { recursive: true });
  await change_info(run, { state: 'paused' }); // a finished run's events are not followed
  const size = (await readFile(join(run, 'events.jsonl'))).length;
  const page = await explorer.open('/run/cut');
  const count = async () => Number((await page.getByText(/\d+ events\./).textContent()).match(/([\d,]+) events/)[1].replaceAll(',', ''));
  await eventually(async () => (await count()) > 0, true);
  const before_all = await count();
  const more = (images) => ({ event: 'step', step: images, epoch: 4, images, generator_loss: images, discriminator_loss: 1 });
  await append_events(run, [more(1000), more(2000), more(3000)]);
  await eventually(count, before_all + 3);
  await eventually(async () => /generator 3000/.test(await plot(page, 'Losses').textContent()), false);
  await truncate(join(run, 'events.jsonl'), size);
  await append_events(run, [more(1500)]);
  await eventually(count, before_all + 1);
  await page.context().close();
});

test('300,000 events are drawn, and take little memory', options, async () => {
  const lines = [];
  for (let i = 1; i <= 300_000; ++i) {
    lines.push(`{"event":"step","step":${i},"epoch":0,"images":${16 * i},"generator_loss":${i === 299_000 ? 50 : (i % 7) / 7},"discriminator_loss":${i % 50_000 ? 1 : '"nan"'},"time_seconds":${i / 100}}\n`);
  }
  await writeFile(join(explorer.folder, 'huge/events.jsonl'), lines.join(''));
  const page = await explorer.open('/run/huge');
  await page.getByText('300,000 events.').waitFor();
  const bytes = await page.evaluate(() => performance.memory.usedJSHeapSize);
  assert.ok(bytes < 70e6, `${bytes} bytes`);
  await page.keyboard.press('+');
  await page.getByText(/Shown:/).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Light and dark, wide and narrow: nothing that axe-core calls serious, nothing sideways', options, async () => {
  for (const look of [{ dark: true }, { phone: true }]) {
    const page = await explorer.open('/run/rich', look);
    await page.getByRole('row', { name: /Fréchet distance/ }).waitFor();
    assert.deepEqual(await serious_faults(page), []);
    assert.equal(await sideways(page), 0);
    await page.context().close();
  }
});

test('A dead server is said, and what was heard stays', options, async () => {
  const short = await start_explorer({ runs: (folder) => cp(join(explorer.folder, 'plain'), join(folder, 'plain'), { recursive: true }) });
  try {
    await change_info(join(short.folder, 'plain'), { state: 'paused' });
    const page = await short.open('/run/plain');
    await page.getByText('paused', { exact: true }).waitFor();
    await short.stop_server();
    await page.getByText(/Its events do not arrive at the moment|The server does not answer/).first().waitFor();
    assert.equal(await plot(page, 'Losses').count(), 1);
    await page.context().close();
  } finally {
    await short.stop();
  }
});
