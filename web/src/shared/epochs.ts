// Files of a run by the epoch that they belong to.
import type { RunDetails, RunFile } from '../api/types';
import { nearest } from './axes';

/** Epochs of which something was kept. */
export function epochs_of({ samples, maps, snapshots }: RunDetails): number[] {
  const all = [...samples, ...maps, ...snapshots].flatMap(({ epoch }) => (epoch === undefined ? [] : [epoch]));
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Pictures of one kind, ascending. */
export function by_epoch(files: RunFile[], begin: string): RunFile[] {
  return files.filter(({ file, epoch }) => epoch !== undefined && file.startsWith(begin) && file.endsWith('.png')).sort((a, b) => a.epoch! - b.epoch!);
}

/** The file of the epoch, or of the nearest one; null: the newest. */
export function at_epoch(files: RunFile[], epoch: number | null): RunFile | null {
  const i = epoch === null ? files.length - 1 : nearest(files.map((file) => file.epoch!), epoch);
  return files[i] ?? null;
}

/** Addresses that a film needs next. */
export function ahead_of(files: RunFile[], shown: RunFile | null): (string | undefined)[] {
  const i = shown ? files.indexOf(shown) : -1;
  return i < 0 ? [] : [files[i + 1], files[i + 2], files[i + 3], files[i - 1]].map((file) => file?.address);
}
