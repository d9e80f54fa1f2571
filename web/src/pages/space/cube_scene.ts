// The cube of class areas with three.js: points or slices, the sections' point, A, B and the line. Drawn only when something changed.
import {
  BoxGeometry, BufferAttribute, BufferGeometry, CatmullRomCurve3, ConeGeometry, CylinderGeometry, DataTexture, DoubleSide, EdgesGeometry, Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial,
  NearestFilter, Plane, PlaneGeometry, Points, PointsMaterial, type Sprite, SRGBColorSpace, TubeGeometry, Vector3,
} from 'three';

import { class_colour, rgb_of } from '../../shared/colours';
import { ball, empty, frame_colour, ink_of, letter, linear, Stage, type View } from '../../shared/stage';
import type { Boundary } from './kept_directions';
import { coordinate_at, type LabelMap, place_on } from './label_map';

export interface CubeLook {
  shape: 'points' | 'slices';
  opacity: number;
  /** Which points are drawn. */
  shown: (at: number) => boolean;
  dark: boolean;
  names: string[];
}

export interface CubeMarks {
  z: number[];
  a: number[] | null;
  b: number[] | null;
  line: number[][] | null;
}

const kView: View = { fov: 38, far: 20, from: [2.6, 1.9, 4.1], target: [0, -0.08, 0], nearest: 2, farthest: 9, lowest: -1.5 };
const kSlices = 16;
const kPlaneSteps = 32;
const kCubeSides = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].flatMap(([x, y, z]) => [1, -1].map((s) => new Plane(new Vector3(s * x!, s * y!, s * z!), 1)));

export class CubeScene extends Stage {
  private readonly body: Group;
  private readonly frame: Group;
  private readonly planes: Group;
  private readonly way: Group;
  private readonly marks: Group;
  private readonly point = [ball(0.066, 0x000000, 7), ball(0.048, 0xffffff, 8)];
  private readonly sign_a = end_sign('A');
  private readonly sign_b = end_sign('B');
  private line: number[][] | null = null;
  private side = 32;
  private axis: readonly number[] = [-1, 1];

  /** @throws where the browser has no WebGL. */
  constructor(canvas: HTMLCanvasElement) {
    const groups = Array.from({ length: 5 }, () => new Group()) as [Group, Group, Group, Group, Group];
    super(canvas, kView, groups);
    [this.body, this.frame, this.planes, this.way, this.marks] = groups;
    this.marks.add(...this.point, this.sign_a, this.sign_b);
    this.marks.visible = false;
    this.renderer.localClippingEnabled = true;
  }

  show(map: LabelMap | null, look: CubeLook): void {
    empty(this.body);
    empty(this.frame);
    this.frame.add(new LineSegments(new EdgesGeometry(new BoxGeometry(2, 2, 2)), new LineBasicMaterial({ color: frame_colour(look.dark) })));
    const ink = ink_of(look.dark);
    [[1.12, -1.08, -1.08], [-1.08, 1.12, -1.08], [-1.08, -1.08, 1.12]].forEach((at, i) => {
      const sign = letter(look.names[i] ?? `z${i + 1}`, ink);
      sign.position.set(at[0]!, at[1]!, at[2]!);
      this.frame.add(sign);
    });
    if (map) {
      if (this.axis !== map.axis) this.line = null; // it is drawn anew in the new coordinates
      this.side = map.side;
      this.axis = map.axis;
      if (look.shape === 'points') this.body.add(points_of(map, look));
      else for (const slice of slices_of(map, look)) this.body.add(slice);
    }
    this.draw_soon();
  }

  mark({ z, a, b, line }: CubeMarks): void {
    this.marks.visible = true;
    for (const one of this.point) one.position.copy(this.place(z));
    for (const [sign, at] of [[this.sign_a, a], [this.sign_b, b]] as const) {
      sign.visible = at !== null;
      if (at) sign.position.copy(this.place(at));
    }
    if (line !== this.line) {
      this.line = line;
      empty(this.way);
      if (line && line.length > 1) this.draw_way(line);
    }
    this.draw_soon();
  }

  /** The planes n'z + offset = 0, each with an arrow to where there is more of its attribute; `rest`: coordinates of z beyond the third. */
  cut(boundaries: readonly Boundary[], rest: readonly number[]): void {
    empty(this.planes);
    for (const { colour, normal, offset } of boundaries) {
      const level = offset + rest.reduce((sum, value, i) => sum + value * normal[3 + i]!, 0);
      this.planes.add(...this.plane_of(normal, level, colour));
    }
    this.draw_soon();
  }

