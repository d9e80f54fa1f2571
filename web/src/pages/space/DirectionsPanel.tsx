// "Directions": sliders along what `ganymede directions` found, which move the picture; the planes of attributes on the map.
import { TheoryLink } from '../../shared/TheoryLink';
import { sentence, short } from '../../shared/format';
import { file_address } from '../../api/client';
import { type Along, kAlongs, kAlongWords, moved_along, place_along, type Way, ways_of } from './kept_directions';
import { use_session } from './session';
import { Slider } from './Sliders';

const kReach = 3; // deviations

export function DirectionsPanel() {
  const { state } = use_session();
  const open = state.is_open('directions');
  return (
    <section class="panel directions" aria-labelledby="directions-title">
      <div class="row spread">
        <h2 id="directions-title">Directions</h2>
        <button aria-expanded={open} onClick={() => state.show('directions', !open)}>
          {open ? 'Close' : 'Show'}
        </button>
      </div>
      <p class="quiet-text small">
        Where this z stands along ways that change an attribute, in deviations of z, and what the linear model says of it. A slider moves z along its way: others that move with it are not
        apart. <TheoryLink at="latent" of="attributes as directions" />
      </p>
      {open && <Kept />}
    </section>
  );
}

function Kept() {
  const { state, kept } = use_session();
  const names = kept.names.value;
  const file = kept.file.value;
  const error = kept.error.value;
  if (names?.length === 0) {
    return (
      <p class="small">
        This run keeps none yet. <code>ganymede directions {state.run}</code> finds those of thickness, slant and other attributes, or of your own.
      </p>
    );
  }
  return (
    <>
      {names && <Choice names={names} />}
      {error && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
      {file && (
        <>
          {file.entanglement && <p class="small">{sentence(file.entanglement.sentence)}</p>}
          <p class="quiet-text small">{kAlongWords[state.kept.value.along][1]}</p>
          <Ways />
          <NotTold />
          {file.attributes.length > 0 && (
            <details class="small">
              <summary>Matrices: cosines, the model’s covariance, the measured one</summary>
              <div class="sheet-box" tabIndex={0} role="group" aria-label="The matrices">
                <img src={file_address(state.run, `directions/${file.name}.png`)} alt={`Matrices of ${file.name}: cosines of the normals, the model's and the measured covariance of scores`} />
              </div>
            </details>
          )}
        </>
      )}
    </>
  );
}

function Choice({ names }: { names: string[] }) {
  const { state, kept } = use_session();
  const now = state.kept.value;
  const file = kept.file.value;
  return (
    <div class="row small">
      <label class="inline">
        from
        <select value={file?.name ?? now.file} onChange={(event) => (state.kept.value = { ...now, file: event.currentTarget.value, planes: null })}>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="inline">
        along
        <select value={now.along} onChange={(event) => (state.kept.value = { ...now, along: event.currentTarget.value as Along })}>
          {kAlongs.map((along) => (
            <option key={along} value={along} disabled={!!file && ways_of(file, along).length === 0}>
              {kAlongWords[along][0]}
            </option>
          ))}
        </select>
      </label>
      {file && (
        <span class="quiet-text">
          {`of epoch ${file.epoch}${file.class === null ? '' : `, class ${file.class_name}`}`}
          {file.epoch !== state.shown_epoch.value && `; the picture is of epoch ${state.shown_epoch.value}`}
        </span>
      )}
    </div>
  );
}

function Ways() {
  const { state, kept } = use_session();
  const file = kept.file.value!;
  const ways = kept.ways.value;
  if (ways.length === 0) return <p class="small">There are none of this kind: with so many attributes the others leave no room. `ganymede directions --attributes` chooses fewer.</p>;
  return (
    <div class="ways">
      {ways.map((way) => (
        <OneWay key={way.name} way={way} />
      ))}
      <div class="row small">
        <button
          onClick={(event) => {
            // To the origin of all ways, one after the other until they stand still: they need not be at right angles.
            let z = state.z.peek();
            for (let round = 0; round < 200; ++round) for (const way of ways) z = moved_along(file, way, z, 0);
            state.move(z, event);
          }}
        >
          All to 0
        </button>
      </div>
    </div>
  );
}

function OneWay({ way }: { way: Way }) {
  const { state, kept } = use_session();
  const file = kept.file.value!;
  const z = state.seen_z.value;
  const drawn = kept.boundaries.value.find(({ name }) => name === way.name);
  const toggle = () => {
    const names = kept.boundaries.peek().map(({ name }) => name);
    state.kept.value = { ...state.kept.peek(), planes: drawn ? names.filter((name) => name !== way.name) : [...names, way.name] };
  };
  return (
    <div class="way" title={way.about}>
      <Slider
        name={way.name} of="" value={Number(place_along(file, way, z).toFixed(3))} limit={kReach}
        on_move={(place, event) => state.move(moved_along(file, way, state.z.peek(), place), event)}
      />
      <span class="way-score small" title="What the linear model says">
        {way.score ? `≈ ${short(Number(way.score(z).toPrecision(3)))}` : ''}
      </span>
      {way.score && state.has_map && (
        <button aria-pressed={!!drawn} aria-label={`The plane of ${way.name} on the map`} style={drawn && { borderColor: drawn.colour, boxShadow: `inset 0 -3px 0 ${drawn.colour}` }} onClick={toggle}>
          plane
        </button>
      )}
    </div>
  );
}

function NotTold() {
  const { kept } = use_session();
  const names = kept.file.value!.attributes.filter((one) => !one.told).map((one) => one.name);
  return names.length ? <p class="quiet-text small">Not told by z: {names.join(', ')}.</p> : null;
}
