// What the tests of the pages share: a real `ganymede serve` over a temporary folder of runs, a browser, and a look for faults that a
// reader with a screen reader or without a mouse would meet.
//
//   const explorer = await start_explorer({ runs: async (folder) => train(folder, 'a', kTiny) });
//   const page = await explorer.open('/run/a', { phone: true, dark: true });
//   ... await explorer.stop();
//
// $GANYMEDE: the program (else build/release/ganymede). $GANYMEDE_PAGE=sources: the page as built now from web/src, served by a small proxy in
// front of the program; a folder: the page that was built there; without it the page that the program holds, or that of the sources where it
// holds none.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';

const run_file = promisify(execFile);
export const kWeb = fileURLToPath(new URL('..', import.meta.url));
const kChromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const program = process.env.GANYMEDE ?? join(kWeb, '../build/release/ganymede');

/** Why these tests cannot run here, or false: for test(name, { skip: skip_reason }, ...). */
export const skip_reason = !existsSync(join(kWeb, 'node_modules/playwright-core'))
  ? 'no node_modules: run npm ci in web/'
  : !existsSync(kChromium)
    ? 'no Chromium (set CHROMIUM)'
    : !existsSync(program)
      ? `no program at ${program} (set GANYMEDE)`
      : false;

/** Settings of a run that takes about a second. */
export const kTiny = {
  'data.builtin_count': 96, 'generator.width': 2, 'discriminator.width': 2, 'train.batch': 16, 'train.sample_grid': 16, 'train.epochs': 3,
};

/** Runs the program; rejects with what it said where it fails. */
export async function ganymede(...args) {
  return (await run_file(program, args, { maxBuffer: 1 << 26 })).stdout;
}

/** Trains a run of a shipped recipe in `folder`. */
export async function train(folder, name, set = kTiny, recipe = 'quick') {
  const pairs = Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  await ganymede('train', recipe, '--runs', folder, '--run', name, '--threads', '1', '--quiet', ...pairs);
}

/** Starts `ganymede serve`; gives { port, token, stop }. */
async function start_program(folder, options, port = 0) {
  const child = spawn(program, ['serve', '--runs', folder, '--port', String(port), '--json', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let faults = '';
  child.stderr.on('data', (piece) => (faults += piece));
  const facts = await new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`ganymede serve ended: ${faults}`)));
    child.stdout.on('data', (piece) => {
      said += piece;
      try {
        resolve(JSON.parse(said));
      } catch {
        // more is to come
      }
    });
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return {
    ...facts,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

// The built page in `folder` before the program at `port`, with the program's own Content-Security-Policy.
async function start_front(folder, port) {
  const policy = (await fetch(`http://127.0.0.1:${port}/`)).headers.get('content-security-policy') ?? '';
  const server = http.createServer((request, response) => {
    const path = normalize(request.url.split('?')[0]);
    if (!path.startsWith('/api/')) {
      const file = path.startsWith('/assets/') ? join(folder, path) : join(folder, 'index.html');
      if (!existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
      return createReadStream(file).pipe(response);
    }
    const headers = { ...request.headers, host: `127.0.0.1:${port}` };
    if (headers.origin) headers.origin = `http://127.0.0.1:${port}`;
    const asked = http.request({ port, host: '127.0.0.1', path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    response.on('close', () => asked.destroy());
    request.pipe(asked);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, stop: () => (server.closeAllConnections(), server.close()) };
}

/**
 * A server over a new folder of runs, and a browser.
 * `runs(folder)` fills the folder; `options`: further ones of `ganymede serve`.
 */
export async function start_explorer({ runs = async () => {}, options = [] } = {}) {
  const { chromium } = await import('playwright-core');
  const folder = await mkdtemp(join(tmpdir(), 'ganymede-web-'));
  const stops = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    await runs(folder);
    const served = await start_program(folder, options);
    stops.push(served.stop);
    let { port } = served;
    const own = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    const wanted = process.env.GANYMEDE_PAGE;
    if (wanted || !own.includes('id="app"')) {
      const is_built = wanted && wanted !== 'sources';
      const built = is_built ? wanted : await mkdtemp(join(tmpdir(), 'ganymede-page-'));
      if (!is_built) stops.push(() => rm(built, { recursive: true, force: true }));
      if (!is_built) await run_file(process.execPath, [join(kWeb, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', built, '--logLevel', 'error'], { cwd: kWeb });
      const front = await start_front(built, port);
      stops.push(front.stop);
      port = front.port;
    }
    const browser = await chromium.launch({
      executablePath: kChromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic', '--no-first-run'],
    });
    stops.push(() => browser.close());
    const url = `http://127.0.0.1:${port}`;
    return {
      folder, url, token: served.token, browser, stop,
      /** Ends the server alone: the browser stays. */
      stop_server: served.stop,
      /** Starts it again at the same address, with a new token. */
      start_server: async () => stops.push((await start_program(folder, options, served.port)).stop),
      /**
       * A fresh browser at `path` (with the token, unless told otherwise). `page.faults` gathers errors of scripts and of the policy.
       */
      async open(path, { token = true, phone = false, dark = false, width = 1280, height = 720 } = {}) {
        const context = await browser.newContext({
          viewport: phone ? { width: 390, height: 844 } : { width, height },
          colorScheme: dark ? 'dark' : 'light',
          reducedMotion: 'reduce',
          acceptDownloads: true,
        });
        const page = await context.newPage();
        page.setDefaultTimeout(60_000); // on a busy machine a browser takes its time
        page.faults = [];
        page.on('pageerror', (error) => page.faults.push(String(error)));
        page.on('console', (message) => {
          if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) page.faults.push(message.text());
        });
        await page.goto(url + path + (token ? `#token=${served.token}` : ''));
        await page.waitForSelector('main h1, main .error');
        return page;
      },
    };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

/** The faults that axe-core calls serious or critical: a line each, to be []. */
export async function serious_faults(page) {
  await page.evaluate(await readFile(join(kWeb, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}

/** Whether the page is wider than its window: a phone's reader would have to push it sideways. */
export async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Waits until `look()` gives what is wanted (deeply equal); the last it gave is in the error. */
export async function eventually(look, wanted, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    try {
      assert.deepEqual(found, wanted);
      return;
    } catch (fault) {
      if (Date.now() > end) throw fault;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What `look` sees once it has stayed the same for half a second. */
export async function settled(look, ms = 30_000) {
  const end = Date.now() + ms;
  for (let seen = await look(); ;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await look();
    if (isDeepStrictEqual(now, seen) || Date.now() > end) return now;
    seen = now;
  }
}
