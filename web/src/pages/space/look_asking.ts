// The page's end of look_worker.ts.
import { ApiError, post_frame } from '../../api/client';
import type { Frame } from '../../api/frames';
import type { LookAnswer, LookWish } from './look_worker';

interface Waiting {
  body: object;
  resolve: (frame: Frame) => void;
  reject: (fault: unknown) => void;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | null | undefined;
let count = 0;

function begin(): Worker | null {
  try {
    const made = new Worker(new URL('./look_worker.ts', import.meta.url), { type: 'module' });
    made.onmessage = ({ data }: MessageEvent<LookAnswer>) => {
      const one = waiting.get(data.number);
      waiting.delete(data.number);
      if ('frame' in data) one?.resolve(data.frame);
      else one?.reject(new ApiError(data.status, data.sentence));
    };
    // A browser that starts none, or a server that went before it was loaded: the page asks by itself.
    made.onerror = () => {
      worker = null;
      for (const { body, resolve, reject } of waiting.values()) post_frame('/look', body).then(resolve, reject);
      waiting.clear();
    };
    return made;
  } catch {
    return null;
  }
}

/** The answer to POST /look. @throws ApiError */
export function ask_look(body: object): Promise<Frame> {
  if (worker === undefined) worker = begin();
  if (!worker) return post_frame('/look', body);
  const wish: LookWish = { number: ++count, body };
  return new Promise((resolve, reject) => {
    waiting.set(wish.number, { body, resolve, reject });
    worker!.postMessage(wish);
  });
}
