// What a preset is for: what to look at, why it happens, and the knob that changes it.
import type { Preset } from './types';

interface Props {
  presets: Preset[];
  preset: Preset | null;
  command: string;
  cured: boolean;
  choose: (name: string) => void;
  cure: () => void;
}

export function PresetChoice({ presets, preset, choose }: Pick<Props, 'presets' | 'choose'> & { preset: string }) {
  const group = (title: string, fails: boolean) => (
    <optgroup label={title}>
      {presets.filter((one) => one.fails === fails).map(({ name, title: words }) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </optgroup>
  );
  return (
    <select value={preset} onChange={(event) => choose(event.currentTarget.value)} aria-label="Game" title="A game to begin with ([ and ])">
      {group('Games that learn', false)}
      {group('Games that fail', true)}
    </select>
  );
}

export function Lesson({ preset, command, cured, cure }: Omit<Props, 'presets' | 'choose'>) {
  if (!preset) return null;
  return (
    <section class="panel play-lesson" aria-labelledby="lesson">
      <h2 id="lesson">
        {preset.title} {preset.fails && <span class="tag">{preset.name.startsWith('fail-') ? 'fails on purpose' : 'collapses'}</span>}
      </h2>
      <p>
        <b>Look at:</b> {preset.look_at}
      </p>
      <p>
        <b>Why:</b> {preset.why}
      </p>
      <p>
        <b>{preset.fails ? 'Cure:' : 'Try:'}</b> {preset.cure}
      </p>
      <p class="row">
        <button type="button" class={cured ? '' : 'primary'} disabled={cured} onClick={cure} title={cured ? 'It is turned' : 'c'}>
          {preset.cure_name}
          {preset.cure_anew ? ', anew' : ''}
        </button>
        {cured && <span class="small quiet-text">turned</span>}
      </p>
      <p class="small quiet-text play-command">
        As a run: <code>{command || preset.command}</code>. The arithmetic behind it: <a href="/theory">theory</a>.
      </p>
    </section>
  );
}
