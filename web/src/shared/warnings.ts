// Warnings of a run in words: those of the guard, and those of a doctor, which bring their own words, evidence and remedy.
import { short, thousands } from './format';

function text_in(warning: Record<string, unknown>, ...names: string[]): string {
  for (const name of names) if (typeof warning[name] === 'string' && warning[name] !== '') return warning[name];
  return '';
}

/** In a sentence. */
export function warning_words(warning: Record<string, unknown>): string {
  const own = text_in(warning, 'sentence', 'words', 'message', 'text');
  if (own) return own;
  if (warning.reason === 'loss') return `the ${warning.player} loss rose to ${short(warning.loss)}`;
  return text_in(warning, 'reason', 'kind', 'name') || 'a warning without words';
}

export interface WarningDetails {
  words: string;
  where: string;
  evidence: string;
  remedy: string;
}

export function warning_details(warning: Record<string, unknown>): WarningDetails {
  const since = warning.since_epoch ?? warning.epoch;
  const step = warning.since_epoch === undefined ? warning.step : warning.since_step;
  const where = [
    typeof since !== 'number' ? '' : typeof warning.until_epoch === 'number' ? `epochs ${thousands(since)} to ${thousands(warning.until_epoch)}` : warning.since_epoch === undefined ? `epoch ${thousands(since)}` : `since epoch ${thousands(since)}`,
    typeof step === 'number' ? `step ${thousands(step)}` : '',
  ];
  const evidence = warning.evidence;
  return {
    words: warning_words(warning),
    where: where.filter(Boolean).join(', '),
    evidence: typeof evidence === 'string' ? evidence : evidence ? JSON.stringify(evidence) : '',
    remedy: text_in(warning, 'remedy', 'advice', 'cure'),
  };
}
