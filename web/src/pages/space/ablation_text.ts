// Ablations as `dissect --ablate` writes them: "act2:channel=5,row=3,value=0.5".
/** "act2:channel=5,value=0.5" in words. */
export function ablation_words(text: string): string {
  const [node = '', rest = ''] = text.split(':');
  const parts = Object.fromEntries(rest.split(',').filter(Boolean).map((part) => part.split('=') as [string, string]));
  const what = [parts.channel !== undefined && `map ${parts.channel}`, parts.row !== undefined && `row ${parts.row}`].filter(Boolean).join(', ');
  return `${node} ${what || 'whole layer'} → ${parts.value ?? 0}`;
}

export function ablation_of(node: string, channel: number | null, row: number | null, value: number): string {
  const parts = [channel !== null && `channel=${channel}`, row !== null && `row=${row}`, value !== 0 && `value=${value}`].filter(Boolean);
  return parts.length ? `${node}:${parts.join(',')}` : node;
}

/** Takes away, or puts back what was. */
export function toggled(sets: readonly string[], one: string): string[] {
  const place = one.replace(/,?value=.*$/, '');
  const same = sets.find((other) => other.replace(/,?value=.*$/, '') === place);
  if (same === one) return sets.filter((other) => other !== one);
  return [...sets.filter((other) => other !== same), one].slice(-256);
}
