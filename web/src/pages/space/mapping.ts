// Which map is wanted, those that were finished, and the one that is coming.
import { computed, effect, signal } from '@preact/signals';

import type { Frame } from '../../api/frames';
import type { MapHead } from './answers';
import { LabelMap } from './label_map';
import { request_of, type State } from './state';
import { Streaming } from './streaming';

const kKept = 24;
const kPlanePause = 70; // ms
const kCubePause = 500;
export const kPlaneSide = 100;
export const kCubeSide = 32;

export class Mapping {
  /** The map that is shown; an older one until the first piece of the wanted one came. */
  readonly shown = signal<LabelMap | null>(null);
  /** Changes as pieces come. */
  readonly version = signal(0);
  /** Likewise, but less often: a cube takes long to draw. */
  readonly cube_version = signal(0);
  private told = 0;
  private told_cube = 0;
  private timer = 0;
  /** Share of the pictures of the wanted class on each cube that was finished, by `run epoch class ...`. */
  readonly wanted_shares = signal(new Map<string, number>());
  readonly streaming: Streaming<{ key?: string }>;
  /** Whether a map can be asked for at all: there is a classifier. */
  readonly possible = signal(false);
  private readonly kept = new Map<string, LabelMap>();
  private coming: LabelMap | null = null;
  private readonly stop: () => void;

  constructor(private readonly state: State) {
    this.streaming = new Streaming('/map', {
      first: (frame: Frame) => (this.coming = new LabelMap(frame.head as unknown as MapHead)),
      piece: (frame: Frame, body) => this.take(frame, body),
    });
    this.stop = effect(() => this.follow());
  }

  /** What the map of class k is asked by, at the shown epoch; without the class: what all maps of now have in common. */
  request(k: number): Record<string, unknown> {
    const { state } = this;
    const reach = state.reach.value;
    const plane = state.plane.value;
    return {
      run: state.run,
      ...state.asked_epoch.value,
      ...(state.info.classes ? { class: k } : {}),
      ...(reach === 'q' ? { axis: 'quantile' } : reach === '1' ? {} : { range: Number(reach) }),
      ...(state.info.screen === 'plane' ? { plane } : {}),
      ...(state.info.screen === '4d' ? { fourth: state.z.value[3]! } : {}),
      ...(state.sets.value.length ? { set: state.sets.value } : {}),
      side: state.info.screen === '2d' || state.info.screen === 'plane' ? kPlaneSide : kCubeSide,
    };
  }

  // One text, compared by its value: moves that leave the map as it is ask for nothing.
  private readonly wanted = computed(() => {
    if (!this.possible.value) return '';
    if (this.state.info.screen === 'plane' && !this.state.plane.value) return '';
    return this.state.key_of(this.request(this.state.map_class.value));
  });

  private follow(): void {
    const key = this.wanted.value;
    if (!key) {
      this.streaming.leave();
      this.shown.value = null;
      return;
    }
    const kept = this.kept.get(key);
    if (kept) {
      this.streaming.leave();
      this.shown.value = kept;
      this.tell(true);
      return;
    }
    this.streaming.ask(request_of(key));
  }

  private take(frame: Frame, body: { key?: string }): boolean {
    const map = this.coming;
    if (!map) return false;
    map.take(frame);
    // An older map stays until the new one is whole, if coarse: no flicker.
    if (!map.whole && this.shown.peek()) return false;
    this.shown.value = map;
    this.tell(map.done);
    if (!map.done) return true;
    const key = this.state.key_of(body);
    this.kept.set(key, map);
    if (this.kept.size > kKept) this.kept.delete(this.kept.keys().next().value!);
    if (map.wanted_share !== null) this.wanted_shares.value = new Map(this.wanted_shares.peek()).set(key, map.wanted_share);
    return true;
  }

  // Pieces come by the hundred; the page is told a few times a second, of the cube less often.
  private tell(done: boolean): void {
    const now = performance.now();
    clearTimeout(this.timer);
    if (done || now - this.told >= kPlanePause) {
      this.told = now;
      this.version.value = this.version.peek() + 1;
      if (done || now - this.told_cube >= kCubePause) {
        this.told_cube = now;
        this.cube_version.value = this.cube_version.peek() + 1;
      }
    } else this.timer = window.setTimeout(() => this.tell(false), kPlanePause);
  }

  close(): void {
    clearTimeout(this.timer);
    this.stop();
    this.streaming.close();
  }
}
