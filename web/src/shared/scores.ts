// Scores of measures/ (docs/measures.md) in words, and what two of them say of two runs.
import { useEffect, useState } from 'preact/hooks';

import type { RunFile, Score } from '../api/types';
import { number_of } from './history';

interface Kind {
  label: string;
  direction: string;
  /** Beyond it nothing is better. */
  most?: number;
  /** False: every run has another judge, so two runs do not compare. */
  compares?: boolean;
}

const kLower = 'lower is better';
const kHigher = 'higher is better';
const kHalf = 'nearer to 0.5 is better';
const kReals = "nearer to the reals' own is better";
const kJudge = 'nearer to 0.5 is better; not between runs';

// In the order in which they are shown. As src/measure/score_kinds.cpp has them.
const kKinds: Record<string, Kind> = {
  frechet: { label: 'Fréchet distance', direction: kLower },
  frechet_positions: { label: 'Fréchet distance over positions', direction: kLower },
  kernel: { label: 'kernel distance', direction: kLower },
  precision: { label: 'precision', direction: kHigher },
  recall: { label: 'recall', direction: kHigher },
  density: { label: 'density', direction: 'higher is better, up to 1', most: 1 },
  coverage: { label: 'coverage', direction: kHigher },
  one_nn: { label: '1-NN accuracy', direction: kHalf },
  inception: { label: 'inception-style score', direction: kHigher },
  modes: { label: 'classes met', direction: kHigher },
  high_quality: { label: 'samples near a mode', direction: kHigher },
  reverse_kl: { label: 'shares of modes (KL)', direction: kLower },
  class_js: { label: 'shares of classes (JS)', direction: kLower },
  class_accuracy: { label: 'class accuracy', direction: kHigher },
  msd: { label: 'difference of pairs (MSD)', direction: kReals },
  nrmsd: { label: 'difference of pairs (NRMSD)', direction: kReals },
  path_length: { label: 'path length', direction: kLower },
  separability: { label: 'separability', direction: kLower },
  d_accuracy: { label: 'own D, its threshold', direction: kJudge, compares: false },
  d_best_accuracy: { label: 'own D, best threshold', direction: kJudge, compares: false },
  val_loss: { label: 'real or generated: loss', direction: 'higher is better, up to 0.693', most: Math.LN2 },
  error_rate: { label: 'real or generated: errors', direction: kHalf },
  user_study: { label: 'people: fakes found', direction: kHalf },
};
const kOrder = Object.keys(kKinds);

/** The kind that a score's name begins with: the longest stem that a digit or "_" follows. */
function stem_of(name: string): string | undefined {
  return kOrder.filter((stem) => name === stem || (name.startsWith(stem) && /[_0-9]/.test(name[stem.length]!))).sort((a, b) => b.length - a.length)[0];
}

export function score_words({ name, better }: Score): { label: string; direction: string } {
  const kind = kKinds[stem_of(name) ?? ''];
  const own = { lower: kLower, higher: kHigher, half: kHalf, neither: 'neither way is better' }[better];
  return { label: kind?.label ?? name, direction: kind?.direction ?? own };
}

/** As tables show them: by kind, then by name. */
export function score_order(a: Score, b: Score): number {
  const place = ({ name }: Score) => {
    const i = kOrder.indexOf(stem_of(name) ?? '');
    return i < 0 ? kOrder.length : i;
  };
  return place(a) - place(b) || a.name.localeCompare(b.name);
}

export type Verdict = 'better' | 'worse' | 'cannot tell';

/**
 * What score `a` says of its run against the run of `b`, and why. Better or worse only if the intervals do not overlap, on the scale on
 * which lower is better: the value for "lower", its negative for "higher" (capped where more is not better), the distance from 0.5 for
 * "half". Scores of other names have another protocol, and do not compare. Intervals of two single runs say nothing of other seeds:
 * `ganymede compare` tests over seeds.
 */
export function verdict_of(a: Score, b: Score): { verdict: Verdict; why: string } {
  const unsure = (why: string) => ({ verdict: 'cannot tell' as const, why });
  if (a.name !== b.name) return unsure('their protocols differ');
  const kind = kKinds[stem_of(a.name) ?? ''];
  if (kind?.compares === false) return unsure('each run has another judge');
  if (a.better === 'neither') return unsure('neither way is better');
  const [one, other] = [interval_of(a, kind?.most), interval_of(b, kind?.most)];
  if (!one && !other) return unsure('neither has an interval');
  if (!one || !other) return unsure('one has no interval');
  if (one[1] < other[0]) return { verdict: 'better', why: 'the intervals do not overlap' };
  if (other[1] < one[0]) return { verdict: 'worse', why: 'the intervals do not overlap' };
  return unsure('the intervals overlap');
}

// The interval on a scale where lower is better.
function interval_of({ low, high, better }: Score, most = Infinity): [number, number] | null {
  const [from, to] = [number_of(low), number_of(high)];
  if (!Number.isFinite(from) || !Number.isFinite(to)) return null;
  if (better === 'higher') return [-Math.min(to, most), -Math.min(from, most)];
  if (better !== 'half') return [from, to];
  const ends = [Math.abs(from - 0.5), Math.abs(to - 0.5)];
  return [from <= 0.5 && to >= 0.5 ? 0 : Math.min(...ends), Math.max(...ends)];
}

export interface Scores {
  /** Of the newest weights of each name first come the newest. */
  scores: Score[];
  /** Files that are no scores. */
  faults: string[];
}

const kMostFiles = 200;
const kept = new Map<string, Promise<Score>>();

async function read(address: string): Promise<Score> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  const score = (await response.json()) as Score & { schema?: string };
  if (!score.schema?.startsWith('ganymede.score/') || typeof score.name !== 'string' || typeof score.protocol !== 'string') throw new Error('no score');
  return score;
}

/** The scores among a run's measures. */
export function use_scores(measures: RunFile[] | undefined): Scores | null {
  const [found, set_found] = useState<(Scores & { owner: string }) | null>(null);
  const files = (measures ?? []).filter(({ file }) => file.endsWith('.json') && !/\.curve\b/.test(file)).slice(0, kMostFiles);
  const key = files.map(({ address }) => address).join('\n');
  const owner = files[0]?.address.split('/files/')[0] ?? ''; // while a run's files change, what is known of it stays
  useEffect(() => {
    if (!measures) return;
    let overtaken = false;
    const asked = files.map(({ address }) => {
      if (!kept.has(address)) kept.set(address, read(address));
      return kept.get(address)!;
    });
    while (kept.size > 4 * kMostFiles) kept.delete(kept.keys().next().value!);
    void Promise.allSettled(asked).then((all) => {
      if (overtaken) return;
      const scores = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const faults = files.filter((_, i) => all[i]!.status === 'rejected').map(({ file }) => file);
      set_found({ owner, scores: scores.sort(score_order), faults });
    });
    return () => {
      overtaken = true;
    };
  }, [key, !measures]);
  return measures && found?.owner === owner ? found : null;
}
