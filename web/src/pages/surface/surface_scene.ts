// A loss surface with three.js: height and colour are the loss, with contours, the path on it and the point. Drawn only when something changed.
import {
  AmbientLight, BufferAttribute, BufferGeometry, CatmullRomCurve3, DirectionalLight, DoubleSide, Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial, MeshLambertMaterial, TubeGeometry,
  Vector3,
} from 'three';

import { sequential } from '../../shared/colours';
import { ball, empty, frame_colour, ink_of, letter, linear, Stage, type View } from '../../shared/stage';
import { contours, loss_at, type Player, type Scale, type SurfaceFile } from './surface_data';

const kView: View = { fov: 36, far: 30, from: [2.3, 2.5, 3.3], target: [0, 0.22, 0], nearest: 1.6, farthest: 10, lowest: -0.4 };
const kHeight = 1.1; // of the largest loss, the base being 2 x 2
const kLift = 0.012; // of lines above the surface
const kLevels = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => k / 10);

export class SurfaceScene extends Stage {
  private readonly body: Group;
  private readonly way: Group;

  /** @throws where the browser has no WebGL. */
  constructor(canvas: HTMLCanvasElement) {
    const groups: [Group, Group] = [new Group(), new Group()];
    super(canvas, kView, groups);
    [this.body, this.way] = groups;
    const light = new DirectionalLight(0xffffff, 1.7);
    light.position.set(-2, 4, 1.5);
    this.scene.add(new AmbientLight(0xffffff, 1.6), light);
  }

  override resize(width: number, height: number): void {
    this.camera.fov = width < height ? 46 : kView.fov;
    super.resize(width, height);
  }

  show(surface: SurfaceFile, player: Player, scale: Scale, dark: boolean): void {
    empty(this.body);
    const rows = player === 'generator' ? surface.generator_loss : surface.discriminator_loss;
    const places = rows.map((row) => row.map((v) => (v === null ? NaN : scale.place(v))));
    this.body.add(mesh_of(places), lines_of(places, dark), frame_of(dark));
    const ink = ink_of(dark);
    for (const [text, x, z] of [['x', 0, 1.16], ['y', 1.16, 0]] as const) {
      const sign = letter(text, ink);
      sign.position.set(x, -0.06, z);
      this.body.add(sign);
    }
    this.draw_soon();
  }

  /** The path to the mark `until` (of none: the point in the origin). */
  mark(surface: SurfaceFile, player: Player, scale: Scale, until: number): void {
    empty(this.way);
    const rows = player === 'generator' ? surface.generator_loss : surface.discriminator_loss;
    const place = (x: number, y: number) => {
      const loss = loss_at(surface, rows, x, y);
      const part = (v: number, { low, high }: { low: number; high: number }) => (2 * (v - low)) / (high - low) - 1;
      return new Vector3(part(x, surface.x), kHeight * (loss === null ? 0 : Math.max(0, scale.place(loss))) + kLift, -part(y, surface.y));
    };
    const shown = surface.marks.slice(0, until + 1);
    if (surface.kind === 'path' && shown.length > 1) {
      // Straight in the plane, up and down with the surface.
      const points: Vector3[] = [];
      for (let i = 0; i + 1 < shown.length; ++i) {
        for (let k = 0; k < 12; ++k) {
          const t = k / 12;
          points.push(place(shown[i]!.x + t * (shown[i + 1]!.x - shown[i]!.x), shown[i]!.y + t * (shown[i + 1]!.y - shown[i]!.y)));
        }
      }
      points.push(place(shown.at(-1)!.x, shown.at(-1)!.y));
      const curve = new CatmullRomCurve3(points, false, 'centripetal');
      [[0.021, 0x000000], [0.0125, 0xffffff]].forEach(([radius, color], i) => {
        const tube = new Mesh(new TubeGeometry(curve, Math.min(800, 4 * points.length), radius, 6), new MeshBasicMaterial({ color, depthTest: false, transparent: true }));
        tube.renderOrder = 2 + i;
        this.way.add(tube);
      });
    }
    const balls = surface.marks.length === 0 ? [{ x: 0, y: 0 }] : surface.kind === 'plane' ? surface.marks : shown.slice(-1);
    for (const { x, y } of balls) {
      for (const [radius, color, order] of [[0.055, 0x000000, 7], [0.042, 0xe63c32, 8]] as const) {
        const one = ball(radius, color, order);
        one.position.copy(place(x, y));
        this.way.add(one);
      }
    }
    this.draw_soon();
  }

  override draw_now(): HTMLCanvasElement {
    this.canvas.dataset.drawn = String(Number(this.canvas.dataset.drawn ?? 0) + 1);
    return super.draw_now();
  }
}

function at_grid(column: number, row: number, last: number, place: number): [number, number, number] {
  return [(2 * column) / last - 1, kHeight * place, 1 - (2 * row) / last];
}

function mesh_of(places: number[][]): Mesh {
  const n = places.length;
  const where = new Float32Array(3 * n * n);
  const colours = new Float32Array(3 * n * n);
  const faces: number[] = [];
  for (let r = 0; r < n; ++r) {
    for (let c = 0; c < n; ++c) {
      const at = r * n + c;
      const place = places[r]![c]!;
      where.set(at_grid(c, r, n - 1, Number.isFinite(place) ? place : 0), 3 * at);
      colours.set(sequential(place).map(linear), 3 * at);
      if (r + 1 === n || c + 1 === n) continue;
      if (![place, places[r]![c + 1]!, places[r + 1]![c]!, places[r + 1]![c + 1]!].every(Number.isFinite)) continue; // a hole
      faces.push(at, at + 1, at + n, at + 1, at + n + 1, at + n);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(where, 3));
  geometry.setAttribute('color', new BufferAttribute(colours, 3));
  geometry.setIndex(faces);
  geometry.computeVertexNormals();
  return new Mesh(geometry, new MeshLambertMaterial({ vertexColors: true, side: DoubleSide, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 }));
}

function lines_of(places: number[][], dark: boolean): LineSegments {
  const ends: number[] = [];
  for (const [c0, r0, c1, r1, level] of contours(places, kLevels) as [number, number, number, number, number][]) {
    for (const [c, r] of [[c0, r0], [c1, r1]] as const) {
      const [x, y, z] = at_grid(c, r, places.length - 1, level);
      ends.push(x, y + kLift / 3, z);
    }
  }
  return segments(ends, dark ? 0xffffff : 0x10151c, 0.4);
}

function frame_of(dark: boolean): LineSegments {
  const ends: number[] = [];
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const;
  corners.forEach(([x, z], i) => {
    const [u, w] = corners[(i + 1) % 4]!;
    ends.push(x, 0, z, u, 0, w, x, 0, z, x, kHeight, z);
  });
  return segments(ends, frame_colour(dark), 1);
}

function segments(ends: number[], color: number, opacity: number): LineSegments {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(ends), 3));
  return new LineSegments(geometry, new LineBasicMaterial({ color, opacity, transparent: opacity < 1 }));
}
