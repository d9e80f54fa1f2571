// Asks for looks beside the page's own thread, whose time belongs to painting, and by a web socket, which takes a quarter of a request's
// time; by requests until that is open, and where it is not to be had.
import { ApiError, post_frame } from '../../api/client';
import { decode_frames, type Frame } from '../../api/frames';

export interface LookWish {
  number: number;
  body: object;
}
export type LookAnswer = { number: number } & ({ frame: Frame } | { status: number; sentence: string });

const page = self as unknown as { onmessage: ((event: MessageEvent<LookWish>) => void) | null; postMessage: (answer: LookAnswer, moved?: Transferable[]) => void };

const kRetry = 5000; // ms
let socket: WebSocket | null = null;
let try_again = 0;
/** Asked by the socket, in order: so they are answered. */
const asked: LookWish[] = [];

function give({ number }: LookWish, frame: Frame): void {
  page.postMessage({ number, frame }, Object.values(frame.arrays).map(({ values }) => values.buffer));
}

async function ask_by_request(wish: LookWish): Promise<void> {
  try {
    give(wish, await post_frame('/look', wish.body));
  } catch (fault) {
    page.postMessage({ number: wish.number, status: fault instanceof ApiError ? fault.status : 0, sentence: (fault as Error).message });
  }
}

function take({ data }: MessageEvent<string | ArrayBuffer>): void {
  const wish = asked.shift();
  if (!wish) return;
  if (typeof data === 'string') {
    const { status, answer } = JSON.parse(data) as { status: number; answer: { error: string } };
    page.postMessage({ number: wish.number, status, sentence: answer.error });
    return;
  }
  try {
    give(wish, decode_frames(new Uint8Array(data))[0]!);
  } catch {
    page.postMessage({ number: wish.number, status: 0, sentence: 'The server broke off its answer.' });
  }
}

function connect(): void {
  if (performance.now() < try_again) return;
  try_again = performance.now() + kRetry;
  const made = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/looks`);
  made.binaryType = 'arraybuffer';
  made.onmessage = take;
  made.onclose = () => {
    socket = null;
    for (const wish of asked.splice(0)) void ask_by_request(wish); // which says what is wrong
  };
  socket = made;
}

page.onmessage = ({ data: wish }) => {
  if (!socket) connect();
  if (socket?.readyState !== WebSocket.OPEN) return void ask_by_request(wish);
  asked.push(wish);
  socket.send(JSON.stringify(wish.body));
};
