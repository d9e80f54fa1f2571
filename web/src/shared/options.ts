// The recipe's keys as a form needs them: where a key has a meaning, what a text that was typed means, what was changed.
import type { Option } from '../api/types';

export type Settings = Record<string, unknown>;

/** Whether all conditions of a key hold under these settings. */
export function is_meaningful(option: Option, settings: Settings): boolean {
  return (option.conditions ?? []).every(({ key, values, other }) => values.some((value) => String(value) === String(settings[key])) !== !!other);
}

/** As it stands in a field. */
export function text_of(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return value === undefined || value === null ? '' : String(value);
}

/** What a text means for a key: its value, or a sentence against it. */
export function parse(option: Option, text: string): { value: unknown } | { fault: string } {
  const wanted = option.legal ?? option.type;
  const typed = text.trim();
  switch (option.type) {
    case 'boolean':
      return { value: typed === 'true' };
    case 'text':
      return { value: text };
    case 'integers': {
      const parts = typed === '' ? [] : typed.split(/[\s,]+/).filter((part) => part !== '');
      const values = parts.map(Number);
      const fault = values.some((value) => !Number.isSafeInteger(value) || out_of_range(option, value));
      return fault ? { fault: `Wanted ${wanted}, such as 1, 2, 5.` } : { value: values };
    }
    default: {
      const value = Number(typed);
      const whole = option.type === 'number' || Number.isSafeInteger(value);
      const legal = typed !== '' && Number.isFinite(value) && whole && !out_of_range(option, value);
      return legal ? { value } : { fault: `Wanted ${wanted}.` };
    }
  }
}

function out_of_range({ min, max, above_min, below_max }: Option, value: number): boolean {
  return (min !== undefined && (value < min || (!!above_min && value === min))) || (max !== undefined && (value > max || (!!below_max && value === max)));
}

/** Equal as settings. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || text_of(a) === text_of(b);
}

const kTitles: [string, string][] = [
  ['train', 'Training'],
  ['data', 'Data'],
  ['latent', 'Latent space'],
  ['generator', 'Generator'],
  ['generator.optimizer', 'Generator: updates'],
  ['discriminator', 'Discriminator'],
  ['discriminator.optimizer', 'Discriminator: updates'],
  ['game', 'The game'],
  ['evaluate', 'Scores and maps while it trains'],
  ['checkpoint', 'Checkpoints'],
  ['snapshot', 'Snapshots'],
  ['', 'Recipe'],
];

export interface Group {
  prefix: string;
  title: string;
  options: Option[];
}

/** Keys by what stands before their last dot, those that are changed most first. */
export function groups_of(options: Option[]): Group[] {
  const groups = new Map<string, Option[]>(kTitles.map(([prefix]) => [prefix, []]));
  for (const option of options) {
    const prefix = option.key.slice(0, Math.max(0, option.key.lastIndexOf('.')));
    groups.set(prefix, [...(groups.get(prefix) ?? []), option]);
  }
  const titles = new Map(kTitles);
  return [...groups]
    .filter(([, some]) => some.length)
    .map(([prefix, some]) => ({ prefix, title: titles.get(prefix) ?? prefix, options: some }));
}
