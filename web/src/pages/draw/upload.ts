// A file of ink becomes a set: in pieces, since a request has a bounded size. The server reads every symbol as it reads a file's,
// and shows the set when the last piece is there: a file that is wrong somewhere leaves nothing.
import { ApiError, post_json } from '../../api/client';

const kPieceBytes = 150_000;
const kPieceSymbols = 500;
const kMostBytes = 32 << 20;
const kKeys = ['schema', 'classes', 'lines', 'symbols'];

interface Ink {
  schema?: unknown;
  classes?: unknown;
  lines?: unknown;
  symbols?: unknown;
}

/** Lists of symbols, each small enough for a request. */
export function pieces_of(symbols: unknown[]): unknown[][] {
  const pieces: unknown[][] = [];
  let size = Infinity;
  for (const symbol of symbols) {
    const bytes = new TextEncoder().encode(JSON.stringify(symbol)).length;
    if (size + bytes > kPieceBytes || pieces.at(-1)!.length === kPieceSymbols) {
      pieces.push([]);
      size = 0;
    }
    pieces.at(-1)!.push(symbol);
    size += bytes;
  }
  return pieces;
}

/** "My letters (1).json" becomes "My-letters-1". */
export function set_name(file: string): string {
  const name = file.replace(/\.json$/i, '').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[-_]+|-+$/g, '').slice(0, 60);
  return name || 'uploaded';
}

/** Whether a set can have this name, but for those that are taken (own_ink.hpp). */
export function is_set_name(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/.test(name);
}

/** The name itself, else with the first number that makes it another: "mine-2". */
export function free_name(name: string, taken: string[]): string {
  for (let i = 1; ; ++i) {
    const one = i === 1 ? name : `${name}-${i}`;
    if (!taken.includes(one)) return one;
  }
}

/** Classes and lines of a set that is to be; where a file lists no classes the server orders its labels. */
export function head_of(ink: Ink): object {
  const lines = 'lines' in ink ? { lines: ink.lines } : {};
  if (Array.isArray(ink.classes)) return { classes: ink.classes, ...lines };
  const labels = (ink.symbols as ({ label?: unknown } | null)[]).map((one) => one?.label).filter((one) => typeof one === 'string');
  return { labels: [...new Set(labels)], ...lines };
}

/** Makes a set of this name of the file; all of it or none. @throws an Error with a sentence of what is wrong. */
export async function upload_ink(file: File, name: string, on_share: (share: number) => void): Promise<void> {
  if (file.size > kMostBytes) throw new Error(`${file.name} is larger than ${kMostBytes >> 20} MB: put it into the data folder by hand, as NAME/ink.json.`);
  let ink: Ink;
  try {
    ink = JSON.parse(await file.text()) as Ink;
  } catch (error) {
    throw new Error(`${file.name} is no JSON: ${(error as Error).message}`);
  }
  if (ink?.schema !== 'ganymede.ink/1') throw new Error(`${file.name}: wanted "schema": "ganymede.ink/1", found ${JSON.stringify(ink?.schema) ?? 'none'}.`);
  const unknown = Object.keys(ink).find((key) => !kKeys.includes(key));
  if (unknown !== undefined) throw new Error(`${file.name}: unknown key "${unknown}", wanted ${kKeys.join(', ')}.`);
  if (!Array.isArray(ink.symbols)) throw new Error(`${file.name}: "symbols" is no list.`);
  if ('classes' in ink && !Array.isArray(ink.classes)) throw new Error(`${file.name}: "classes" is no list.`);
  if ('lines' in ink && (typeof ink.lines !== 'object' || !ink.lines)) throw new Error(`${file.name}: "lines" is no object.`);
  let upload = '';
  try {
    ({ upload } = await post_json<{ upload: string }>('/ink', { action: 'begin', name, ...head_of(ink) }));
    const pieces = pieces_of(ink.symbols);
    let first = 0;
    for (const [i, symbols] of pieces.entries()) {
      await post_json('/ink', { action: 'add', upload, first, symbols });
      first += symbols.length;
      on_share((i + 1) / pieces.length);
    }
    await post_json('/ink', { action: 'finish', upload, name });
  } catch (error) {
    if (upload) await post_json('/ink', { action: 'cancel', upload }).catch(() => {}); // else the server does, a day later
    if (error instanceof ApiError && error.status === 409) throw error; // the name was taken meanwhile: another is asked for
    throw new Error(`${file.name}, of which nothing was kept: ${(error as Error).message.replace(/^the request\./, '')}`);
  }
}
