// Right: what every layer holds at this z.
import { percent, short } from '../../shared/format';
import { TheoryLink } from '../../shared/TheoryLink';
import { Ablations } from './Ablations';
import { FeatureMaps } from './FeatureMaps';
import { use_session } from './session';
import { Values } from './Values';

export function shape_words(shape: readonly number[]): string {
  return shape.length === 3 ? `${shape[0]} of ${shape[1]} × ${shape[2]}` : `${shape.join(' × ')} values`;
}

export function Layers() {
  const { state, looker } = use_session();
  const open = state.is_open('layers');
  const frame = looker.result.value;
  const layers = open ? (frame?.head.layers ?? []) : [];
  return (
    <section class="panel layers" aria-labelledby="layers-title">
      <div class="row spread">
        <h2 id="layers-title">Activations for each layer (average values)</h2>
        <button aria-expanded={open} onClick={() => state.show('layers', !open)}>
          {open ? 'Close' : 'Show'}
        </button>
      </div>
      <p class="quiet-text small">
        {open
          ? 'What every layer holds at this z: the mean over its channels as one picture, dark low and yellow high. Choose a layer to see its single maps and to take them away.'
          : 'What every layer of the generator holds at this z, map by map; and what becomes of the picture when one is taken away.'}{' '}
        <TheoryLink at="activations" of="activation functions" />
      </p>
      <Ablations />
      {open && (
        <div class="layer-list">
          {layers.map((layer) => {
            const mean = frame?.arrays[`layer:${layer.node}`];
            const chosen = state.maps.value === layer.node;
            return (
              <button
                key={layer.node} class="layer" aria-pressed={chosen} onClick={() => (state.maps.value = chosen ? '' : layer.node)}
                title={`mean ${short(layer.mean)}, root mean square ${short(layer.rms)}, from ${short(layer.least)} to ${short(layer.most)}`}
              >
                {mean ? <Values shape={mean.shape} values={mean.values} label={`${layer.node}: mean over channels`} /> : <span class="no-values" />}
                <span class="layer-name">
                  {layer.node} <span class="quiet-text">{layer.kind}</span>
                </span>
                <span class="quiet-text">{shape_words(layer.shape)}</span>
                <span class="layer-zeros" title="Near zero: below a tenth of the layer's root mean square; normally distributed values have 8.0 %">
                  {percent(layer.zero, layer.zero > 0 && layer.zero < 0.1 ? 1 : 0)} zero, {percent(layer.near_zero)} near
                </span>
              </button>
            );
          })}
        </div>
      )}
      {open && state.maps.value && <FeatureMaps key={state.maps.value} node={state.maps.value} />}
    </section>
  );
}
