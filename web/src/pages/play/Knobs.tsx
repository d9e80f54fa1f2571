// The knobs of a game. Those that its networks are made of say that they start it anew; all others turn while it plays.
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Option } from '../../api/types';
import { is_meaningful, same } from '../../shared/options';

type Set_ = Record<string, unknown>;

interface Props {
  settings: Record<string, unknown>;
  options: Option[];
  sources: { name: string; dim: number }[];
  drawn: boolean;
  refusal: { sentence: string; count: number };
  turn: (set: Set_) => void;
}

interface Choice {
  key: string;
  name: string;
  choices?: string[];
  /** Numbers to choose from, in the place of a free one. */
  values?: number[];
  /** 10^low to 10^high, in quarters. */
  decades?: [number, number];
  range?: [number, number];
  also?: (value: unknown) => Set_;
  help: string;
}

const kWidths = [8, 16, 32, 64, 128, 256];

function Row({ choice, settings, options, refusal, turn }: { choice: Choice } & Pick<Props, 'settings' | 'options' | 'refusal' | 'turn'>) {
  const { key, name, choices, values, decades, range, also, help } = choice;
  const option = options.find((one) => one.key === key);
  const value = settings[key];
  const usable = !option || !!also || is_meaningful(option, settings);
  const id = `knob-${key}`;
  const select = useRef<HTMLSelectElement>(null);
  // What was refused does not stand there as if it held.
  useEffect(() => {
    if (select.current) select.current.value = String(value);
  }, [refusal.count]);
  const set = (next: unknown) => same(next, value) || turn(also ? also(next) : { [key]: next });
  const shared = { id, disabled: !usable, title: usable ? help : `${help}. It has no meaning in this game.` };
  const listed = values && !values.includes(Number(value)) ? [...values, Number(value)].sort((a, b) => a - b) : values;
  return (
    <div class={`knob${usable ? '' : ' off'}`}>
      <label for={id}>{name}</label>
      {choices ? (
        <select {...shared} ref={select} value={String(value)} onChange={(event) => set(event.currentTarget.value)}>
          {choices.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      ) : listed ? (
        <select {...shared} ref={select} value={String(value)} onChange={(event) => set(Number(event.currentTarget.value))}>
          {listed.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      ) : (
        <Slider shared={shared} value={Number(value)} decades={decades} range={range} set={set} refusals={refusal.count} />
      )}
    </div>
  );
}

/** 0.0001, not 1.00e-4. */
const plain = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '');

interface SliderProps {
  shared: object;
  value: number;
  decades?: [number, number];
  range?: [number, number];
  refusals: number;
  set: (value: number) => void;
}

/** Turns as it is dragged; the number beside it is the game's. */
function Slider({ shared, value, decades, range, refusals, set }: SliderProps) {
  const to = (place: number) => (decades ? Number((10 ** place).toPrecision(2)) : place);
  const from = (number: number) => (decades ? Math.log10(Math.max(number, 10 ** decades[0])) : number);
  const [held, hold] = useState<number | null>(null);
  useEffect(() => hold(null), [value, refusals]);
  const [low, high] = decades ?? range!;
  return (
    <span class="knob-slider">
      <input
        {...shared} type="range" min={low} max={high} step={decades ? 0.25 : 1} value={held ?? from(value)} aria-valuetext={plain(to(held ?? from(value)))}
        onInput={(event) => {
          const place = Number(event.currentTarget.value);
          hold(place);
          set(to(place));
        }}
      />
      <output>{plain(held === null ? value : to(held))}</output>
    </span>
  );
}

export function Knobs({ settings, options, sources, drawn, refusal, turn }: Props) {
  const of = (key: string) => options.find((one) => one.key === key)?.choices ?? [];
  const dims = new Set(sources.map(({ dim }) => dim));
  const by_nodes = settings['generator.family'] !== 'mlp';
  const live: Choice[] = [
    { key: 'game.loss', name: 'Loss', choices: of('game.loss'), help: 'What both players descend' },
    { key: 'generator.optimizer.learning_rate', name: 'Rate of G', decades: [-5, 0], help: 'Length of G’s steps' },
    { key: 'discriminator.optimizer.learning_rate', name: 'Rate of D', decades: [-5, 0], help: 'Length of D’s steps' },
    { key: 'game.update', name: 'Who when', choices: of('game.update'), help: 'Both at once, D k times and then G, or D to its end and then G' },
    {
      key: 'game.d_steps', name: 'k, D per G', range: [1, 20], help: 'Updates of D before each of G: they alternate then',
      also: (value) => ({ 'game.update': 'alternating', 'game.d_steps': value }),
    },
    {
      key: 'game.unroll', name: 'Unroll', range: [0, 20], help: 'Updates of D that G looks ahead: both are updated at once then, without a penalty',
      also: (value) => ({ 'game.update': 'simultaneous', ...(Number(value) > 0 ? { 'game.penalty': 'none' } : {}), 'game.unroll': value }),
    },
    {
      key: 'game.penalty', name: 'Penalty', choices: of('game.penalty'), help: 'On D’s slopes; not while it is unrolled',
      also: (value) => ({ ...(value !== 'none' && Number(settings['game.unroll']) > 0 ? { 'game.unroll': 0 } : {}), 'game.penalty': value }),
    },
    { key: 'game.penalty_weight', name: 'Its weight', decades: [-2, 2], help: 'Weight of the penalty' },
    { key: 'train.batch', name: 'Batch', values: [16, 32, 64, 128, 256, 512, 1024], help: 'Points of each side in an update' },
    { key: 'generator.optimizer.kind', name: 'G’s rule', choices: of('generator.optimizer.kind'), help: 'How G’s gradient becomes a step' },
    { key: 'discriminator.optimizer.kind', name: 'D’s rule', choices: of('discriminator.optimizer.kind'), help: 'How D’s gradient becomes a step' },
  ];
  const widths = (player: string): Choice['also'] => (value) => ({ [`${player}.widths`]: (settings[`${player}.widths`] as number[]).map(() => Number(value)) });
  const anew: Choice[] = [
    ...(drawn ? [] : [{ key: 'data.source', name: 'Data', choices: sources.filter(({ dim }) => !by_nodes || dim === 1 || !dims.has(1)).map(({ name }) => name), help: 'The law that G is to learn' }]),
    { key: 'latent.dim', name: 'Noise', values: [1, 2, 3, 8, 64, 256], help: 'Numbers of z' },
    { key: 'latent.prior', name: 'Its law', choices: of('latent.prior'), help: 'Normal, or even from −1 to 1' },
    { key: 'generator.widths', name: 'Width of G', values: kWidths, help: 'Units of each hidden layer', also: widths('generator') },
    { key: 'discriminator.widths', name: 'Width of D', values: kWidths, help: 'Units of each hidden layer', also: widths('discriminator') },
    { key: 'generator.activation', name: 'Units of G', choices: of('generator.activation'), help: 'Activation of its hidden layers' },
    { key: 'discriminator.activation', name: 'Units of D', choices: of('discriminator.activation'), help: 'Activation of its hidden layers' },
    { key: 'train.seed', name: 'Seed', range: [1, 20], help: 'Of weights, noise and order: the same seed, the same game' },
  ];
  const row = (choice: Choice) => {
    const plain = choice.key.endsWith('.widths') ? { ...settings, [choice.key]: (settings[choice.key] as number[] | undefined)?.[0] } : settings;
    const family = choice.key.split('.')[0]!;
    if (/widths|activation/.test(choice.key) && settings[`${family}.family`] !== 'mlp') return null;
    return <Row key={choice.key} choice={choice} settings={plain} options={options} refusal={refusal} turn={turn} />;
  };
  return (
    <section class="panel play-knobs" aria-labelledby="knobs">
      <h2 id="knobs">Knobs</h2>
      <p class="error small" role="alert" hidden={!refusal.sentence}>
        {refusal.sentence}
      </p>
      <div class="knob-group">{live.map(row)}</div>
      <h3 class="anew">These start the game anew</h3>
      <div class="knob-group">{anew.map(row)}</div>
    </section>
  );
}
