// Curves of hundreds of thousands of points as a screen can show them: of each stretch the least and the most, in their order, so
// that no spike is lost.

export interface Thin {
  x: number[];
  y: (number | null)[][];
}

function first_from(x: Float64Array, wanted: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

const drawn = (value: number, log: boolean) => (Number.isFinite(value) && (!log || value > 0) ? value : null);

/** Points of `columns` over ascending `x` within [from, to] and one more on either side; at most about `most` of them. */
export function thin(x: Float64Array, columns: Float64Array[], from: number, to: number, most: number, log: boolean): Thin {
  const begin = Math.max(0, first_from(x, from) - 1);
  let end = first_from(x, to);
  while (end < x.length && x[end]! <= to) ++end;
  end = Math.min(x.length, end + 1);
  const count = end - begin;
  const out: Thin = { x: [], y: columns.map(() => []) };
  if (count <= most) {
    for (let i = begin; i < end; ++i) {
      out.x.push(x[i]!);
      columns.forEach((column, c) => out.y[c]!.push(drawn(column[i]!, log)));
    }
    return out;
  }
  const stretches = Math.max(1, most >> 1);
  for (let s = 0; s < stretches; ++s) {
    const first = begin + Math.floor((count * s) / stretches);
    const last = begin + Math.floor((count * (s + 1)) / stretches) - 1;
    out.x.push(x[first]!, x[last]!);
    columns.forEach((column, c) => {
      let low = -1;
      let high = -1;
      for (let i = first; i <= last; ++i) {
        const value = column[i]!;
        if (drawn(value, log) === null) continue;
        if (low < 0 || value < column[low]!) low = i;
        if (high < 0 || value > column[high]!) high = i;
      }
      const [a, b] = low < high ? [low, high] : [high, low];
      out.y[c]!.push(a < 0 ? null : column[a]!, b < 0 ? null : column[b]!);
    });
  }
  return out;
}

/** An exponential mean of `weight` in [0, 1), without the bias of its begin; gaps stay gaps. */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  const out = new Float64Array(values.length);
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < values.length; ++i) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      out[i] = NaN;
      continue;
    }
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    out[i] = sum / mass;
  }
  return out;
}
