// Where a value came from: the values of the layer before it that made it, each with its weight.
import { useMemo } from 'preact/hooks';

import { short } from '../../shared/format';
import { use_session } from './session';
import { Values } from './Values';

const kShown = 6;

export function Taps() {
  const { looker } = use_session();
  const frame = looker.result.value;
  const taps = frame?.head.taps;
  const cells = useMemo(() => {
    const sums = new Map<string, { row: number; column: number; weight: number }>();
    for (const term of taps?.terms ?? []) {
      const key = `${term.row} ${term.column}`;
      const cell = sums.get(key) ?? { row: term.row, column: term.column, weight: 0 };
      cell.weight += Math.abs(term.product);
      sums.set(key, cell);
    }
    return [...sums.values()];
  }, [taps]);
  if (!frame || !taps) return <p class="small taps" />;
  const before = taps.terms[0]?.layer;
  const mean = before ? frame.arrays[`layer:${before}`] : undefined;
  const most = Math.max(1e-12, ...cells.map((cell) => cell.weight));
  const image = mean && mean.shape.length === 2 && cells.every((cell) => cell.row < mean.shape[0]! && cell.column < mean.shape[1]!);
  return (
    <div class="taps small">
      <p>{taps.sentence}</p>
      <div class="taps-body">
        {image && (
          <figure class="origin">
            <div>
              <Values shape={mean.shape} values={mean.values} label={`${before}: mean over channels, with the cells that the value came from`} />
              <svg viewBox={`0 0 ${mean.shape[1]} ${mean.shape[0]}`} aria-hidden="true">
                {cells.map((cell) => (
                  <rect key={`${cell.row} ${cell.column}`} x={cell.column} y={cell.row} width="1" height="1" style={{ strokeOpacity: 0.25 + (0.75 * cell.weight) / most }} />
                ))}
              </svg>
            </div>
            <figcaption class="quiet-text">{before}</figcaption>
          </figure>
        )}
        {taps.terms.length > 0 && (
          <table aria-label="The largest products">
            <thead>
              <tr>
                <th>map, row, column</th>
                <th class="number">value</th>
                <th class="number">× weight</th>
                <th class="number">= product</th>
              </tr>
            </thead>
            <tbody>
              {taps.terms.slice(0, kShown).map((term, i) => (
                <tr key={i}>
                  <td>
                    {term.channel}, {term.row}, {term.column}
                  </td>
                  <td class="number">{short(term.input)}</td>
                  <td class="number">{short(term.weight)}</td>
                  <td class="number">{short(term.product)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}
