// A small curve of both losses: how a run goes, at a glance.
import { short } from './format';
import './shared.css';

type Values = (number | string | null)[];

const kWidth = 100;
const kHeight = 30;

function is_number(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

// Gaps where a value is no number.
function path_of(values: Values, low: number, high: number): string {
  let pen = false;
  return values
    .map((value, i) => {
      if (!is_number(value)) {
        pen = false;
        return '';
      }
      const x = values.length > 1 ? (kWidth * i) / (values.length - 1) : kWidth / 2;
      const y = high > low ? kHeight - 2 - ((kHeight - 4) * (value - low)) / (high - low) : kHeight / 2;
      const word = `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = true;
      return values.length > 1 ? word : `${word}h0.1`;
    })
    .join('');
}

export function Spark({ generator, discriminator }: { generator: Values; discriminator: Values }) {
  const all = [...generator, ...discriminator].filter(is_number);
  if (!all.length) return <p class="quiet-text small spark">No losses yet.</p>;
  const low = Math.min(...all);
  const high = Math.max(...all);
  const words = `Losses: generator ${short(generator.at(-1))}, discriminator ${short(discriminator.at(-1))}`;
  return (
    <svg class="spark" viewBox={`0 0 ${kWidth} ${kHeight}`} preserveAspectRatio="none" role="img" aria-label={words}>
      <path class="stroke-discriminator" d={path_of(discriminator, low, high)} />
      <path class="stroke-generator" d={path_of(generator, low, high)} />
    </svg>
  );
}
