// Noise on a digit, and what a classifier says of it while the noise grows: the classifier of a run of this server, or where there is none a small one
// that the page trains.
import { useEffect, useRef, useState } from 'preact/hooks';

import { class_colour } from '../../../shared/colours';
import { run_path } from '../../../app/router';
import { find_judges, type Found, type Judge, own_judge } from './digit_judge';
import { Figure, fixed } from '../parts/Figure';
import { gaussian, signs_by_chance, signs_of, with_noise } from '../math/noise';
import { Choice, Slider } from '../parts/Slider';
import { use_values } from '../parts/values';

/** Nobody has chosen a size: the one that shows it, of each judge. */
const kBySize = -1;
const kKinds = ['aimed', 'by chance', 'Gaussian'] as const;

function Picture({ values, judge, says, range = 1 }: { values: Float32Array | null; judge: Judge | null; says: string; range?: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const height = judge?.height ?? 1, width = judge?.width ?? 1, channels = judge?.channels ?? 1;
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    if (!values || values.length !== height * width * channels) return context.clearRect(0, 0, width, height);
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; ++i) {
      for (let c = 0; c < 3; ++c) image.data[4 * i + c] = 127.5 * (1 + values[i * channels + (channels === 3 ? c : 0)]! / range);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [values, judge]);
  return (
    <figure class="digit">
      <canvas ref={canvas} class="pixels" width={width} height={height} role="img" aria-label={says} />
      <figcaption>{says}</figcaption>
    </figure>
  );
}

const best_of = (p: readonly number[]) => p.indexOf(Math.max(...p));