  // A field of heights over the two axes that the plane is least steep over, in the map's own coordinates; the graphics card cuts it at the cube.
  private plane_of(normal: readonly number[], level: number, colour: string): Mesh[] {
    const k = [0, 1, 2].reduce((best, d) => (Math.abs(normal[d]!) > Math.abs(normal[best]!) ? d : best), 0);
    const [i, j] = [0, 1, 2].filter((d) => d !== k) as [number, number];
    const places = new Float32Array(3 * (kPlaneSteps + 1) ** 2);
    const faces: number[] = [];
    const at = (step: number) => coordinate_at(this.axis, (step / kPlaneSteps) * this.side - 0.5);
    for (let p = 0, n = 0; p <= kPlaneSteps; ++p) {
      for (let q = 0; q <= kPlaneSteps; ++q, ++n) {
        const height = -(level + normal[i]! * at(p) + normal[j]! * at(q)) / normal[k]!;
        places[3 * n + i] = (p / kPlaneSteps) * 2 - 1;
        places[3 * n + j] = (q / kPlaneSteps) * 2 - 1;
        places[3 * n + k] = Math.min(9, Math.max(-9, this.in_cube(height)));
        if (p < kPlaneSteps && q < kPlaneSteps) faces.push(n, n + 1, n + kPlaneSteps + 1, n + 1, n + kPlaneSteps + 2, n + kPlaneSteps + 1);
      }
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(places, 3));
    geometry.setIndex(faces);
    const sheet = new Mesh(geometry, new MeshBasicMaterial({ color: colour, transparent: true, opacity: 0.6, side: DoubleSide, depthWrite: false, clippingPlanes: kCubeSides }));
    sheet.renderOrder = 1;
    const foot = [0, 1, 2].map((d) => -level * normal[d]!);
    if (foot.some((x) => Math.abs(this.in_cube(x)) > 1)) return [sheet];
    const way = new Vector3(normal[0], normal[1], normal[2]).normalize();
    const root = new Vector3(...(foot.map((x) => this.in_cube(x)) as [number, number, number]));
    const ink = new MeshBasicMaterial({ color: colour, depthTest: false, transparent: true });
    const shaft = new Mesh(new CylinderGeometry(0.018, 0.018, 0.4, 8), ink);
    const head = new Mesh(new ConeGeometry(0.055, 0.14, 12), ink.clone());
    [shaft, head].forEach((mesh, n) => {
      mesh.quaternion.setFromUnitVectors(new Vector3(0, 1, 0), way);
      mesh.position.copy(root).addScaledVector(way, n === 0 ? 0.2 : 0.45);
      mesh.renderOrder = 5;
    });
    return [sheet, shaft, head];
  }

  // Where a coordinate lies in the cube, from -1 to 1 within.
  private in_cube(value: number): number {
    return ((place_on(this.axis, value) + 0.5) / this.side) * 2 - 1;
  }

  private draw_way(line: number[][]): void {
    const curve = new CatmullRomCurve3(line.map((point) => this.place(point)));
    [0xffffff, 0x000000].forEach((color, i) => {
      const mesh = new Mesh(new TubeGeometry(curve, 48, i === 0 ? 0.02 : 0.011, 6), new MeshBasicMaterial({ color, depthTest: false, transparent: true }));
      mesh.renderOrder = 2 + i;
      this.way.add(mesh);
    });
  }

  // Of a coordinate in the cube, which reaches from -1 to 1; what lies far beyond stays near.
  private place(z: number[]): Vector3 {
    const at = [0, 1, 2].map((d) => Math.min(1.5, Math.max(-1.5, this.in_cube(z[d]!))));
    return new Vector3(at[0], at[1], at[2]);
  }
}

function points_of(map: LabelMap, { opacity, shown }: CubeLook): Points {
  const { side, labels } = map;
  const places = new Float32Array(3 * labels.length);
  const colours = new Float32Array(3 * labels.length);
  let count = 0;
  for (let i = 0, at = 0; i < side; ++i) {
    for (let j = 0; j < side; ++j) {
      for (let k = 0; k < side; ++k, ++at) {
        if (labels[at]! < 0 || !shown(at)) continue;
        const colour = light_of(labels[at]!);
        for (let d = 0; d < 3; ++d) {
          places[3 * count + d] = (((d === 0 ? i : d === 1 ? j : k) + 0.5) / side) * 2 - 1;
          colours[3 * count + d] = colour[d]!;
        }
        ++count;
      }
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(places.subarray(0, 3 * count), 3));
  geometry.setAttribute('color', new BufferAttribute(colours.subarray(0, 3 * count), 3));
  const solid = opacity >= 0.95;
  return new Points(geometry, new PointsMaterial({ size: (2.6 / side) * (0.35 + 0.65 * opacity), vertexColors: true, transparent: !solid, opacity: solid ? 1 : 0.25 + 0.75 * opacity, depthWrite: opacity > 0.4 }));
}

function slices_of(map: LabelMap, { opacity, shown }: CubeLook): Mesh[] {
  const { side, labels } = map;
  const count = Math.min(kSlices, side);
  return Array.from({ length: count }, (_, s) => {
    const k = Math.round((s * (side - 1)) / (count - 1));
    const bytes = new Uint8Array(4 * side * side);
    for (let j = 0; j < side; ++j) {
      for (let i = 0; i < side; ++i) {
        const at = (i * side + j) * side + k;
        if (labels[at]! < 0 || !shown(at)) continue;
        bytes.set(rgb_of(class_colour(labels[at]!)), 4 * (j * side + i));
        bytes[4 * (j * side + i) + 3] = 255;
      }
    }
    const texture = new DataTexture(bytes, side, side);
    texture.colorSpace = SRGBColorSpace;
    texture.magFilter = texture.minFilter = NearestFilter;
    texture.needsUpdate = true;
    const mesh = new Mesh(new PlaneGeometry(2, 2), new MeshBasicMaterial({ map: texture, transparent: true, opacity: opacity * opacity, alphaTest: 0.02, side: DoubleSide, depthWrite: opacity > 0.95 }));
    mesh.position.z = ((k + 0.5) / side) * 2 - 1;
    return mesh;
  });
}

function end_sign(name: string): Sprite {
  const sprite = letter(name, '#000000', '#ffffff');
  sprite.renderOrder = 6;
  return sprite;
}

const lights = new Map<number, number[]>();
/** Colour of a class in linear light, in which three.js reckons. */
function light_of(k: number): number[] {
  let light = lights.get(k);
  if (!light) lights.set(k, (light = rgb_of(class_colour(k)).map(linear)));
  return light;
}
