// The same z through up to four models side by side: other runs, or other epochs of this one.
import { useEffect, useMemo, useState } from 'preact/hooks';

import { get_json } from '../../api/client';
import type { Card, GeneratorInfo } from '../../api/types';
import { run_path } from '../../app/router';
import { percent } from '../../shared/format';
import { use_json } from '../../shared/resource';
import { Looker } from './looking';
import { picture_of } from './paint';
import { ClassName } from './Probabilities';
import { use_session } from './session';
import type { State } from './state';
import { Thumbnail } from './Thumbnail';
import { Values } from './Values';

const kMost = 3;

/** What is asked of this page's model, of one that takes so many classes. */
function classes_of(asked: State['asked_class'], classes: number): State['asked_class'] {
  if (!classes) return {};
  const { class: own = 0, to_class, share } = asked;
  const known = (k: number) => Math.min(k, classes - 1);
  return { class: known(own), ...(to_class === undefined ? {} : { to_class: known(to_class), share }) };
}

export function Models() {
  const { state } = use_session();
  const open = state.is_open('models');
  return (
    <section class="panel models" aria-labelledby="models-title">
      <div class="row spread">
        <h2 id="models-title">Side by side</h2>
        <button aria-expanded={open} onClick={() => state.show('models', !open)}>
          {open ? 'Close' : 'Show'}
        </button>
      </div>
      <p class="quiet-text small">The same z through other runs or other epochs of this one: what of a picture belongs to the place, and what to the model.</p>
      {open && (
        <>
          <div class="model-row">
            <div class="model">
              <Here />
            </div>
            {state.models.value.map((name) => (
              <Model key={name} name={name} />
            ))}
          </div>
          {state.models.value.length < kMost && <AddModel />}
        </>
      )}
    </section>
  );
}

function Here() {
  const { state, looker, classifier } = use_session();
  const frame = looker.result.value;
  return <Shown name={state.run} epoch={state.shown_epoch.value} info={state.info} frame={frame} names={classifier.value.class_names ?? state.info.class_names} />;
}

function Shown({ name, epoch, info, frame, names }: { name: string; epoch: number; info: GeneratorInfo; frame: Looker['result']['value']; names: string[] }) {
  const { state } = use_session();
  const picture = frame?.arrays.picture ?? frame?.arrays.strokes ?? frame?.arrays.points;
  const label = frame?.head.labels?.[0];
  const p = label === undefined ? undefined : frame?.arrays.probabilities?.values[label];
  return (
    <>
      <p class="model-name">
        {name} <span class="quiet-text small">epoch {epoch}</span>
      </p>
      <Thumbnail kind={info.kind} picture={picture ? picture_of(picture) : null} shape={info.shape} label={`Picture of ${name}`} />
      {label !== undefined && (
        <p class="small">
          <ClassName k={label} names={names} /> {p === undefined ? '' : percent(p)}
        </p>
      )}
      {state.is_open('layers') && (
        <div class="model-layers">
          {(frame?.head.layers ?? []).map((layer) => {
            const mean = frame?.arrays[`layer:${layer.node}`];
            return mean ? (
              <span key={layer.node} title={`${layer.node}: ${percent(layer.zero)} zero, ${percent(layer.near_zero)} near zero`}>
                <Values shape={mean.shape} values={mean.values} label={`${layer.node} of ${name}`} />
                <small>{percent(layer.near_zero)}</small>
              </span>
            ) : null;
          })}
        </div>
      )}
    </>
  );
}

function Model({ name }: { name: string }) {
  const { state } = use_session();
  const [run = '', at] = name.split('@');
  const [info, set_info] = useState<GeneratorInfo | null>(null);
  const [fault, set_fault] = useState('');
  const looker = useMemo(() => new Looker(), []);
  useEffect(() => {
    const stop = new AbortController();
    get_json<GeneratorInfo>(`/runs/${encodeURIComponent(run)}/generator${at ? `?epoch=${encodeURIComponent(at)}` : ''}`, stop.signal).then(set_info, (error: Error) => stop.signal.aborted || set_fault(error.message));
    return () => {
      stop.abort();
      looker.close();
    };
  }, [run, at]);
  const z = state.z.value;
  const layers = state.is_open('layers');
  const number = state.number.value;
  const between = state.between.value;
  const condition = state.condition.value;
  const fits = info ? info.latent.dim === state.dim : true;
  useEffect(() => {
    if (!info || !fits) return;
    looker.ask({ run, epoch: at ? Number(at) : info.epoch, z, ...classes_of(state.asked_class, info.classes), ...(info.condition?.first.length === condition?.length ? state.asked_condition : {}), want: { picture: true, classes: true, layers } });
  }, [info, z, number, between, condition, layers]);
  const error = fault || looker.error.value?.message || (fits ? '' : `Its z has ${info!.latent.dim} values, not ${state.dim}.`);
  return (
    <div class="model">
      {error ? (
        <>
          <p class="model-name">{name}</p>
          <p class="error small" role="alert">
            {error}
          </p>
        </>
      ) : (
        info && <Shown name={run} epoch={at ? Number(at) : info.epoch} info={info} frame={looker.result.value} names={info.classifier.class_names ?? info.class_names} />
      )}
      <div class="row small">
        <a href={run_path(run, 'space')}>open</a>
        <button class="quiet" aria-label={`Take ${name} away`} onClick={() => (state.models.value = state.models.value.filter((one) => one !== name))}>
          ×
        </button>
      </div>
    </div>
  );
}

function AddModel() {
  const { state } = use_session();
  const runs = use_json<{ runs: Card[] }>('/runs').value?.runs ?? [];
  const [run, set_run] = useState(state.run);
  const [epoch, set_epoch] = useState('');
  const add = (event: Event) => {
    event.preventDefault();
    const name = epoch === '' ? run : `${run}@${Number(epoch)}`;
    if (!state.models.value.includes(name)) state.models.value = [...state.models.value, name].slice(0, kMost);
  };
  return (
    <form class="row small" onSubmit={add}>
      <label class="inline">
        run
        <select value={run} onChange={(event) => set_run(event.currentTarget.value)}>
          {[state.run, ...runs.map((one) => one.name).filter((one) => one !== state.run)].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label class="inline">
        epoch
        <input type="number" min="0" placeholder="newest" value={epoch} style={{ width: '6rem' }} onInput={(event) => set_epoch(event.currentTarget.value)} />
      </label>
      <button type="submit">Add it</button>
    </form>
  );
}
