// What the server answers about sets of ink (docs/api.md).
export interface InkStroke {
  x: number[];
  y: number[];
  /** Seconds from the first point; not where they are unknown. */
  t?: number[];
}

export interface InkSymbol {
  label: string;
  writer: string;
  strokes: InkStroke[];
  /** "kept", or why the networks are not shown it. */
  fate: string;
  moves: number;
  /** Its strokes as the networks see them: the longer side is 1. */
  seen: InkStroke[];
}

export interface InkClass {
  name: string;
  count: number;
}

export interface InkCard {
  name: string;
  /** It lies where this server writes. */
  own: boolean;
  symbols?: number;
  classes?: InkClass[];
  bytes?: number;
  modified?: string;
  fault?: string;
}

export interface InkList {
  folder: string;
  sets: InkCard[];
  most: { classes: number; symbols: number; strokes: number; points: number };
}

export interface InkSet {
  name: string;
  own: boolean;
  lines: { top: number; baseline: number } | null;
  classes: InkClass[];
  symbols: InkSymbol[];
  /** The folder that commands have to name by --data; null where they find the set without. */
  data: string | null;
  /** Trains on it. */
  command: string;
}

export interface InkChanged {
  name: string;
  symbols: number;
  classes: InkClass[];
  symbol?: InkSymbol;
}
