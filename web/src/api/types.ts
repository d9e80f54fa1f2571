// What the server answers (docs/api.md).
export interface Card {
  name: string;
  state: string;
  alive: boolean;
  reason?: string | null;
  recipe?: string;
  seed?: number;
  created?: string;
  updated?: string;
  parent?: { run: string; step: number } | null;
  epoch?: number;
  step?: number;
  total_steps?: number;
  images?: number;
  seconds?: number;
  seconds_left?: number | null;
  picture: string | null;
  losses: { images: number[]; generator: (number | string | null)[]; discriminator: (number | string | null)[] };
  warnings: Record<string, unknown>[];
}

export interface RunFile {
  file: string;
  address: string;
  bytes: number;
  modified: string;
  epoch?: number;
  step?: number;
}

export interface RunDetails {
  card: Card;
  run: Record<string, unknown>;
  recipe: RecipeText | null;
  recipe_fault?: string;
  snapshots: RunFile[];
  checkpoints: RunFile[];
  samples: RunFile[];
  maps: RunFile[];
  measures: RunFile[];
  directions: RunFile[];
  surfaces: RunFile[];
  inversions: RunFile[];
  films: RunFile[];
  files: RunFile[];
}

export interface RecipeText {
  name: string;
  description: string;
  options: Record<string, unknown>;
}

export interface Condition {
  key: string;
  values: unknown[];
  other?: boolean;
}

export interface Option {
  key: string;
  type: 'boolean' | 'integer' | 'number' | 'text' | 'integers';
  default: unknown;
  help: string;
  legal?: string;
  min?: number;
  max?: number;
  above_min?: boolean;
  below_max?: boolean;
  choices?: string[];
  /** The conditions in words. */
  needs?: string;
  conditions?: Condition[];
}

/** GET compare. Values are texts in the recipe's own writing. */
export interface Differences {
  runs: string[];
  differences: { key: string; values: string[] }[];
}

/** A file of measures/ (docs/measures.md). */
export interface Score {
  name: string;
  value: number | string | null;
  low: number | string | null;
  high: number | string | null;
  count_real: number;
  count_fake: number;
  floor: number | string | null;
  count_floor: number;
  better: 'lower' | 'higher' | 'half' | 'neither';
  protocol: string;
  epoch: number;
  step: number;
}

export type RunEvent = { event: string; step?: number; epoch?: number; images?: number } & Record<string, unknown>;

export interface ClassifierState {
  /** looking: the data are being opened, and whether there is one is not known yet. */
  state: 'ready' | 'missing' | 'fitting' | 'impossible' | 'looking';
  sentence: string;
  class_names?: string[];
  error_rate?: number;
  done?: number;
  total?: number;
}

export interface LayerInfo {
  node: string;
  kind: string;
  shape: number[];
  parameters?: number;
  from?: string[];
}

/** What a run's samples are. */
export type SampleKind = 'image' | 'ink' | 'points';

export interface GeneratorInfo {
  run: string;
  epoch: number;
  step: number;
  epochs: number[];
  /** These are the newest weights, and later than the last snapshot. */
  beyond: boolean;
  latent: { dim: number; prior: 'normal' | 'uniform' };
  classes: number;
  class_names: string[];
  /** Of a model that takes a vector beside z: the first one of its data, and from where to where they go. */
  condition?: { first: number[]; low: number[]; high: number[] } | null;
  screen: '2d' | '3d' | '4d' | 'plane';
  kind: SampleKind;
  shape: number[];
  layers: LayerInfo[];
  seeds: { z: number[][] };
  classifier: ClassifierState;
}