export function DigitNoise() {
  const { now, set, reset, is_changed } = use_values('noise', { digit: [0, 0, 9999], kind: [0, 0, 2], size: [kBySize, kBySize, 0.6], chance: [1, 1, 9999], toward: [-1, -1, 99] });
  const { digit, kind, chance, toward } = now.value;
  const [found, set_found] = useState<Found>({ judges: [], done: false, without: null });
  const [chosen, choose] = useState('');
  const [own, set_own] = useState<Judge | null>(null);
  const [fault, set_fault] = useState('');
  useEffect(() => {
    const stop = new AbortController();
    void find_judges(set_found, stop.signal);
    return () => stop.abort();
  }, []);
  const judge = found.judges.find((one) => one.name === chosen) ?? (chosen === 'own' ? own : null) ?? found.judges[0] ?? own;
  const size = now.value.size === kBySize ? (judge?.run ? 0.1 : 0.4) : Math.max(0, now.value.size);
  useEffect(() => {
    // Trained when it is needed: after the page is shown.
    if (own || (!found.done && chosen !== 'own') || (found.judges.length > 0 && chosen !== 'own')) return;
    const timer = setTimeout(() => set_own(own_judge()), 30);
    return () => clearTimeout(timer);
  }, [found, chosen, own]);

  // The picture, and what is said of it without noise.
  const [plain, set_plain] = useState<{ judge: Judge; picture: Float32Array; says: number[] } | null>(null);
  useEffect(() => {
    if (!judge) return;
    let left = false;
    void (async () => {
      try {
        const picture = await judge.picture(digit);
        const [says] = await judge.judge([picture]);
        if (!left) set_plain({ judge, picture, says: says! });
        if (!left) set_fault('');
      } catch (error) {
        if (!left) set_fault((error as Error).message);
      }
    })();
    return () => {
      left = true;
    };
  }, [judge, digit]);
  const from = plain ? best_of(plain.says) : 0;
  const second = plain ? best_of(plain.says.map((p, k) => (k === from ? -1 : p))) : 0;
  const to = toward >= 0 && toward !== from && plain && toward < plain.says.length ? toward : second;

  // Where each pixel is moved.
  const [noise, set_noise] = useState<{ plain: typeof plain; signs: Float32Array } | null>(null);
  useEffect(() => {
    if (!plain) return;
    const count = plain.picture.length;
    if (kind !== 0) return set_noise({ plain, signs: kind === 1 ? signs_by_chance(count, chance) : gaussian(count, chance) });
    let left = false;
    plain.judge.slopes(plain.picture, from, to).then(
      (slopes) => left || set_noise({ plain, signs: signs_of(slopes) }),
      (error: Error) => left || set_fault(error.message),
    );
    return () => {
      left = true;
    };
  }, [plain, kind, chance, to]);

  // At most one question on its way; the newest position is asked for.
  const [seen, set_seen] = useState<{ judge: Judge; picture: Float32Array; noise: Float32Array; says: number[] } | null>(null);
  const wanted = useRef<(() => Promise<void>) | null>(null);
  const busy = useRef(false);
  useEffect(() => {
    if (!noise?.plain || noise.plain !== plain) return;
    const { picture, judge: by } = noise.plain;
    wanted.current = async () => {
      const mixed = with_noise(picture, noise.signs, size);
      const [says] = await by.judge([mixed]);
      set_seen({ judge: by, picture: mixed, noise: noise.signs.map((v) => v * size), says: says! });
    };
    if (busy.current) return;
    void (async () => {
      busy.current = true;
      try {
        while (wanted.current) {
          const ask = wanted.current;
          wanted.current = null;
          await ask();
        }
        set_fault('');
      } catch (error) {
        set_fault((error as Error).message);
      }
      busy.current = false;
    })();
  }, [noise, size]);

  const shown = seen && seen.judge === judge && plain?.judge === judge ? seen : null;
  const names = judge?.names ?? Array.from({ length: 10 }, (_, k) => String(k));
  const now_best = shown ? best_of(shown.says) : from;
  const word = (k: number, p: number) => `${names[k] ?? k}, ${fixed(100 * p, p > 0.995 || p < 0.01 ? 1 : 0)} %`;
  const shifted = shown !== null && now_best !== from;
  return (
    <Figure
      title="Noise that shifts the class of a digit, live" exhibit="generative" reset={reset} is_changed={is_changed}
      sources={judge?.run ? <a href={run_path(judge.run, 'space')}>The latent space of {judge.run}</a> : null}
      caption={
        <>
          Every pixel is changed by the size, of a range from −1 to 1. <em>Aimed</em>: up or down by the sign of the slope of <i>log p(other) − log p(its own)</i> (Goodfellow, Shlens and Szegedy 2015).{' '}
          {judge?.run ? (
            <>
              The picture is one that G of run <b>{judge.run}</b> draws, and who judges is {judge.about}.
            </>
          ) : (
            <>Who judges is {judge?.about ?? 'being looked for'}.</>
          )}
        </>
      }
      knobs={
        <>
          <Choice name="noise" value={kind} of={kKinds.map((words, k) => [k, words] as const)} on={(v) => set({ kind: v })} />
          <Slider name="size of the noise" value={size} low={0} high={0.6} on={(v) => set({ size: v })} />
          <div class="row">
            <button type="button" onClick={() => set({ digit: Math.max(0, digit - 1) })} disabled={digit === 0} aria-label="The picture before">
              ‹
            </button>
            <button type="button" onClick={() => set({ digit: digit + 1 })}>
              Another picture ›
            </button>
            <button type="button" disabled={kind === 0} onClick={() => set({ chance: chance + 1 })}>
              Another noise
            </button>
            <label class="inline">
              towards
              <select value={String(toward)} disabled={kind !== 0} onChange={(event) => set({ toward: Number(event.currentTarget.value) })}>
                <option value="-1">the next likely class</option>
                {names.map((name, k) => (
                  <option key={k} value={String(k)}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <label class="inline">
              judge
              <select value={judge?.run ? judge.name : 'own'} onChange={(event) => choose(event.currentTarget.value)}>
                {found.judges.map((one) => (
                  <option key={one.name} value={one.name}>
                    run {one.name}
                  </option>
                ))}
                <option value="own">this page’s own</option>
              </select>
            </label>
          </div>
        </>
      }
    >
      {found.done && found.judges.length === 0 && (
        <p class="note-box" data-without={found.without ?? ''}>
          {found.without ? (
            <>
              Run <b>{found.without}</b> draws pictures, but no classifier of its data is fitted yet: <a href={run_path(found.without, 'space')}>its Space page</a> has a button that fits one, in a few minutes. Until then a
            </>
          ) : (
            <>
              This server has no run that draws digits: <code>ganymede train quick</code> makes one, and its Space page fits the classifier. Until then a
            </>
          )}{' '}
          small classifier stands in, which this page has just trained itself: softmax regression on digits that it draws. What you see is true of it, not of a convolutional network.
        </p>
      )}
      {fault && <p class="error">{fault}</p>}
      <div class="digit-noise">
        <div class="digits">
          <Picture judge={judge} values={plain?.judge === judge ? plain!.picture : null} says={plain?.judge === judge ? word(from, plain!.says[from]!) : '…'} />
          <span class="sign-between" aria-hidden="true">+</span>
          <Picture judge={judge} values={shown?.noise ?? null} says={`noise, ${fixed(size, 2)}`} />
          <span class="sign-between" aria-hidden="true">=</span>
          <Picture judge={judge} values={shown?.picture ?? null} says={shown ? word(now_best, shown.says[now_best]!) : '…'} />
        </div>
        <table class="class-bars" aria-label="Probability of each class, with the noise">
          <tbody>
            {names.slice(0, 12).map((name, k) => {
              const p = shown?.says[k] ?? 0;
              return (
                <tr key={k} class={k === now_best ? 'best' : ''}>
                  <th scope="row">{name}</th>
                  <td class="bar-cell">
                    <div style={{ width: `${Math.max(0.5, 100 * p)}%`, background: class_colour(k) }} />
                  </td>
                  <td class="number">{fixed(100 * p, 1)} %</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class={`verdict-line ${shifted ? 'shifted' : ''}`} aria-live="polite">
        {shown ? (shifted ? `The class has shifted from ${names[from]} to ${names[now_best]}.` : `Still taken for ${names[from]}.`) : ' '}
      </p>
    </Figure>
  );
}
