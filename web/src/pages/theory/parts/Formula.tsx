// A formula in a sentence, or on a line of its own.
import { useMemo } from 'preact/hooks';

import { mathml } from '../math/formula';

export function M({ children }: { children: string }) {
  const html = useMemo(() => ({ __html: mathml(children) }), [children]);
  return <span class="formula" dangerouslySetInnerHTML={html} />;
}

/** A line of its own; where there is no room, it is broken at its \quad. */
export function Display({ children }: { children: string }) {
  const parts = useMemo(() => children.split('\\quad').map((part) => ({ __html: mathml(part.trim(), true) })), [children]);
  return (
    <div class="formula-line">
      {parts.map((html, i) => (
        <span key={i} dangerouslySetInnerHTML={html} />
      ))}
    </div>
  );
}
