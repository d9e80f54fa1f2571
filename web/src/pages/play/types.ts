// What GET play and POST play answer (docs/api.md), and what the page asks.
import type { NamedArray } from '../../api/frames';

export interface Preset {
  name: string;
  title: string;
  fails: boolean;
  look_at: string;
  why: string;
  cure: string;
  cure_set: Record<string, string>;
  cure_anew: boolean;
  cure_name: string;
  steps_a_frame: number;
  description: string;
  command: string;
}

export interface Games {
  presets: Preset[];
  sources: { name: string; sentence: string; dim: number }[];
  most_games: number;
  idle_seconds: number;
  drawn_points: [number, number];
}

export type Phase = 'both' | 'discriminator' | 'generator';
export type Move = 'step' | 'update' | 'discriminator' | 'generator';

export interface Head {
  game: string;
  preset: string;
  dim: number;
  latent: number;
  beginnings: number;
  step: number;
  updates: number;
  epoch: number;
  batch: number;
  moves: number;
  phase: Phase | '';
  next: Phase;
  frame: { x: [number, number]; y: [number, number] };
  js: number;
  js_floor: number;
  modes: number | null;
  of_modes: number;
  near_mode: number;
  /** Updates that the D which is shown beside is ahead; 0: none is. */
  ahead: number;
  no_arrows: string;
  fault: string;
  drawn?: boolean;
  settings?: Record<string, unknown>;
  turned?: { step: number; key: string; before: string; after: string }[];
  command?: string;
}

/** A game as it stands. */
export interface Scene {
  head: Head;
  reals: NamedArray;
  fakes: NamedArray;
  manifold?: NamedArray;
  manifold_z?: NamedArray;
  shares?: NamedArray;
  pushes?: NamedArray;
  ahead_shares?: NamedArray;
  ahead_pushes?: NamedArray;
}

/** What is drawn; the names stand in the address. */
export const kLayers = ['reals', 'fakes', 'surface', 'manifold', 'arrows'] as const;
export type Layer = (typeof kLayers)[number];
export const kLayerWords: Record<Layer, string> = { reals: 'reals', fakes: 'fakes', surface: 'D’s surface', manifold: 'G’s manifold', arrows: 'gradient arrows' };
