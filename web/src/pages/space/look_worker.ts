// Asks for looks beside the page's own thread, whose time belongs to painting: a request and its answer would cost it as much as the
// picture does.
import { ApiError, post_frame } from '../../api/client';
import type { Frame } from '../../api/frames';

export interface LookWish {
  number: number;
  body: object;
}
export type LookAnswer = { number: number } & ({ frame: Frame } | { status: number; sentence: string });

const page = self as unknown as { onmessage: ((event: MessageEvent<LookWish>) => void) | null; postMessage: (answer: LookAnswer, moved?: Transferable[]) => void };

page.onmessage = async ({ data: { number, body } }) => {
  try {
    const frame = await post_frame('/look', body);
    page.postMessage({ number, frame }, Object.values(frame.arrays).map(({ values }) => values.buffer));
  } catch (fault) {
    page.postMessage({ number, status: fault instanceof ApiError ? fault.status : 0, sentence: (fault as Error).message });
  }
};
