// Which curves there are: everything with a number in a run's events, the known ones first.
import { x_of, type XKind } from './axes';
import { series_colour } from './colours';
import type { History } from './history';
import type { Series } from './Plot';

export interface Line {
  field: string;
  label: string;
  colour: string;
  dash?: number[];
}

export interface Panel {
  key: string;
  title: string;
  about: string;
  /** The kind of event. */
  event: string;
  lines: Line[];
  level?: { value: number; words: string };
  bounds?: [number, number];
  /** The section of the Theory page that explains it. */
  theory?: string;
  /** Shown among the first ones. */
  first: boolean;
}

const kG = '--generator';
const kD = '--discriminator';

const kKnown: Panel[] = [
  {
    key: 'losses', title: 'Losses', event: 'step', first: true, theory: 'losses', about: 'Of both players, before each update. They measure the game, not the pictures.',
    lines: [
      { field: 'generator_loss', label: 'generator', colour: kG },
      { field: 'discriminator_loss', label: 'discriminator', colour: kD },
    ],
  },
  {
    key: 'parts', title: "Discriminator's loss in its parts", event: 'step', first: true, theory: 'losses', about: 'On real pictures and on generated ones.',
    lines: [
      { field: 'discriminator_real_loss', label: 'on real', colour: kD },
      { field: 'discriminator_fake_loss', label: 'on generated', colour: kG },
    ],
  },
  {
    key: 'accuracies', title: "Discriminator's accuracies", event: 'step', first: true, theory: 'optimal', level: { value: 0.5, words: 'chance' }, bounds: [-0.03, 1.03],
    about: 'The share of pictures that D takes for what they are. Both at 0.5: it cannot tell.',
    lines: [
      { field: 'real_accuracy', label: 'real', colour: kD },
      { field: 'fake_accuracy', label: 'generated', colour: kG },
    ],
  },
  {
    key: 'gradients', title: 'Gradient norms', event: 'step', first: true, theory: 'vanishing', about: 'Of all parameters of a player. Near zero it learns nothing; a sudden rise goes before a divergence.',
    lines: [
      { field: 'generator_gradient_norm', label: 'generator', colour: kG },
      { field: 'discriminator_gradient_norm', label: 'discriminator', colour: kD },
    ],
  },
  {
    key: 'speed', title: 'Speed', event: 'step', first: true, about: 'Real images a second.',
    lines: [{ field: 'time_images_per_second', label: 'images / s', colour: '--third' }],
  },
  {
    key: 'weak', title: 'Weak classifier: errors', event: 'weak', first: true, theory: 'metrics', level: { value: 0.5, words: 'chance' }, bounds: [-0.02, 0.55],
    about: 'A classifier trained from scratch to tell real from generated. Nearer to 0.5 is better.',
    lines: [{ field: 'error_rate', label: 'error rate', colour: '--third' }],
  },
  {
    key: 'weak-loss', title: 'Weak classifier: loss', event: 'weak', first: false, theory: 'metrics', level: { value: Math.LN2, words: 'chance' },
    about: 'Cross-entropy of the weak classifier. Higher is better, up to log 2.',
    lines: [{ field: 'val_loss', label: 'validation loss', colour: '--third' }],
  },
  {
    key: 'map', title: 'Class map: areas', event: 'map', first: true, bounds: [-0.03, 1.03], about: 'The share of the largest class area, and of points that changed their class since the map before.',
    lines: [
      { field: 'largest_share', label: 'largest area', colour: '--third' },
      { field: 'changed_share', label: 'changed', colour: kG, dash: [6, 3] },
      { field: 'wanted_share', label: 'as wanted', colour: kD, dash: [2, 3] },
    ],
  },
  {
    key: 'map-classes', title: 'Class map: classes with an area', event: 'map', first: true, about: 'How many classes the latent space holds.',
    lines: [{ field: 'classes', label: 'classes', colour: '--third' }],
  },
];

/** A field's name in words. */
function number_words(field: string): string {
  return field.replace(/^time_/, '').replaceAll('_', ' ');
}

// These say where an event stands, or never change.
const kPlaces = new Set(['step', 'epoch', 'images', 'time_seconds', 'seed', 'data_crc32', 'since_epoch']);
const kWithout = new Set(['start', 'end', 'pause', 'stop', 'checkpoint']);

/** The panels of which the run has events. */
export function panels_of(history: History): Panel[] {
  const panels: Panel[] = [];
  const known = new Set<string>();
  for (const panel of kKnown) {
    panel.lines.forEach(({ field }) => known.add(`${panel.event} ${field}`));
    const fields = history.table(panel.event)?.fields() ?? [];
    const lines = panel.lines.filter(({ field }) => fields.includes(field));
    if (lines.length || panel.key === 'losses') panels.push({ ...panel, lines: lines.length ? lines : panel.lines });
  }
  for (const [event, table] of history.tables) {
    if (kWithout.has(event)) continue;
    for (const field of table.fields()) {
      // Means of an epoch are those of its steps.
      if (kPlaces.has(field) || known.has(`${event} ${field}`) || (event === 'epoch' && known.has(`step ${field}`) && history.table('step')?.rows)) continue;
      const title = `${event}: ${number_words(field)}`;
      panels.push({
        key: `${event} ${field}`, title, event, first: false, about: `${field} of ${event} events.`,
        lines: [{ field, label: number_words(field), colour: series_colour(panels.length) }],
      });
    }
  }
  return panels;
}

export function series_of(history: History, panel: Panel, by: XKind): Series[] {
  const x = x_of(history, panel.event, by);
  return panel.lines.map(({ field, label, colour, dash }) => {
    const y = history.table(panel.event)?.column(field) ?? new Float64Array(0);
    return { label, colour, dash, x: y.length ? x : new Float64Array(0), y };
  });
}
