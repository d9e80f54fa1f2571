// The dialog that starts a run: a new one from a recipe, or a fork from a checkpoint of another one.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { ApiError } from '../api/client';
import type { Option } from '../api/types';
import { go, run_path } from '../app/router';
import { control, type Control } from './control';
import { OptionForm, wanted_of } from './OptionForm';
import { type Settings, text_of } from './options';
import { use_json } from './resource';
import './shared.css';

interface Props {
  title: string;
  /** What is asked for; name, minutes, threads and changed keys are added. */
  wanted: Control;
  /** The settings that hold without a change. */
  base: Settings;
  submit: string;
  on_close: () => void;
  /** Fields above the keys. */
  children: ComponentChildren;
  /** Why it cannot be asked for yet. */
  missing?: string;
}

const kOnce: string[] = ['name', 'description'];

export function RunDialog({ title, wanted, base, submit, on_close, children, missing }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const options = use_json<{ options: Option[] }>('/options');
  const [typed, set_typed] = useState<Record<string, string>>({});
  const [name, set_name] = useState('');
  const [minutes, set_minutes] = useState('');
  const [threads, set_threads] = useState('');
  const [fault, set_fault] = useState('');
  const [busy, set_busy] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('.dialog-body select, .dialog-body input')?.focus();
  }, []);

  const list = options.value?.options ?? [];
  const { set, faults } = wanted_of(list, base, typed);
  const changed = Object.entries(set);

  const start = async (event: Event) => {
    event.preventDefault();
    const first = Object.keys(faults)[0];
    if (first) {
      set_fault(`${first}: ${faults[first]}`);
      const field = document.getElementById(`key-${first}`);
      field?.closest('details')?.setAttribute('open', '');
      field?.focus();
      return;
    }
    set_busy(true);
    set_fault('');
    try {
      const answer = await control({
        ...wanted,
        ...(changed.length ? { set } : {}),
        ...(name.trim() ? { name: name.trim() } : {}),
        ...(minutes.trim() ? { minutes: Number(minutes) } : {}),
        ...(threads.trim() ? { threads: Number(threads) } : {}),
      });
      on_close();
      go(run_path(answer.run));
    } catch (error) {
      set_fault((error as ApiError).message);
      set_busy(false);
    }
  };

  return (
    <dialog ref={dialog} class="wide" aria-labelledby="run-dialog-title" onClose={on_close}>
      <form onSubmit={start} noValidate>
        <div class="dialog-head row spread">
          <h2 id="run-dialog-title">{title}</h2>
          <button type="button" class="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
            ✕
          </button>
        </div>
        <div class="dialog-body stack" tabIndex={0} role="group" aria-label="Settings">
          {children}
          <div class="form-grid">
            <label class="labelled">
              Name of the run (may be left empty)
              <input type="text" value={name} autocomplete="off" spellcheck={false} onInput={(event) => set_name(event.currentTarget.value)} />
            </label>
            <label class="labelled">
              Pause after minutes (empty: never)
              <input type="text" inputMode="decimal" value={minutes} onInput={(event) => set_minutes(event.currentTarget.value)} />
            </label>
            <label class="labelled">
              Threads (empty: all cores)
              <input type="text" inputMode="numeric" value={threads} onInput={(event) => set_threads(event.currentTarget.value)} />
            </label>
          </div>
          {options.error && <p class="error">{options.error.message}</p>}
          {options.value && <OptionForm options={list} base={base} typed={typed} on_type={set_typed} without={kOnce} />}
        </div>
        <div class="dialog-foot">
          <div class="changes small" aria-live="polite">
            {changed.length === 0 ? (
              <span class="quiet-text">No key is changed.</span>
            ) : (
              <>
                {changed.length === 1 ? '1 key is changed: ' : `${changed.length} keys are changed: `}
                {changed.map(([key, value], i) => (
                  <span key={key}>
                    {i > 0 && ', '}
                    <span class="mono">{`${key} = ${text_of(value)}`}</span> <span class="quiet-text">{`(${text_of(base[key]) || 'nothing'})`}</span>
                  </span>
                ))}
              </>
            )}
          </div>
          {fault && (
            <p class="error" role="alert">
              {fault}
            </p>
          )}
          <div class="row">
            <button class="primary" disabled={busy || !!missing}>
              {busy ? 'Starting …' : submit}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            {missing && <span class="quiet-text small">{missing}</span>}
          </div>
        </div>
      </form>
    </dialog>
  );
}
