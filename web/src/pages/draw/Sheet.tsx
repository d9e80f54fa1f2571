// A sheet of boxes a class: draw into the pad, keep, and on to the next empty box.
import { useEffect, useMemo, useState } from 'preact/hooks';

import { has_token, kApi } from '../../api/client';
import { use_keys } from '../../app/keys';
import { go, query, run_path, set_query } from '../../app/router';
import { control } from '../../shared/control';
import { PlayerBar, use_player } from '../../shared/player';
import { use_title } from '../../shared/title';
import { Boxes } from './Boxes';
import { Classes } from './Classes';
import { box_of, Paper, Strokes } from './Drawing';
import { Pad } from './Pad';
import { Pen, strokes_until, times_of } from './pen';
import { SheetStore } from './sheet_store';
import type { InkStroke, InkSymbol } from './types';

export const kUsualBoxes = 20;
const kMostBoxes = 500;
/** What a small set wants: noisy copies, a minute or two, and few snapshots. */
const kTraining = { 'data.copies': 10, 'train.steps': 4000, 'snapshot.every': 40 };

export function boxes_wanted(): number {
  const n = Math.round(Number(query.value.get('n')));
  return n >= 1 && n <= kMostBoxes ? n : kUsualBoxes;
}

export function Sheet({ name }: { name: string }) {
  const store = useMemo(() => new SheetStore(name), [name]);
  const set = store.set.value;
  const [starting, set_starting] = useState(false);
  const [version, set_version] = useState(0);
  const [told, set_told] = useState('');
  const [again, set_again] = useState(''); // the kept box that is drawn anew
  const pen = useMemo(() => new Pen(), [name]);
  const boxes = boxes_wanted();
  const by_turns = query.value.get('order') === 'turns';
  const shows_seen = query.value.get('seen') === '1';
  use_title(`Draw ${name}`);

  const fault = store.fault.value;
  useEffect(() => {
    void store.load();
    // Whoever leaves while the server has not answered yet is asked first.
    const stay = (event: BeforeUnloadEvent) => store.waiting.value > 0 && event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [store]);

  const classes = set?.classes ?? [];
  const asked = query.value.get('class') ?? '';
  const label = classes.some((one) => one.name === asked) ? asked : (classes[0]?.name ?? '');
  const kept = store.symbols(label);
  const wanted = Number(query.value.get('box') ?? NaN);
  const place = wanted >= 0 && wanted < kept.length ? Math.floor(wanted) : kept.length;
  const shown: InkSymbol | undefined = kept[place];
  const may = has_token() && !!set?.own;
  const key = `${label} ${place}`;
  const is_kept = shown !== undefined && pen.is_empty && again !== key;
  const drawn = classes.reduce((sum, { count }) => sum + Math.min(count, boxes), 0);
  const all = classes.length * boxes;

  const changed = () => set_version((n) => n + 1);
  const clear = () => {
    pen.clear();
    changed();
  };
  const select = (to: string, box: number | null) => set_query({ class: to === classes[0]?.name ? null : to, box: box === null ? null : String(box) });
  // The next box without a symbol: of the same class, or by turns of the next one.
  const next_label = (): string => {
    const now = store.set.value?.classes ?? [];
    const at = now.findIndex((one) => one.name === label);
    if (!by_turns && now[at] && now[at].count < boxes) return label;
    return [...now.slice(at + 1), ...now.slice(0, at + 1)].find(({ count }) => count < boxes)?.name ?? label;
  };
  const keep = () => {
    if (pen.is_empty || !may) return;
    const { strokes } = pen;
    clear();
    set_again('');
    set_told(`${label} ${place + 1} is kept`);
    void store.keep(label, place, strokes, query.value.get('writer') ?? '').then((is_kept) => {
      if (is_kept || !pen.is_empty) return;
      pen.strokes = strokes; // refused: it is on the pad again
      changed();
    });
    select(next_label(), null);
  };
  const erase = () => {
    void store.erase(label, place);
    set_told(`${label} ${place + 1} is gone`);
    select(label, null);
  };
  // Ink that is not kept yet is kept before the pad turns to another box.
  const turn_to = (to: string, box: number | null) => {
    keep();
    select(to, box);
  };
  const step_class = (by: number) => {
    const at = classes.findIndex((one) => one.name === label);
    const next = classes[(at + by + classes.length) % classes.length];
    if (next) turn_to(next.name, null);
  };
  const undo = () => {
    pen.undo();
    changed();
  };
  use_keys([
    { key: 'Enter', does: 'Keep what is drawn, and on to the next box', act: keep },
    { key: 'Ctrl+z', does: 'Take the last stroke back', act: undo },
    { key: 'Backspace', does: '', act: undo },
    { key: 'Escape', does: 'Clear the box', act: clear },
    { key: 'Delete', does: 'Erase the symbol that is shown', act: () => void (is_kept && may && erase()) },
    { key: '[', does: 'The symbol before', act: () => step_class(-1) },
    { key: ']', does: 'The next symbol', act: () => step_class(1) },
    { key: 'p', does: 'Play the drawing that is shown', act: () => player.toggle() },
    { key: 'Arrow keys', does: 'On the pad: move the pen; Space puts it down and lifts it', act: () => {} },
  ]);

  const played = is_kept ? shown.strokes : [];
  const times = useMemo(() => times_of(played), [shown, is_kept]);
  const duration = Math.max(0, ...times.map((t) => t.at(-1) ?? 0));
  const player = use_player(duration, times.map((t) => t.at(-1) ?? 0), shown);
  const visible: InkStroke[] = Number.isFinite(player.time) ? strokes_until(played, times, player.time) : played;

  const train = () => {
    set_starting(true);
    control({ action: 'start', recipe: 'ink-quick', set: { 'data.source': name, ...kTraining } }).then(
      (answer) => go(run_path(answer.run)),
      (error: Error) => ((store.fault.value = error.message), set_starting(false)),
    );
  };

  if (!set) return fault ? <Missing name={name} fault={fault} /> : <h1>Draw {name}</h1>;
  const title = label === '' ? '' : `${label}: ${shown ? `${place + 1} of ${kept.length}` : `box ${place + 1} of ${Math.max(boxes, place + 1)}`}`;
  return (
    <div class="draw stack">
      <div class="row spread">
        <h1>Draw {name}</h1>
        <div class="row">
          <a class="button" href={`${kApi}/ink/${encodeURIComponent(name)}/file`} download={`${name}.json`}>
            Download
          </a>
          <a class="button" href="/draw">
            All sets
          </a>
        </div>
      </div>
      {!may && <p class="warning">{has_token() ? 'This set lies in a folder that this server does not write to: it is shown only.' : kOnlyShown}</p>}
      {fault && (
        <p class="error row spread" role="alert">
          <span>{fault}</span>
          <button onClick={() => void store.load()}>Ask again</button>
        </p>
      )}
      <div class="row progress-row">
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${all ? (100 * drawn) / all : 0}%` }} />
        </span>
        <span class="small" role="status">
          {`${drawn} of ${all} boxes drawn`}
          <span class="out-of-sight">{told}</span>
        </span>
      </div>
      <Classes store={store} set={set} label={label} boxes={boxes} may={may} on_pick={(to) => turn_to(to, null)} />
      {label === '' ? (
        <p class="quiet-text">This set has no symbols yet: add one above, such as A, or heart.</p>
      ) : (
        <div class="draw-parts">
          <section class="panel stack" aria-labelledby="pad-title">
            <h2 id="pad-title">{title}</h2>
            {is_kept ? (
              <svg class="drawing pad is-kept" viewBox={box_of(shown.strokes, set.lines)} role="img" aria-label={`${label} ${place + 1}, as it was drawn`}>
                <Paper lines={set.lines} />
                <Strokes strokes={visible} width={Number(box_of(shown.strokes, set.lines).split(' ')[2]) * 0.028} />
              </svg>
            ) : (
              <Pad pen={pen} version={version} lines={set.lines} label={`Draw ${title}`} disabled={!may} on_change={changed} on_keep={keep} />
            )}
            {is_kept ? (
              <>
                <PlayerBar player={player} />
                <div class="row">
                  <button onClick={() => set_again(key)} disabled={!may}>
                    Draw it again
                  </button>
                  <button onClick={erase} disabled={!may}>
                    Erase
                  </button>
                  <button onClick={() => turn_to(label, null)}>To the empty box</button>
                </div>
                {shown.fate !== 'kept' && <p class="warning small">{`The networks are not shown it: ${shown.fate}. Ten moves are all they see, of at most five strokes.`}</p>}
              </>
            ) : (
              <div class="row">
                <button class="primary" onClick={keep} disabled={pen.is_empty || !may}>
                  Keep
                </button>
                <button onClick={undo} disabled={pen.is_empty}>
                  Undo
                </button>
                <button onClick={clear} disabled={pen.is_empty}>
                  Clear
                </button>
                {again === key && (
                  <button
                    onClick={() => {
                      clear();
                      set_again('');
                    }}
                  >
                    Leave it as it was
                  </button>
                )}
              </div>
            )}
            <p id="pad-help" class="quiet-text small">
              Mouse, pen or finger. Enter keeps it, Ctrl+Z takes a stroke back. With keys alone: arrows move the pen, Space puts it down.
            </p>
          </section>
          <Boxes
            label={label} kept={kept} boxes={boxes} lines={set.lines} place={place} shows_seen={shows_seen} by_turns={by_turns} draft={pen.strokes}
            on_pick={(box) => turn_to(label, box < kept.length ? box : null)}
          />
        </div>
      )}
      <section class="panel stack" aria-labelledby="train-title">
        <h2 id="train-title">Train on it</h2>
        <p class="small">
          A GAN learns the hand from a dozen or more of each symbol: <code>{`ganymede train ink-quick --source ${name} --set data.copies=10 --steps 4000`}</code>; then{' '}
          <code>ganymede write RUN "TEXT" -o text.svg</code> writes in it.
        </p>
        <div class="row">
          <button onClick={train} disabled={!has_token() || starting || store.waiting.value > 0 || classes.length === 0 || classes.some(({ count }) => count === 0)}>
            Train a run
          </button>
          {classes.some(({ count }) => count === 0) && <span class="quiet-text small">Every symbol needs a drawing first.</span>}
        </div>
      </section>
    </div>
  );
}

const kOnlyShown = 'This page only shows: to draw, open it by the link with #token=… that ganymede serve prints (with --read-only it prints none).';

function Missing({ name, fault }: { name: string; fault: string }) {
  return (
    <div class="draw stack">
      <h1>Draw {name}</h1>
      <p class="error" role="alert">
        {fault}
      </p>
      <p>
        <a href="/draw">All sets</a>
      </p>
    </div>
  );
}
