// What look, map, walk and directions answer (docs/api.md).
export interface LayerActivity {
  node: string;
  kind: string;
  shape: number[];
  zero: number;
  near_zero: number;
  mean: number;
  rms: number;
  least: number;
  most: number;
}

export interface Term {
  layer: string;
  channel: number;
  row: number;
  column: number;
  weight: number;
  input: number;
  product: number;
}

export interface Taps {
  value: number;
  bias: number;
  count: number;
  terms: Term[];
  rest: number;
  sentence: string;
}

export interface LookHead {
  run: string;
  epoch: number;
  classes: number[];
  z: number[][];
  classifier: string;
  labels: number[];
  before_labels?: number[];
  change?: number[];
  layers?: LayerActivity[];
  taps?: Taps;
  command?: string;
  seconds?: number;
}

export interface MapHead {
  dims: 2 | 3;
  side: number;
  axis: number[];
  mass?: number;
  class_names: string[];
  wanted?: number;
  fourth?: number;
  epoch: number;
}

export interface MapPiece {
  spacing?: number;
  done?: number | boolean;
  total?: number;
  shares?: number[];
  wanted_share?: number;
  command?: string;
}

export interface Area {
  label: number;
  first: number;
  last: number;
}

export interface WalkHead {
  steps?: number;
  pictures?: number[];
  done?: boolean | number;
  areas?: Area[];
  words?: string | string[];
  command?: string;
}

export interface Direction {
  name: string;
  vector: number[];
  strength?: number;
}
