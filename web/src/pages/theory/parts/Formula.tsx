// A formula in a sentence, or on a line of its own.
import { useMemo } from 'preact/hooks';

import { mathml } from '../math/formula';

export function M({ children }: { children: string }) {
  const html = useMemo(() => ({ __html: mathml(children) }), [children]);
  return <span class="formula" dangerouslySetInnerHTML={html} />;
}

export function Display({ children, says }: { children: string; /** In words, where it is no sentence of the text. */ says?: string }) {
  const html = useMemo(() => ({ __html: mathml(children, true) }), [children]);
  return <div class="formula-line" tabIndex={-1} title={says} dangerouslySetInnerHTML={html} />;
}
