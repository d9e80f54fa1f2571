// A form made from the option table: groups of keys with help, ranges and choices; what was changed against `base` is told.
import { useState } from 'preact/hooks';

import type { Option } from '../api/types';
import { groups_of, is_meaningful, parse, same, type Settings, text_of } from './options';
import './shared.css';

interface Props {
  options: Option[];
  /** The settings that hold without a change. */
  base: Settings;
  /** Texts as typed, by key: only those that were touched. */
  typed: Record<string, string>;
  on_type: (typed: Record<string, string>) => void;
  /** Keys that are not shown. */
  without?: string[];
}

export interface Wanted {
  set: Settings;
  faults: Record<string, string>;
}

/** What the texts mean: changed keys with their values, and faults. Keys without a meaning are left out: the server would refuse them. */
export function wanted_of(options: Option[], base: Settings, typed: Record<string, string>): Wanted {
  const wanted: Wanted = { set: {}, faults: {} };
  const settings = { ...base };
  for (const option of options) {
    const text = typed[option.key];
    if (text === undefined) continue;
    const found = parse(option, text);
    if ('fault' in found) wanted.faults[option.key] = found.fault;
    else if (!same(found.value, base[option.key])) settings[option.key] = wanted.set[option.key] = found.value;
  }
  for (const option of options) {
    if (is_meaningful(option, settings)) continue;
    delete wanted.set[option.key];
    delete wanted.faults[option.key];
  }
  return wanted;
}

export function OptionForm({ options, base, typed, on_type, without = [] }: Props) {
  const [filter, set_filter] = useState('');
  const [all, set_all] = useState(false);
  const { set, faults } = wanted_of(options, base, typed);
  const settings = { ...base, ...set };
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (option: Option) => words.every((word) => `${option.key} ${option.help}`.toLowerCase().includes(word));
  const listed = options.filter((option) => !without.includes(option.key));
  const meaningless = listed.filter((option) => !is_meaningful(option, settings));
  const shown = listed.filter((option) => found(option) && (all || !meaningless.includes(option)));
  return (
    <div class="field-form">
      <div class="row spread">
        <label class="row">
          Keys <input type="search" value={filter} placeholder="batch, learning, loss …" onInput={(event) => set_filter(event.currentTarget.value)} />
        </label>
        <label class="inline small">
          <input type="checkbox" checked={all} onChange={(event) => set_all(event.currentTarget.checked)} />
          also the {meaningless.length} without a meaning here
        </label>
      </div>
      {groups_of(shown).map(({ prefix, title, options: some }) => {
        const changed = some.filter(({ key }) => key in set || key in faults).length;
        return (
          <details class="field-group" key={prefix} open={prefix === 'train' || words.length > 0}>
            <summary>
              {title} <span class="quiet-text small">{`${some.length} key${some.length === 1 ? '' : 's'}${changed ? `, ${changed} changed` : ''}`}</span>
            </summary>
            {some.map((option) => (
              <Row
                key={option.key} option={option} base={base[option.key]} text={typed[option.key]} fault={faults[option.key]}
                changed={option.key in set} meaningful={!meaningless.includes(option)}
                on_text={(text) => {
                  const next = { ...typed };
                  if (text === null) delete next[option.key];
                  else next[option.key] = text;
                  on_type(next);
                }}
              />
            ))}
          </details>
        );
      })}
      {shown.length === 0 && <p class="quiet-text">No key has these words.</p>}
    </div>
  );
}

interface RowProps {
  option: Option;
  base: unknown;
  text: string | undefined;
  fault: string | undefined;
  changed: boolean;
  meaningful: boolean;
  on_text: (text: string | null) => void;
}

function Row({ option, base, text, fault, changed, meaningful, on_text }: RowProps) {
  const id = `key-${option.key}`;
  const value = text ?? text_of(base);
  const shared = { id, disabled: !meaningful, 'aria-describedby': `${id}-help`, 'aria-invalid': fault ? true : undefined };
  const last = option.key.slice(option.key.lastIndexOf('.') + 1);
  return (
    <div class={`field-row${changed ? ' is-changed' : ''}${meaningful ? '' : ' is-meaningless'}`}>
      <label for={id} class="mono" title={option.key}>
        {last}
      </label>
      {option.type === 'boolean' ? (
        <input type="checkbox" {...shared} checked={value === 'true'} onChange={(event) => on_text(String(event.currentTarget.checked))} />
      ) : option.choices?.length ? (
        <select {...shared} value={value} onChange={(event) => on_text(event.currentTarget.value)}>
          {option.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          type="text" {...shared} value={value} spellcheck={false} autocomplete="off"
          inputMode={option.type === 'integer' ? 'numeric' : option.type === 'number' ? 'decimal' : 'text'}
          onInput={(event) => on_text(event.currentTarget.value)}
        />
      )}
      <span class="help" id={`${id}-help`}>
        {option.help}
        {!option.choices?.length && option.type !== 'boolean' && option.type !== 'text' && ` (${option.legal})`}
        {!meaningful && option.needs && ` Needs ${option.needs}.`}
        {text !== undefined && (
          <button type="button" class="quiet small" onClick={() => on_text(null)} aria-label={`${option.key}: back to ${text_of(base) || 'nothing'}`}>
            back to {text_of(base) || 'nothing'}
          </button>
        )}
      </span>
      {fault && <span class="fault">{fault}</span>}
    </div>
  );
}
