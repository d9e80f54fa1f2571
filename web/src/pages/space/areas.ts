// Connected areas of a map, and where in a plane their number stands: at the point that is farthest from other classes.
import { kUnknown } from './label_map';

/** The number of the area of each point, -1 where the class is unknown; neighbours are those along the axes. */
export function areas_of(labels: Int16Array, side: number, dims: 2 | 3): Int32Array {
  const area = new Int32Array(labels.length).fill(-1);
  const stack: number[] = [];
  let count = 0;
  for (let start = 0; start < labels.length; ++start) {
    const label = labels[start]!;
    if (label === kUnknown || area[start]! >= 0) continue;
    const own = count++;
    area[start] = own;
    stack.push(start);
    const visit = (at: number) => {
      if (area[at]! >= 0 || labels[at] !== label) return;
      area[at] = own;
      stack.push(at);
    };
    while (stack.length) {
      const at = stack.pop()!;
      for (let d = 0, stride = 1; d < dims; ++d, stride *= side) {
        const place = Math.floor(at / stride) % side;
        if (place > 0) visit(at - stride);
        if (place + 1 < side) visit(at + stride);
      }
    }
  }
  return area;
}

export interface AreaName {
  label: number;
  /** In steps of the grid. */
  i: number;
  j: number;
  /** Distance to the next class or the edge, in steps. */
  room: number;
}

/** One name for each area of a plane that has room for it. */
export function area_names(labels: Int16Array, side: number, least_room: number): AreaName[] {
  const area = areas_of(labels, side, 2);
  const room = rooms(area, side);
  const best = new Map<number, number>();
  for (let at = 0; at < area.length; ++at) {
    const own = area[at]!;
    if (own < 0) continue;
    const old = best.get(own);
    if (old === undefined || room[at]! > room[old]!) best.set(own, at);
  }
  const names: AreaName[] = [];
  for (const at of best.values()) {
    if (room[at]! >= least_room) names.push({ label: labels[at]!, i: Math.floor(at / side), j: at % side, room: room[at]! });
  }
  return names;
}

// Distance of every point to the nearest of another area or to the edge: two sweeps of a chamfer (1, sqrt 2).
function rooms(area: Int32Array, side: number): Float32Array {
  const room = new Float32Array(area.length);
  const edge = (i: number, j: number) => i === 0 || j === 0 || i === side - 1 || j === side - 1;
  for (let i = 0; i < side; ++i) {
    for (let j = 0; j < side; ++j) {
      const at = i * side + j;
      const other = !edge(i, j) && (area[at - 1] !== area[at] || area[at + 1] !== area[at] || area[at - side] !== area[at] || area[at + side] !== area[at]);
      room[at] = other || edge(i, j) ? 1 : 1e9;
    }
  }
  const step = (at: number, from: number, length: number) => {
    if (area[from] === area[at] && room[from]! + length < room[at]!) room[at] = room[from]! + length;
  };
  for (let at = 0; at < area.length; ++at) {
    const j = at % side;
    if (j > 0) step(at, at - 1, 1);
    if (at >= side) {
      step(at, at - side, 1);
      if (j > 0) step(at, at - side - 1, Math.SQRT2);
      if (j + 1 < side) step(at, at - side + 1, Math.SQRT2);
    }
  }
  for (let at = area.length - 1; at >= 0; --at) {
    const j = at % side;
    if (j + 1 < side) step(at, at + 1, 1);
    if (at + side < area.length) {
      step(at, at + side, 1);
      if (j + 1 < side) step(at, at + side + 1, Math.SQRT2);
      if (j > 0) step(at, at + side - 1, Math.SQRT2);
    }
  }
  return room;
}
