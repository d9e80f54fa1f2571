// The frame: each address shows its page, without faults.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { serious_faults, sideways, skip_reason, start_explorer, train } from './harness.mjs';

let explorer;
before(async () => {
  if (!skip_reason) explorer = await start_explorer({ runs: (folder) => train(folder, 'a') });
});
after(() => explorer?.stop());

for (const path of ['/', '/run/a', '/compare', '/run/a/space']) {
  test(`${path} opens without faults of script, policy or access`, { skip: skip_reason }, async () => {
    for (const look of [{}, { phone: true, dark: true }]) {
      const page = await explorer.open(path, look);
      assert.deepEqual(await serious_faults(page), []);
      assert.equal(await sideways(page), 0);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  });
}

test('An address without a page says so', { skip: skip_reason }, async () => {
  const page = await explorer.open('/nowhere/at/all');
  assert.match(await page.textContent('main'), /There is no page at this address/);
  await page.context().close();
});

test('The token leaves the address at once', { skip: skip_reason }, async () => {
  const page = await explorer.open('/');
  assert.doesNotMatch(page.url(), /token/);
  await page.context().close();
});
