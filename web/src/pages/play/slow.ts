// Slow motion: one update, taken apart. It is made at once in the server; the page shows it phase by phase, each with a sentence, from what was
// before to what is now.
import { batch, signal } from '@preact/signals';

import { percent, short } from '../../shared/format';
import type { Game } from './game';
import { between } from './paint';
import type { Layer, Phase, Scene } from './types';

/** Parts of the picture of the networks that a phase lights up. */
export type Part = 'z' | 'G' | 'fakes' | 'reals' | 'D' | 'D-loss' | 'G-loss' | 'ahead';

export interface Stop {
  parts: Part[];
  caption: string;
  layers: Layer[];
  /** D and G move from what they were to what they are. */
  moves: 'D' | 'G' | null;
}

const kUsualPace = 2200; // ms a phase

interface Facts {
  before: Scene;
  after: Scene;
  settings: Record<string, unknown>;
  d_loss: number;
  g_loss: number;
  right_on: [number, number];
}

/** The phases of an update, in the order in which they happen. */
export function phases_of(phase: Phase, { after, settings, d_loss, g_loss, right_on, before }: Facts): Stop[] {
  const n = Number(settings['train.batch']);
  const learns_d = phase !== 'generator';
  const learns_g = phase !== 'discriminator';
  const unroll = Number(settings['game.unroll'] ?? 0);
  const noise = settings['latent.prior'] === 'uniform' ? 'evenly from −1 to 1' : 'from N(0, 1)';
  const dims = Number(settings['latent.dim']);
  const stops: Stop[] = [
    {
      parts: learns_d ? ['z', 'reals'] : ['z'], layers: ['reals'], moves: null,
      caption: `Noise is drawn: ${n} times z, ${dims === 1 ? 'one number' : `${dims} numbers`} ${noise}${learns_d ? `; and as many real points` : ''}.`,
    },
    { parts: ['G', 'fakes'], layers: ['reals', 'fakes', 'manifold'], moves: null, caption: 'G turns each z into a point: these are the fakes, at step ' + before.head.step + '.' },
    {
      parts: ['D'], layers: ['reals', 'fakes', 'surface'], moves: null,
      caption: `D judges every point: blue where it says real, orange where it says generated, dashed where it cannot tell.${learns_d ? ` It is right about ${percent(right_on[0])} of the reals and ${percent(right_on[1])} of the fakes.` : ''}`,
    },
  ];
  if (learns_d) {
    stops.push({
      parts: ['D-loss', 'D'], layers: ['reals', 'fakes', 'surface'], moves: 'D',
      caption: `D learns: its loss was ${short(d_loss)}, and its weights move a little so that it tells reals and fakes apart better. Watch the surface.`,
    });
  }
  if (learns_g) {
    if (unroll > 0) {
      stops.push({
        parts: ['ahead', 'D'], layers: ['reals', 'fakes', 'surface'], moves: null,
        caption: `G looks ahead: D makes ${unroll} updates on trial. What it will say then is what G listens to; the trial is forgotten afterwards.`,
      });
    }
    stops.push(
      {
        parts: ['G-loss', 'fakes'], layers: ['reals', 'fakes', 'surface', 'arrows'], moves: null,
        caption: `G asks D how: its loss is ${short(g_loss)}, and each arrow shows where that fake should go for D to take it for real.${after.head.no_arrows ? ' (This D pushes no point by itself.)' : ''}`,
      },
      {
        parts: ['G', 'fakes'], layers: ['reals', 'fakes', 'surface', 'arrows', 'manifold'], moves: 'G',
        caption: 'G learns: its weights move a little. One set of weights makes all points, so that no fake can follow its arrow by itself.',
      },
    );
  }
  return stops;
}

export class Slow {
  readonly on = signal(false);
  readonly running = signal(false);
  readonly stop = signal<Stop | null>(null);
  readonly index = signal(0);
  readonly count = signal(0);
  readonly pace = signal(kUsualPace);
  readonly painters = new Set<(scene: Scene, layers: ReadonlySet<Layer>) => void>();
  private stops: Stop[] = [];
  private facts: Facts | null = null;
  private began = 0;
  private frame = 0;
  private moving = false;

  constructor(private readonly game: Game) {}

  async start(): Promise<void> {
    this.game.pause();
    this.on.value = true;
    this.running.value = true;
    await this.next_update();
  }

  leave(): void {
    cancelAnimationFrame(this.frame);
    batch(() => {
      this.on.value = this.running.value = false;
      this.stop.value = null;
    });
    this.facts = null;
    const scene = this.game.scene.peek();
    if (scene) for (const paint of this.game.painters) paint(scene);
  }

  toggle(): void {
    this.running.value = !this.running.value;
    if (this.running.value) this.enter(this.index.value);
    else cancelAnimationFrame(this.frame);
  }

  /** The next phase; of the next update where this one is over. */
  async step(): Promise<void> {
    if (this.moving) return;
    if (this.index.value + 1 < this.stops.length) this.enter(this.index.value + 1);
    else await this.next_update();
  }

  private async next_update(): Promise<void> {
    if (this.moving) return;
    this.moving = true;
    await this.game.move('update');
    this.moving = false;
    const [before, after] = [this.game.before, this.game.scene.peek()];
    if (!before || !after || !after.head.phase || this.game.error.value || after.head.fault) return this.leave();
    if (!this.on.value) return;
    const { updates } = this.game.curves;
    const last = (k: number) => updates.y[k]!.at(-1) ?? NaN;
    this.facts = { before, after, settings: this.game.settings.value, g_loss: last(0), d_loss: last(1), right_on: [last(2), last(3)] };
    this.stops = phases_of(after.head.phase, this.facts);
    this.count.value = this.stops.length;
    this.enter(0);
  }

  private enter(i: number): void {
    cancelAnimationFrame(this.frame);
    batch(() => {
      this.index.value = i;
      this.stop.value = this.stops[i]!;
    });
    this.began = performance.now();
    this.draw();
  }

  private readonly draw = () => {
    const stop = this.stop.value;
    if (!stop || !this.facts) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const share = Math.min(1, (performance.now() - this.began) / (0.7 * this.pace.value));
    const eased = still ? 1 : share * share * (3 - 2 * share);
    const had = (what: 'D' | 'G') => this.stops.slice(0, this.index.value).some(({ moves }) => moves === what);
    const at = (what: 'D' | 'G') => (stop.moves === what ? eased : had(what) ? 1 : 0);
    // Of an update of both at once G's arrows are those of the D that was.
    const scene = between(this.facts.before, this.facts.after, at('D'), at('G'));
    if (this.facts.after.head.phase === 'both') scene.pushes = this.facts.before.pushes;
    if (stop.moves !== 'G' && !had('G')) scene.fakes = this.facts.before.fakes;
    const layers = new Set(stop.layers);
    for (const paint of this.painters) paint(scene, layers);
    if (!this.running.value) return;
    if (performance.now() - this.began >= this.pace.value) void this.step();
    else this.frame = requestAnimationFrame(this.draw);
  };
}
