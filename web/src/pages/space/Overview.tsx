// Pictures over the plane: what is drawn at the middle of each of 8 x 8 fields.
import { useComputed } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';

import { canvas_of } from './export';
import { Looker } from './looking';
import { picture_of } from './paint';
import { use_session } from './session';
import { point_of, rounded } from './vectors';

const kFields = 8;

export function Overview() {
  const { state } = use_session();
  const canvas = useRef<HTMLCanvasElement>(null);
  const looker = useMemo(() => new Looker(), []);
  useEffect(() => () => looker.close(), []);
  // Compared by its text: what does not change the plane asks for nothing.
  const wanted = useComputed(() => {
    const plane = state.plane.value;
    if (!state.small && !plane) return '';
    const place = (i: number) => rounded(state.limit * ((2 * i + 1) / kFields - 1));
    const z: number[][] = [];
    for (let j = kFields - 1; j >= 0; --j) {
      for (let i = 0; i < kFields; ++i) z.push(plane ? point_of(plane, place(i), place(j)).map(rounded) : [place(i), place(j)]);
    }
    return JSON.stringify({
      run: state.run, ...state.asked_epoch.value, z, ...(state.info.classes ? { class: state.number.value } : {}), ...state.asked_condition,
      ...(state.sets.value.length ? { set: state.sets.value } : {}), want: { picture: true, classes: false, layers: false },
    });
  }).value;
  useEffect(() => {
    if (wanted) looker.ask(JSON.parse(wanted) as object);
  }, [wanted]);
  const frame = looker.result.value;
  const all = frame?.arrays.picture ?? frame?.arrays.strokes;
  useLayoutEffect(() => {
    if (!all || !canvas.current) return;
    const [width, height] = state.info.kind === 'ink' ? [56, 56] : [state.info.shape[2]!, state.info.shape[1]!];
    canvas.current.width = width * kFields;
    canvas.current.height = height * kFields;
    const pen = canvas.current.getContext('2d')!;
    for (let n = 0; n < all.shape[0]!; ++n) {
      pen.drawImage(canvas_of(state.info.kind, picture_of(all, n), state.info.kind === 'ink' ? 2 : 1), (n % kFields) * width, Math.floor(n / kFields) * height);
    }
  }, [all]);
  return <canvas ref={canvas} class="pixels" aria-hidden="true" />;
}
