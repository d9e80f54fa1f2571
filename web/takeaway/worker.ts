// The desk in a thread of its own. The first message is the model, every other one a job.

import { Desk, type Answer, type Job } from './desk';
import type { Model } from './model';

let desk: Desk | null = null;
const channel = new MessageChannel();
let turn: () => void = () => {};
channel.port1.onmessage = () => turn();

const post = (answer: Answer): void => self.postMessage(answer);

self.onmessage = (event: MessageEvent<{ model: Model } | { job: Job }>) => {
  try {
    if ('model' in event.data) {
      desk = new Desk(event.data.model, post, (next) => {
        turn = next;
        channel.port2.postMessage(null);
      });
    } else {
      desk?.take(event.data.job);
    }
  } catch (error) {
    post({ kind: 'fault', sentence: (error as Error).message });
  }
};
