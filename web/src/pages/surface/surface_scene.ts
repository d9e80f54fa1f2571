// A loss surface with three.js: height and colour are the loss, with contours, the path on it and the point. Drawn only when something changed.
import {
  AmbientLight, BufferAttribute, BufferGeometry, CanvasTexture, CatmullRomCurve3, DirectionalLight, DoubleSide, Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial,
  MeshLambertMaterial, PerspectiveCamera, Scene, SphereGeometry, Sprite, SpriteMaterial, TubeGeometry, Vector3, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';

import { sequential } from '../../shared/colours';
import { contours, loss_at, type Player, type Scale, type SurfaceFile } from './surface_data';

const kHeight = 1.1; // of the largest loss, the base being 2 x 2
const kLift = 0.012; // of lines above the surface
const kLevels = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => k / 10);

export class SurfaceScene {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(36, 1, 0.1, 30);
  private readonly controls: OrbitControls;
  private readonly body = new Group();
  private readonly way = new Group();
  private waiting = 0;

  /** @throws where the browser has no WebGL. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.camera.position.set(2.3, 2.5, 3.3);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enablePan = false;
    this.controls.target.set(0, 0.22, 0);
    this.controls.minDistance = 1.6;
    this.controls.maxDistance = 10;
    this.controls.update();
    this.controls.addEventListener('change', () => this.draw_soon());
    const light = new DirectionalLight(0xffffff, 1.7);
    light.position.set(-2, 4, 1.5);
    this.scene.add(new AmbientLight(0xffffff, 1.6), light, this.body, this.way);
  }

  resize(width: number, height: number): void {
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.fov = width < height ? 46 : 36;
    this.camera.updateProjectionMatrix();
    this.draw_soon();
  }

  show(surface: SurfaceFile, player: Player, scale: Scale, dark: boolean): void {
    empty(this.body);
    const rows = player === 'generator' ? surface.generator_loss : surface.discriminator_loss;
    const places = rows.map((row) => row.map((v) => (v === null ? NaN : scale.place(v))));
    this.body.add(mesh_of(places), lines_of(places, dark), frame_of(dark));
    const ink = dark ? '#e8ebf0' : '#1a1f26';
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
        const ball = new Mesh(new SphereGeometry(radius, 20, 14), new MeshBasicMaterial({ color, depthTest: false, transparent: true }));
        ball.position.copy(place(x, y));
        ball.renderOrder = order;
        this.way.add(ball);
      }
    }
    this.draw_soon();
  }

  /** Turns it, in radians. */
  turn(right: number, up: number): void {
    const from = this.camera.position.clone().sub(this.controls.target);
    const r = from.length();
    const around = Math.atan2(from.x, from.z) - right;
    const height = Math.min(1.5, Math.max(-0.4, Math.asin(from.y / r) + up));
    this.camera.position.set(r * Math.cos(height) * Math.sin(around), r * Math.sin(height), r * Math.cos(height) * Math.cos(around)).add(this.controls.target);
    this.controls.update();
    this.draw_soon();
  }

  nearer(factor: number): void {
    this.camera.position.sub(this.controls.target).multiplyScalar(factor).add(this.controls.target);
    this.controls.update();
    this.draw_soon();
  }

  close(): void {
    cancelAnimationFrame(this.waiting);
    for (const group of [this.body, this.way]) empty(group);
    this.controls.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  private draw_soon(): void {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.renderer.render(this.scene, this.camera);
      this.canvas.dataset.drawn = String(Number(this.canvas.dataset.drawn ?? 0) + 1);
    });
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
  return segments(ends, dark ? 0x77818f : 0x8a94a3, 1);
}

function segments(ends: number[], color: number, opacity: number): LineSegments {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(ends), 3));
  return new LineSegments(geometry, new LineBasicMaterial({ color, opacity, transparent: opacity < 1 }));
}

// three.js reckons in linear light.
function linear(byte: number): number {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function letter(text: string, ink: string): Sprite {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 96;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = ink;
  pen.font = 'bold 54px system-ui, sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, 48, 51);
  const sprite = new Sprite(new SpriteMaterial({ map: new CanvasTexture(canvas), depthTest: false, transparent: true }));
  sprite.scale.setScalar(0.26);
  return sprite;
}

function empty(group: Group): void {
  for (const child of [...group.children]) {
    group.remove(child);
    const { geometry, material } = child as Mesh<BufferGeometry, MeshBasicMaterial>;
    geometry?.dispose();
    (material as MeshBasicMaterial | undefined)?.map?.dispose();
    material?.dispose();
  }
}
