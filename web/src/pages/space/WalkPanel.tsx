// "Images from A to B": two points, the strip of pictures between them, the areas that the line crosses, and playing along it.
import { percent, sentence } from '../../shared/format';
import { class_colour, text_on } from '../../shared/colours';
import { TheoryLink } from '../../shared/TheoryLink';
import { use_keys } from '../../app/keys';
import { OnlyLine, Two } from './CubePanel';
import { short_name } from './Probabilities';
import { use_session } from './session';
import { Sliders } from './Sliders';
import { Thumbnail } from './Thumbnail';
import type { PathKind } from './vectors';

export function WalkPanel() {
  const { state, walking } = use_session();
  const open = state.is_open('walk');
  const set = (end: 'a' | 'b') => {
    state.show('walk', true);
    state[end].value = state.z.peek();
  };
  use_keys([
    { key: 'a', does: 'Set A here', act: () => set('a') },
    { key: 'b', does: 'Set B here', act: () => set('b') },
    { key: 'p', does: 'Play along the way from A to B', act: () => (state.show('walk', true), walking.play()) },
  ]);
  return (
    <section class="panel walk" aria-labelledby="walk-title">
      <div class="row spread">
        <h2 id="walk-title">Images from A to B</h2>
        <button aria-expanded={open} onClick={() => state.show('walk', !open)}>
          {open ? 'Close' : 'Show'}
        </button>
      </div>
      <p class="quiet-text small">The pictures at even steps from one point to another, the class under each, and the areas that the way crosses. A and B can be dragged on the map.{state.info.classes ? ' Each may have its own class: between them the model is given mixtures of both.' : ''} <TheoryLink at="latent" of="directions of the latent space" /></p>
      {open && <Walk />}
    </section>
  );
}

function Walk() {
  const { state, walking } = use_session();
  const error = walking.streaming.error.value;
  return (
    <>
      <div class="row walk-tools">
        <button onClick={() => walking.play()} aria-pressed={walking.playing.value}>
          {walking.playing.value ? '❚❚ Pause' : '▷ Play'}
        </button>
        <input
          type="range" class="walk-slider" min="0" max="1" step="0.005" value={walking.at.value} aria-label="Place on the way from A to B"
          onInput={(event) => (walking.pause(), walking.go_to(Number(event.currentTarget.value), event))}
        />
        <Two name="Way" value={state.path.value} choices={['line', 'slerp']} on_change={(value) => (state.path.value = value as PathKind)} />
        <label class="inline small">
          pictures
          <input
            type="number" min="2" max="64" value={state.steps.value} style={{ width: '4.2rem' }}
            onChange={(event) => (state.steps.value = Math.min(64, Math.max(2, Math.round(event.currentTarget.valueAsNumber) || 12)))}
          />
        </label>
        <button
          onClick={() => {
            const a = state.a.peek();
            state.a.value = state.b.peek();
            state.b.value = a;
            const class_a = state.class_a.peek();
            state.class_a.value = state.class_b.peek();
            state.class_b.value = class_a;
          }}
        >
          ⇄ Swap
        </button>
        {state.axes === 2 && <OnlyLine />}
      </div>
      {error && (
        <p class="error" role="alert">
          {error.message}
        </p>
      )}
      <Strip />
      <Areas />
      <div class="ends">
        <End name="A" end="a" />
        <End name="B" end="b" />
      </div>
    </>
  );
}

function Strip() {
  const { state, walking, classifier } = use_session();
  const steps = walking.steps.value;
  const names = classifier.value.class_names ?? state.info.class_names;
  const at = walking.at.value;
  return (
    <ol class="strip" aria-label="Pictures from A to B">
      {steps.map((step, i) => {
        const t = i / Math.max(1, steps.length - 1);
        const name = step.label === null ? '' : short_name(names, step.label);
        const here = Math.abs(at - t) < 0.5 / Math.max(1, steps.length - 1);
        const colour = step.label === null ? 'transparent' : class_colour(step.label);
        return (
          <li key={i}>
            <button class={`step ${here ? 'here' : ''}`} aria-label={`Picture ${i + 1} of ${steps.length}${name ? `, class ${name}` : ''}: go there`} onClick={(event) => (walking.pause(), walking.go_to(t, event))}>
              <Thumbnail kind={state.info.kind} picture={step.picture} shape={state.info.shape} label="" />
              <span class="step-class" style={{ background: colour, color: step.label === null ? 'inherit' : text_on(colour) }}>
                {name || (i === 0 ? 'A' : i === steps.length - 1 ? 'B' : '\u00a0')}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function Areas() {
  const { state, walking, classifier } = use_session();
  const areas = walking.areas.value;
  const names = classifier.value.class_names ?? state.info.class_names;
  if (!areas?.length) return walking.words.value ? <p class="small">{sentence(walking.words.value)}</p> : null;
  const end = areas.at(-1)!.last + 1;
  return (
    <>
      <div class="area-bar" role="img" aria-label={`Areas on the way: ${areas.map((area) => names[area.label] ?? area.label).join(', then ')}`}>
        {areas.map((area, i) => {
          const share = (area.last - area.first + 1) / end;
          const colour = class_colour(area.label);
          return (
            <span key={i} style={{ flexGrow: area.last - area.first + 1, background: colour, color: text_on(colour) }} title={`${names[area.label] ?? area.label}: ${percent(share)} of the way`}>
              {share > 0.02 ? short_name(names, area.label) : ''}
            </span>
          );
        })}
      </div>
      <p class="small">
        The way passes {areas.length === 1 ? 'one area' : `${areas.length} areas`}: {areas.map((area) => names[area.label] ?? area.label).join(', then ')}.
      </p>
    </>
  );
}

function End({ name, end }: { name: string; end: 'a' | 'b' }) {
  const { state } = use_session();
  const z = state[end].value;
  if (!z) return null;
  const names = Array.from({ length: state.axes }, (_, i) => state.axis_name(i));
  return (
    <div class="end">
      <div class="row spread">
        <h3>{name}</h3>
        <span class="row">
          <button onClick={() => (state[end].value = state.z.peek())}>Set {name} here</button>
          <button onClick={(event) => state.move(z, event)}>Go to {name}</button>
        </span>
      </div>
      <EndClass name={name} end={end} />
      <Sliders of={name} names={names} values={state.coordinates(z)} limit={state.limit} on_move={(i, value) => (state[end].value = state.moved(state[end].peek()!, { [i]: value }))} />
    </div>
  );
}

// Of a conditional model: the class that the way leads from or to.
function EndClass({ name, end }: { name: string; end: 'a' | 'b' }) {
  const { state } = use_session();
  if (!state.info.classes) return null;
  const chosen = end === 'a' ? state.class_a : state.class_b;
  return (
    <label class="inline small">
      Class of {name}
      <select value={chosen.value === null ? '' : String(chosen.value)} onChange={(event) => (chosen.value = event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}>
        <option value="">as the picture: {state.class_name(state.number.value)}</option>
        {Array.from({ length: state.info.classes }, (_, k) => (
          <option key={k} value={String(k)}>
            {state.class_name(k)}
          </option>
        ))}
      </select>
    </label>
  );
}
