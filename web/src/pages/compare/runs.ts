// The runs that are compared, two to four: what the server says of each, its events and its scores.
import { useEffect, useMemo } from 'preact/hooks';

import type { ApiError } from '../../api/client';
import type { RunDetails, Score } from '../../api/types';
import { follow_history, type Following } from '../../shared/history';
import { use_json } from '../../shared/resource';
import { use_scores } from '../../shared/scores';

export const kMost = 4;
const kRefresh = 5000;
// Of the theme where it has them, since they are light on dark.
const kColours = ['--discriminator', '--generator', '--third', '#cc79a7'];
const kDashes: (number[] | undefined)[] = [undefined, [9, 4], [2, 3], [9, 3, 2, 3]];

export interface Compared {
  name: string;
  colour: string;
  dash: number[] | undefined;
  details: RunDetails | null;
  error: ApiError | null;
  following: Following;
  scores: Score[];
}

/** The newest score of each name. */
function newest(scores: Score[]): Score[] {
  const best = new Map<string, Score>();
  for (const score of scores) if ((best.get(score.name)?.epoch ?? -1) < score.epoch) best.set(score.name, score);
  return [...best.values()];
}

export function use_compared(names: string[]): Compared[] {
  const key = names.join('\n');
  const followings = useMemo(() => names.map((name) => follow_history(name, { briefly: true })), [key]);
  useEffect(() => () => followings.forEach((one) => one.close()), [followings]);
  // Always four of each, since a page's hooks must not become more or fewer.
  const slots = Array.from({ length: kMost }, (_, i) => names[i]);
  const asked = slots.map((name) => use_json<RunDetails>(name === undefined ? null : `/runs/${encodeURIComponent(name)}`, kRefresh));
  const scores = asked.map(({ value }) => use_scores(value?.measures));
  const lives = asked.map(({ value }) => value?.card.alive).join();
  useEffect(() => {
    asked.forEach(({ value }, i) => value?.card.alive && followings[i]?.again());
  }, [lives]);
  return names.map((name, i) => ({
    name,
    colour: kColours[i]!,
    dash: kDashes[i],
    details: asked[i]!.value,
    error: asked[i]!.error,
    following: followings[i]!,
    scores: newest(scores[i]?.scores ?? []),
  }));
}

/** What makes the noise of two runs the same; a sentence where it is another. */
const kNoise = ['latent.dim', 'latent.prior', 'latent.sampler', 'latent.sigma', 'latent.partition', 'latent.partition_seed'];

export function noise_words(runs: Compared[]): string {
  const options = runs.flatMap(({ details }) => (details?.recipe ? [details.recipe.options] : []));
  if (options.length < 2) return '';
  const differ = kNoise.filter((key) => new Set(options.map((one) => String(one[key]))).size > 1);
  return differ.length === 0
    ? 'The same picture of each grid comes from the same noise.'
    : `Their noise is not the same, since ${differ.join(', ')} differ${differ.length === 1 ? 's' : ''}: compare the grids as wholes.`;
}
