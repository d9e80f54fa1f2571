// Where the reader is: path and query of the address are the state of every page, so that a copied link opens the same view.
import { computed, signal } from '@preact/signals';

const address = signal(location.pathname + location.search);

/** The path in its decoded parts: [] for "/", ["run", "digits-2d-001", "space"]. */
export const path = computed(() =>
  address.value
    .split('?')[0]!
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    }),
);

/** The query; read it by query.value.get('epoch'). */
export const query = computed(() => new URLSearchParams(address.value.split('?')[1] ?? ''));

/** Goes to an address of ours; `replace`: without a new entry in the browser's history. */
export function go(target: string, replace = false): void {
  if (target === address.value) return;
  if (replace) history.replaceState(null, '', target);
  else history.pushState(null, '', target);
  const other_page = target.split('?')[0] !== address.value.split('?')[0];
  address.value = target;
  if (other_page) window.scrollTo(0, 0);
}

/** Changes some keys of the query and keeps the others; null takes a key away. Positions replace, places push. */
export function set_query(changes: Record<string, string | null>, replace = true): void {
  const next = new URLSearchParams(query.peek());
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) next.delete(key);
    else next.set(key, value);
  }
  const text = next.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  go(address.peek().split('?')[0]! + (text ? `?${text}` : ''), replace);
}

/** The address of a run's page. */
export function run_path(run: string, page = ''): string {
  return `/run/${encodeURIComponent(run)}${page ? `/${page}` : ''}`;
}

/** Follows links to our own pages without loading the document anew, and the browser's back and forward. */
export function start_router(): void {
  addEventListener('popstate', () => (address.value = location.pathname + location.search));
  addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const url = new URL(link.href, location.href);
    if (url.origin !== location.origin || link.target || link.hasAttribute('download') || url.pathname.startsWith('/api/')) return;
    if (url.hash && url.pathname === location.pathname) return;
    event.preventDefault();
    go(url.pathname + url.search);
  });
}
