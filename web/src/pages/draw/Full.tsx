// In the pad's place when a symbol has as many drawings as are wanted: nothing is drawn into the next one's boxes unnoticed.
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  /** "" when all symbols are full. */
  next: string;
  /** It was filled just now, by the reader who waits here: Enter goes on. */
  takes_focus: boolean;
  on_next: () => void;
  on_more: () => void;
}

export function Full({ label, next, takes_focus, on_next, on_more }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takes_focus) button.current?.focus({ preventScroll: true });
  }, [label, next]);
  return (
    <div class="full pad">
      <p class="big-symbol" aria-hidden="true">
        {next || '✓'}
      </p>
      <button
        ref={button} class="primary" onClick={on_next}
        onKeyDown={(event) => event.repeat && event.preventDefault()} // the Enter that kept the last box
      >
        {next ? `Go on with ${next}` : 'Train on it'}
      </button>
      <button onClick={on_more}>{`One more ${label}`}</button>
    </div>
  );
}
