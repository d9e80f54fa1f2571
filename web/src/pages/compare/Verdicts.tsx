// The scores that exist, side by side, and what they say against one of the runs.
import type { Score } from '../../api/types';
import { short } from '../../shared/format';
import { score_order, score_words, type Verdict, verdict_of } from '../../shared/scores';
import type { Compared } from './runs';
import { Swatch } from './Swatch';

const kSigns: Record<Verdict, string> = { better: '✓', worse: '✗', 'cannot tell': '?' };
const kTones: Record<Verdict, string> = { better: 'good', worse: 'bad', 'cannot tell': 'unsure' };

export function Verdicts({ runs, against, on_against }: { runs: Compared[]; against: string; on_against: (name: string) => void }) {
  const names = new Map<string, Score>();
  for (const { scores } of runs) for (const score of scores) names.set(score.name, score);
  const rows = [...names.values()].sort(score_order);
  const base = runs.find(({ name }) => name === against) ?? runs[0]!;
  if (rows.length === 0) {
    return (
      <p class="quiet-text">
        None of them was measured yet: <code>{`ganymede evaluate ${runs.map(({ name }) => name).join(' ')}`}</code>
      </p>
    );
  }
  const counts = runs
    .filter((run) => run !== base)
    .map((run) => {
      const verdicts = rows.map(({ name }) => judged(run, base, name)?.verdict).filter((one) => one !== undefined);
      const of = (wanted: Verdict) => verdicts.filter((one) => one === wanted).length;
      return `${run.name}: ${of('better')} better, ${of('worse')} worse, ${of('cannot tell')} cannot tell`;
    });
  return (
    <>
      <div class="row">
        <label class="row small">
          Against
          <select value={base.name} onChange={(event) => on_against(event.currentTarget.value)}>
            {runs.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <span class="small" role="status">
          {counts.join('; ')}
        </span>
      </div>
      <p class="quiet-text small">
        Better or worse only where the 95 % intervals do not overlap. They hold for these weights, not for other seeds:
        {' '}
        <code>ganymede compare</code> tests over seeds.
      </p>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Scores">
        <table class="scores">
          <thead>
            <tr>
              <th scope="col">Score</th>
              {runs.map(({ name, colour, dash }) => (
                <th scope="col" key={name}>
                  <Swatch colour={colour} dash={dash} /> {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const { label, direction } = score_words(row);
              return (
                <tr key={row.name}>
                  <th scope="row" title={`${row.name}: ${row.protocol}`}>
                    {label}
                    <br />
                    <span class="quiet-text small">{direction}</span>
                    <br />
                    <span class="quiet-text small mono">{row.name}</span>
                  </th>
                  {runs.map((run) => (
                    <Cell key={run.name} run={run} base={base} name={row.name} />
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function judged(run: Compared, base: Compared, name: string): { verdict: Verdict; why: string } | null {
  const [mine, theirs] = [run, base].map(({ scores }) => scores.find((score) => score.name === name));
  return mine && theirs && run !== base ? verdict_of(mine, theirs) : null;
}

function Cell({ run, base, name }: { run: Compared; base: Compared; name: string }) {
  const score = run.scores.find((one) => one.name === name);
  if (!score) return <td class="quiet-text small">not measured</td>;
  const found = judged(run, base, name);
  return (
    <td>
      <span class="strong">{short(score.value)}</span>
      <span class="quiet-text small nowrap">{score.low === null || score.high === null ? ' no interval' : ` ${short(score.low)} to ${short(score.high)}`}</span>
      <br />
      {found ? (
        <span class={`small verdict-${kTones[found.verdict]}`}>
          {`${kSigns[found.verdict]} ${found.verdict}`}
          <span class="quiet-text">{`: ${found.why}`}</span>
        </span>
      ) : (
        <span class="quiet-text small">{run === base ? `epoch ${score.epoch}` : `${base.name} has none`}</span>
      )}
    </td>
  );
}
