// Something asked from the server once, or every so often: its value, or the sentence of what went wrong.
import { useEffect, useState } from 'preact/hooks';

import { ApiError, get_json } from '../api/client';

const kRetry = 2000; // ms

export interface Resource<T> {
  value: T | null;
  error: ApiError | null;
  reload: () => void;
}

export function use_json<T>(path: string | null, every_ms = 0): Resource<T> {
  const [state, set_state] = useState<{ path: string | null; value: T | null; error: ApiError | null }>({ path: null, value: null, error: null });
  const [turn, set_turn] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    let timer = 0;
    const load = () =>
      get_json<T>(path, stop.signal)
        .then((value) => set_state({ path, value, error: null }))
        .catch((error: unknown) => {
          if (stop.signal.aborted) return;
          set_state((old) => ({ path, value: old.path === path ? old.value : null, error: error as ApiError }));
          // A server that was started again shows the page again.
          if (!every_ms && (error as ApiError).status === 0) timer = window.setTimeout(load, kRetry);
        })
        .finally(() => {
          // A page that nobody sees asks nothing.
          const again = () => (document.hidden ? (timer = window.setTimeout(again, every_ms)) : load());
          if (every_ms && !stop.signal.aborted) timer = window.setTimeout(again, every_ms);
        });
    load();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, every_ms, turn]);
  const mine = state.path === path;
  return { value: mine ? state.value : null, error: mine ? state.error : null, reload: () => set_turn((n) => n + 1) };
}
