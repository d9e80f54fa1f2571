// Something that takes time, played: pause, speed, a slider. Nothing plays by itself.
import { useEffect, useRef, useState } from 'preact/hooks';

import './shared.css';

const kSpeeds = [0.25, 0.5, 1, 2, 4];

export interface Player {
  /** Seconds from the beginning; Infinity: all of it is shown. */
  time: number;
  duration: number;
  playing: boolean;
  speed: number;
  play: () => void;
  pause: () => void;
  /** Play, or pause. */
  toggle: () => void;
  seek: (time: number) => void;
  set_speed: (speed: number) => void;
  /** All is shown again. */
  end: () => void;
}

function wants_no_motion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * `stops`: where something is whole, ascending: the ends of strokes. Whoever wants no motion sees it go from one to the next, without
 * what lies between. `of`: what is played; another one begins anew.
 */
export function use_player(duration: number, stops: number[], of: unknown): Player {
  const [time, set_time] = useState(Infinity);
  const [playing, set_playing] = useState(false);
  const [speed, set_speed] = useState(1);
  const at = useRef({ time: Infinity, stamp: 0 });
  useEffect(() => {
    set_playing(false);
    set_time(Infinity);
  }, [of]);
  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    at.current.stamp = performance.now();
    const tick = (now: number) => {
      at.current.time += ((now - at.current.stamp) / 1000) * speed;
      at.current.stamp = now;
      if (at.current.time >= duration) {
        set_playing(false);
        set_time(Infinity);
        return;
      }
      const { time } = at.current;
      set_time(wants_no_motion() ? (stops.findLast((stop) => stop <= time) ?? 0) : time);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, duration, of]);
  const seek = (to: number) => {
    at.current.time = to >= duration ? Infinity : to;
    set_time(at.current.time);
  };
  const play = () => {
    if (duration <= 0) return;
    if (!(time < duration)) seek(0);
    else at.current.time = time;
    set_playing(true);
  };
  const pause = () => set_playing(false);
  return { time, duration, playing, speed, play, pause, toggle: () => (playing ? pause() : play()), seek, set_speed, end: () => (pause(), seek(Infinity)) };
}

export function PlayerBar({ player, what = 'the drawing' }: { player: Player; what?: string }) {
  const { time, duration, playing, speed } = player;
  const shown = Math.min(time, duration);
  return (
    <div class="player row small" role="group" aria-label={`Play ${what}`}>
      <button type="button" onClick={player.toggle} aria-label={playing ? 'Pause' : `Play ${what}`} title={playing ? 'Pause' : 'Play'} disabled={duration <= 0}>
        {playing ? '❚❚' : '▷'}
      </button>
      <input
        type="range" min={0} max={duration} step="any" value={shown} aria-label={`Time of ${what}`} aria-valuetext={`${shown.toFixed(1)} of ${duration.toFixed(1)} s`}
        disabled={duration <= 0}
        onInput={(event) => {
          player.pause();
          player.seek(Number(event.currentTarget.value));
        }}
      />
      <output>{`${shown.toFixed(1)} s`}</output>
      <label class="row">
        <span class="out-of-sight">Speed of {what}</span>
        <select value={speed} onChange={(event) => player.set_speed(Number(event.currentTarget.value))}>
          {kSpeeds.map((one) => (
            <option key={one} value={one}>{`${one} ×`}</option>
          ))}
        </select>
      </label>
    </div>
  );
}
