// The frame of all pages: the bar, which page the address names, and the keys.
import { useEffect, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';

import { KeyHelp } from './keys';
import { path, run_path } from './router';
import { theme } from './theme';

interface PageProps {
  run: string;
}
type Loader = () => Promise<{ default: ComponentType<PageProps> }>;

// Pages are loaded when they are opened: the first one comes fast.
const pages: Record<string, Loader> = {
  runs: () => import('../pages/runs/Runs'),
  watch: () => import('../pages/watch/Watch'),
  compare: () => import('../pages/compare/Compare'),
  space: () => import('../pages/space/Space'),
  surface: () => import('../pages/surface/Surface'),
  judge: () => import('../pages/judge/Judge'),
  tick: () => import('../pages/tick/Tick'),
  play: () => import('../pages/play/Play'),
  draw: () => import('../pages/draw/Draw'),
  theory: () => import('../pages/theory/Theory'),
};

function page_of(parts: string[]): { page: string; run: string } | null {
  const [first, run, rest] = parts;
  if (first === undefined) return { page: 'runs', run: '' };
  if (first === 'play' && run === undefined) return { page: 'play', run: '' };
  if (first === 'draw' && run === undefined) return { page: 'draw', run: '' };
  if (first === 'compare' && run === undefined) return { page: 'compare', run: '' };
  if (first === 'theory' && run === undefined) return { page: 'theory', run: '' };
  if (first === 'run' && run !== undefined && parts.length <= 3) {
    if (rest === undefined) return { page: 'watch', run };
    if (rest === 'space') return { page: 'space', run };
    if (rest === 'surface') return { page: 'surface', run };
    if (rest === 'judge') return { page: 'judge', run };
    if (rest === 'tick') return { page: 'tick', run };
  }
  return null;
}

const kThemes = { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' } as const;
const kNext = { auto: 'light', light: 'dark', dark: 'auto' } as const;

function Bar({ page, run }: { page: string; run: string }) {
  const link = (target: string, name: string, words: string) => (
    <a href={target} aria-current={page === name ? 'page' : undefined}>
      {words}
    </a>
  );
  return (
    <header class="bar">
      <div>
        <a class="brand" href="/">
          Ganymede
        </a>
        <nav aria-label="Pages">
          {link('/', 'runs', 'Runs')}
          {run && link(run_path(run), 'watch', 'Watch')}
          {run && link(run_path(run, 'space'), 'space', 'Space')}
          {run && link(run_path(run, 'surface'), 'surface', 'Surface')}
          {run && link(run_path(run, 'tick'), 'tick', 'Tick')}
          {run && link(run_path(run, 'judge'), 'judge', 'Judge')}
          {link('/compare', 'compare', 'Compare')}
          {link('/play', 'play', 'Playground')}
          {link('/draw', 'draw', 'Draw')}
          {link('/theory', 'theory', 'Theory')}
        </nav>
        <button class="quiet" title={kThemes[theme.value]} aria-label={kThemes[theme.value]} onClick={() => (theme.value = kNext[theme.value])}>
          {theme.value === 'auto' ? '◐' : theme.value === 'light' ? '☀' : '☾'}
        </button>
        <KeyHelp />
      </div>
    </header>
  );
}

/** Begins to load the page of the address, before anything is drawn. */
export function preload_page(): void {
  const found = page_of(path.value);
  if (found) pages[found.page]!().catch(() => {}); // said when it is shown
}

export function App() {
  const found = page_of(path.value);
  const [page, set_page] = useState<{ name: string; show: ComponentType<PageProps> } | null>(null);
  const [fault, set_fault] = useState('');
  const name = found?.page ?? '';
  useEffect(() => {
    if (!name) return;
    let left = false;
    pages[name]!().then(
      (module) => left || set_page({ name, show: module.default }),
      () => left || set_fault('This page could not be loaded: is `ganymede serve` still running? Load it again once it is.'),
    );
    return () => {
      left = true;
    };
  }, [name]);
  const Show = page?.name === name ? page.show : null;
  const is_shown = Show !== null;
  useEffect(() => {
    if (is_shown) performance.mark('page shown');
  }, [is_shown]);
  return (
    <>
      <Bar page={name} run={found?.run ?? ''} />
      <main class="page">
        {!found && (
          <p class="error">
            There is no page at this address. <a href="/">All runs</a>
          </p>
        )}
        {fault && <p class="error">{fault}</p>}
        {found && Show && <Show key={`${name} ${found.run}`} run={found.run} />}
      </main>
    </>
  );
}
