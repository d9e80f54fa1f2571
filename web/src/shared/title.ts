// What the browser's tab says: of many open pages the right one is found.
import { useEffect } from 'preact/hooks';

export function use_title(words: string): void {
  useEffect(() => {
    document.title = words ? `${words} · Ganymede` : 'Ganymede';
  }, [words]);
  useEffect(
    () => () => {
      document.title = 'Ganymede';
    },
    [],
  );
}
