// Who says of a picture which class it has: the classifier of a run of this server (docs/api.md, "POST classify"), or the page's own.
import { get_json, post_frame } from '../../../api/client';
import { drawn_digit, kSide, TinyJudge } from '../math/tiny_judge';

export interface Judge {
  /** Of the run, or "own". */
  name: string;
  run: string | null;
  /** "a classifier of mnist with a validation error of 0.6 %" */
  about: string;
  names: string[];
  height: number;
  width: number;
  channels: number;
  /** Values from -1 to 1, rows of pixels. */
  picture: (seed: number) => Promise<Float32Array>;
  judge: (pictures: Float32Array[]) => Promise<number[][]>;
  /** How fast log p(to) - log p(from) grows with each value. */
  slopes: (picture: Float32Array, from: number, to: number) => Promise<Float32Array>;
}

export interface Found {
  judges: Judge[];
  /** All runs were looked at. */
  done: boolean;
  /** A run of pictures whose classifier is not fitted yet. */
  without: string | null;
}

const kMostRuns = 24; // that are asked about

const written = (picture: Float32Array) => Array.from(picture, (v) => Number(v.toFixed(4)));

function judge_of(run: string, about: string, names: string[], [channels, height, width]: [number, number, number]): Judge {
  const ask = async (body: Record<string, unknown>) => {
    const { arrays } = await post_frame('/classify', { run, ...body });
    return arrays;
  };
  return {
    name: run, run, about, names, height, width, channels,
    picture: async (seed) => {
      const { arrays } = await post_frame('/look', { run, seed, want: { classes: false } });
      return Float32Array.from(arrays.picture!.values, (level) => level / 127.5 - 1);
    },
    judge: async (pictures) => {
      const { probabilities } = await ask({ pictures: pictures.map(written) });
      const classes = probabilities!.shape[1]!;
      return pictures.map((_, n) => [...probabilities!.values.slice(n * classes, (n + 1) * classes)]);
    },
    slopes: async (picture, from, to) => (await ask({ pictures: written(picture), slopes: { from, to } })).slopes!.values as Float32Array,
  };
}

/** Looks at the runs one after another, the newest first, and tells what was found so far. */
export async function find_judges(tell: (found: Found) => void, signal: AbortSignal): Promise<void> {
  const found: Found = { judges: [], done: false, without: null };
  try {
    const { runs } = await get_json<{ runs: { name: string; updated?: string; state: string }[] }>('/runs', signal);
    const newest = runs.filter((run) => run.state !== 'damaged').sort((a, b) => String(b.updated ?? '').localeCompare(String(a.updated ?? '')));
    for (const { name } of newest.slice(0, kMostRuns)) {
      try {
        const at = `/runs/${encodeURIComponent(name)}`;
        const known = await get_json<{ state: string; sentence: string; class_names: string[] }>(`${at}/classifier`, signal);
        if (known.state === 'impossible') continue;
        const about = await get_json<{ kind: string; shape: [number, number, number] }>(`${at}/generator`, signal);
        if (about.kind !== 'image') continue;
        if (known.state !== 'ready') found.without ??= name;
        else found.judges = [...found.judges, judge_of(name, known.sentence, known.class_names, about.shape)];
        tell({ ...found });
      } catch {
        if (signal.aborted) return; // else this one is left out
      }
    }
  } catch {
    // the server is gone: the page's own stands in
  }
  if (!signal.aborted) tell({ ...found, done: true });
}

export function own_judge(): Judge {
  const tiny = new TinyJudge();
  return {
    name: 'own', run: null, about: `softmax regression on digits that this page draws, wrong on ${(100 * tiny.error).toFixed(1)} % of new ones`,
    names: Array.from({ length: 10 }, (_, k) => String(k)), height: kSide, width: kSide, channels: 1,
    picture: (seed) => Promise.resolve(drawn_digit((seed * 7 + 3) % 10, 9000 + seed)),
    judge: (pictures) => Promise.resolve(pictures.map((picture) => tiny.judge(picture))),
    slopes: (_, from, to) => Promise.resolve(tiny.slopes(from, to)),
  };
}
