// What may be asked of runs (docs/api.md, POST control).
import { post_json } from '../api/client';

export interface Control {
  action: 'start' | 'pause' | 'go_on' | 'epoch' | 'stop_after' | 'fork';
  run?: string;
  recipe?: string;
  checkpoint?: number;
  set?: Record<string, unknown>;
  name?: string;
  minutes?: number;
  threads?: number;
}

export async function control(wanted: Control): Promise<{ run: string; state: string }> {
  return post_json('/control', wanted);
}

/** Said where controls would stand. */
export const kOnlyShows =
  'This page only shows: to start and pause runs, open it by the link with #token=… that ganymede serve prints (with --read-only it prints none).';
