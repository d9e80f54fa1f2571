// Scores with their interval, floor and protocol.
import type { RunDetails, Score } from '../../api/types';
import { short, thousands } from '../../shared/format';
import { score_words, type Scores } from '../../shared/scores';

/** "1.2 to 1.4", or why there is none. */
export function interval_words({ low, high }: Score): string {
  return low === null || high === null ? '–' : `${short(low)} to ${short(high)}`;
}

function count_words({ count_real, count_fake }: Score): string {
  if (!count_real) return `${thousands(count_fake)} generated`;
  return count_real === count_fake ? `${thousands(count_fake)} a side` : `${thousands(count_real)} real, ${thousands(count_fake)} generated`;
}

export function ScoreTable({ details, found }: { details: RunDetails; found: Scores | null }) {
  const neighbours = details.measures.find(({ file }) => file === 'measures/neighbours.png');
  const epochs = [...new Set(found?.scores.map(({ epoch }) => epoch))].sort((a, b) => b - a);
  if (!found) return <p class="quiet-text">Reading the scores …</p>;
  return (
    <>
      {found.scores.length === 0 ? (
        <p class="quiet-text">
          It was not measured yet: <code>ganymede evaluate {details.card.name}</code>
        </p>
      ) : (
        epochs.map((epoch) => (
          <div class="scroll-x" key={epoch} tabIndex={0} role="region" aria-label={`Scores of epoch ${epoch}`}>
            <table class="scores">
              <caption class="quiet-text small">{`Weights of epoch ${epoch}. Intervals hold 95 %. The floor is what chance alone gives: the same score between two halves of the real data.`}</caption>
              <thead>
                <tr>
                  <th>Score</th>
                  <th class="number">Value</th>
                  <th>Interval</th>
                  <th class="number">Floor</th>
                  <th>Samples</th>
                  <th>Protocol</th>
                </tr>
              </thead>
              <tbody>
                {found.scores
                  .filter((score) => score.epoch === epoch)
                  .map((score) => {
                    const { label, direction } = score_words(score);
                    return (
                      <tr key={score.name}>
                        <th scope="row">
                          {label}
                          <br />
                          <span class="quiet-text small">{direction}</span>
                        </th>
                        <td class="number strong">{short(score.value)}</td>
                        <td class="nowrap">{interval_words(score)}</td>
                        <td class="number">{score.floor === null ? '–' : short(score.floor)}</td>
                        <td class="small">{count_words(score)}</td>
                        <td class="small protocol">
                          <details>
                            <summary class="mono">{score.name}</summary>
                            {score.protocol}
                          </details>
                        </td>
                      </tr>
                    );
                  })}
              </tbody>
            </table>
          </div>
        ))
      )}
      {found.faults.length > 0 && <p class="warning small">{`Left out, since they cannot be read: ${found.faults.join(', ')}`}</p>}
      {neighbours && (
        <details class="neighbours">
          <summary>Nearest training samples of twelve generated ones</summary>
          <img src={neighbours.address} alt="Twelve generated samples, each with its five nearest training samples by values and five by features" loading="lazy" />
        </details>
      )}
    </>
  );
}
