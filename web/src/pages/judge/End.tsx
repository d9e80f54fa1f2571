// The last answer is given: how often the fake was found, and the pairs where it was not.
import type { NamedArray } from '../../api/frames';
import { Pixels } from '../../shared/Pixels';
import type { TrialFrame } from './Judge';
import { share_words } from './Results';

export function End({ frame }: { frame: TrialFrame }) {
  const { head, arrays } = frame;
  const result = head.result!;
  const missed = head.missed ?? [];
  return (
    <section class="panel stack end" aria-label="End">
      <h2>{`${head.person}, you found ${result.found} of ${result.answered}`}</h2>
      <p role="status">
        {share_words(result)}
        {result.late > 0 && `; ${result.late} of ${head.trials} were too late and do not count`}
      </p>
      {missed.length > 0 && (
        <>
          <h3>{`Where the generated picture was taken for the real one${missed.length < result.answered - result.found ? `: the first ${missed.length}` : ''}`}</h3>
          <ul class="missed">
            {missed.map((trial, i) => (
              <li key={trial}>
                <div class="pair">
                  {(['left', 'right'] as const).map((side) => (
                    <figure key={side} class={head.missed_fakes![i] === side ? 'is-fake' : ''}>
                      <Pixels {...one_of(arrays[side]!, i)} label="" />
                      <figcaption class="small">{head.missed_fakes![i] === side ? 'generated' : 'real'}</figcaption>
                    </figure>
                  ))}
                </div>
                <span class="quiet-text small">{`Trial ${trial + 1}`}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function one_of({ shape, values }: NamedArray, i: number): { shape: number[]; values: ArrayLike<number> } {
  const [, ...one] = shape;
  const each = one.reduce((product, n) => product * n, 1);
  return { shape: one, values: values.subarray(i * each, (i + 1) * each) };
}
