// Asks the server (docs/api.md). Errors carry its sentence.
import { decode_frames, type Frame, FrameReader } from './frames';

export const kApi = '/api/v1';
let token = '';

/** Takes the token out of the link that `ganymede serve` printed, and out of the address: a copied link does not give it away. */
export function take_token(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  try {
    if (given) sessionStorage.setItem('token', given);
    token = given ?? sessionStorage.getItem('token') ?? '';
  } catch {
    token = given ?? '';
  }
  if (given) history.replaceState(null, '', location.pathname + location.search);
}

/** Whether changes can be asked for: without the token the page only shows. */
export function has_token(): boolean {
  return token !== '';
}

export class ApiError extends Error {
  constructor(
    /** 0: there was no answer at all. */
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(kApi + path, init);
  } catch (fault) {
    if ((fault as Error).name === 'AbortError') throw fault;
    throw new ApiError(0, 'The server does not answer: is `ganymede serve` still running?');
  }
  if (response.ok) return response;
  let sentence = `${response.status} ${response.statusText}`;
  try {
    sentence = ((await response.json()) as { error?: string }).error ?? sentence;
  } catch {
    // no JSON: the status is all there is
  }
  if (response.status === 401 && token) sentence = 'This page’s link is of a server that has ended: open the link that `ganymede serve` printed when it was started again.';
  throw new ApiError(response.status, sentence);
}

export async function get_json<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, { signal })).json()) as T;
}

function body_of(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json', ...(token ? { 'X-Ganymede-Token': token } : {}) }, body: JSON.stringify(body) };
}

/** Asks for a change. */
export async function post_json<T>(path: string, body: unknown): Promise<T> {
  return (await (await ask(path, body_of(body))).json()) as T;
}

/** One frame: a look. */
export async function post_frame(path: string, body: unknown, signal?: AbortSignal): Promise<Frame> {
  return the_frame(await ask(path, { ...body_of(body), signal }));
}

/** Asked for as the page goes: it is sent although nobody waits for the answer. */
export function post_last(path: string, body: unknown): void {
  ask(path, { ...body_of(body), keepalive: true }).catch(() => {});
}

export async function get_frame(path: string, signal?: AbortSignal): Promise<Frame> {
  return the_frame(await ask(path, { signal }));
}

async function the_frame(response: Response): Promise<Frame> {
  const [frame] = decode_frames(new Uint8Array(await response.arrayBuffer()));
  if (!frame) throw new ApiError(0, 'The server broke off its answer.');
  return frame;
}

/** Frames as they come: a map or a walk. A fault within is thrown. */
export async function* post_frames(path: string, body: unknown, signal?: AbortSignal): AsyncGenerator<Frame> {
  const response = await ask(path, { ...body_of(body), signal });
  const reader = new FrameReader();
  let done = false;
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    for (const frame of reader.take(bytes)) {
      const { error } = frame.head as { error?: string };
      if (error) throw new ApiError(error === 'overtaken' ? 409 : 500, error);
      done ||= (frame.head as { done?: boolean | number }).done === true;
      yield frame;
    }
  }
  if (!done) throw new ApiError(0, 'The server broke off its answer.');
}

/** The address of a file of a run. */
export function file_address(run: string, file: string): string {
  return `${kApi}/runs/${encodeURIComponent(run)}/files/${file.split('/').map(encodeURIComponent).join('/')}`;
}
