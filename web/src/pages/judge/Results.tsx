// What people found, beside what a classifier tells.
import { short } from '../../shared/format';
import { use_json } from '../../shared/resource';
import type { RunDetails } from '../../api/types';
import { use_scores } from '../../shared/scores';
import { number_of } from '../../shared/history';
import type { Found, Judgements, UserStudy } from './types';

export function share_words({ share, low, high }: Found): string {
  return share === null ? '–' : `${percent(share)} [${percent(low!)}, ${percent(high!)}]`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;
}

/** Where the share and its interval lie between 0 and 1; the line in the middle is chance. */
function Range({ of }: { of: Found }) {
  if (of.share === null) return null;
  const at = (share: number) => 4 + 112 * share;
  return (
    <svg class="share-range" viewBox="0 0 120 16" role="img" aria-label={share_words(of)}>
      <path class="frame" d="M4 8H116" />
      <path class="chance" d="M60 1V15" />
      <path class="interval" d={`M${at(of.low!)} 8H${at(of.high!)}`} />
      <circle cx={at(of.share)} cy="8" r="3.5" />
    </svg>
  );
}

function Rows({ rows, strong = false }: { rows: Found[]; strong?: boolean }) {
  return (
    <>
      {rows.map((one, i) => (
        <tr key={i} class={strong ? 'strong' : ''}>
          <th scope="row" class="wrap">
            {one.name}
          </th>
          <td>
            <Range of={one} />
          </td>
          <td class="nowrap">{share_words(one)}</td>
          <td class="number nowrap">{`${one.found} of ${one.answered}`}</td>
          <td class="number">{one.late || ''}</td>
          <td class="number nowrap">{one.seconds === null ? '–' : `${one.seconds.toFixed(1)} s`}</td>
        </tr>
      ))}
    </>
  );
}

function Head({ of }: { of: string }) {
  return (
    <thead>
      <tr>
        <th>{of}</th>
        <th>
          <span class="out-of-sight">Range</span>
        </th>
        <th>Found, 95 %</th>
        <th class="number">Trials</th>
        <th class="number">Late</th>
        <th class="number">Median</th>
      </tr>
    </thead>
  );
}

function verdict_of({ low, high }: Found): string {
  if (low! > 0.5) return 'People tell the generated pictures from real ones.';
  if (high! < 0.5) return 'Fewer than by guessing: people take the generated pictures for the real ones.';
  return 'No more than by guessing, so far as so many trials can tell.';
}

function agreement_words({ trials, pairs, share, kappa }: UserStudy['agreement']): string {
  const agree = `On ${trials} trials that several people were shown, ${percent(share!)} of ${pairs} pairs of answers agree`;
  return kappa === null ? `${agree}.` : `${agree}; Fleiss’ kappa ${short(kappa)} (0: as often as by chance, 1: always).`;
}

function Study({ study, classifiers }: { study: UserStudy; classifiers: Found[] }) {
  const limit = study.seconds_limit ? `, ${study.seconds_limit} s for each` : '';
  return (
    <section class="panel stack" aria-label={`Results of epoch ${study.epoch}`}>
      <h2>{`What people found: epoch ${study.epoch}, step ${study.step}${limit}`}</h2>
      {study.people.length === 0 ? (
        <p class="quiet-text">Nobody has finished yet.</p>
      ) : (
        <>
          <p>{verdict_of(study.all)}</p>
          <p class="quiet-text small">{`One of the ${study.reals} beside a generated one${study.same_class ? ' of the same class' : ''}. Chance is 50 %. Intervals are exact (Clopper and Pearson).`}</p>
          <div class="scroll-x" tabIndex={0} role="region" aria-label="By person">
            <table class="found">
              <Head of="Person" />
              <tbody>
                <Rows rows={study.people} />
                <Rows rows={[{ ...study.all, name: 'all people' }]} strong />
                <Rows rows={classifiers} />
              </tbody>
            </table>
          </div>
          {study.agreement.pairs > 0 && <p>{agreement_words(study.agreement)}</p>}
          {study.classes.length > 0 && (
            <details>
              <summary>{study.same_class ? 'By class' : 'By the class of the real picture'}</summary>
              <div class="scroll-x" tabIndex={0} role="region" aria-label="By class">
                <table class="found">
                  <Head of="Class" />
                  <tbody>
                    <Rows rows={study.classes} />
                  </tbody>
                </table>
              </div>
            </details>
          )}
        </>
      )}
      {study.unfinished > 0 && <p class="quiet-text small">{`${study.unfinished} begun and not finished: not counted.`}</p>}
    </section>
  );
}

export function Results({ run, kept }: { run: string; kept: Judgements }) {
  const { value: details } = use_json<RunDetails>(`/runs/${encodeURIComponent(run)}`);
  const scores = use_scores(details?.measures);
  // One minus the errors of a classifier that says real or generated of one picture at a time.
  const classifiers = (epoch: number): Found[] =>
    (scores?.scores ?? [])
      .filter((score) => score.epoch === epoch && /^error_rate/.test(score.name))
      .map((score) => ({
        name: `classifier ${score.name}`, found: Math.round((1 - number_of(score.value)) * (score.count_real + score.count_fake)), answered: score.count_real + score.count_fake, late: 0,
        share: 1 - number_of(score.value), low: 1 - number_of(score.high), high: 1 - number_of(score.low), seconds: null,
      }));
  return (
    <>
      {kept.damaged.length > 0 && <p class="warning small">{`Left out, since they cannot be read: ${kept.damaged.join('; ')}`}</p>}
      {kept.studies.toReversed().map((study) => (
        <Study key={`${study.step} ${study.seconds_limit}`} study={study} classifiers={classifiers(study.epoch)} />
      ))}
    </>
  );
}
