// What every scene of three.js here has: a camera that is turned about a point by hand or key, drawn only when something changed.
import { type BufferGeometry, CanvasTexture, Group, Mesh, MeshBasicMaterial, PerspectiveCamera, Scene, SphereGeometry, Sprite, SpriteMaterial, WebGLRenderer } from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';

export interface View {
  fov: number;
  far: number;
  from: [number, number, number];
  target: [number, number, number];
  nearest: number;
  farthest: number;
  /** How far down the keys turn it, in radians. */
  lowest: number;
}

export class Stage {
  protected readonly renderer: WebGLRenderer;
  protected readonly scene = new Scene();
  protected readonly camera: PerspectiveCamera;
  private readonly controls: OrbitControls;
  private waiting = 0;

  /** @throws where the browser has no WebGL. */
  constructor(protected readonly canvas: HTMLCanvasElement, private readonly view: View, private readonly groups: readonly Group[]) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.camera = new PerspectiveCamera(view.fov, 1, 0.1, view.far);
    this.camera.position.set(...view.from);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enablePan = false;
    this.controls.target.set(...view.target);
    this.controls.update();
    this.controls.minDistance = view.nearest;
    this.controls.maxDistance = view.farthest;
    this.controls.addEventListener('change', () => this.draw_soon());
    this.scene.add(...groups);
  }

  resize(width: number, height: number): void {
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.draw_soon();
  }

  /** Turns it, in radians. */
  turn(right: number, up: number): void {
    const { position } = this.camera;
    const from = position.clone().sub(this.controls.target);
    const r = from.length();
    const around = Math.atan2(from.x, from.z) - right;
    const height = Math.min(1.5, Math.max(this.view.lowest, Math.asin(from.y / r) + up));
    position.set(r * Math.cos(height) * Math.sin(around), r * Math.sin(height), r * Math.cos(height) * Math.cos(around)).add(this.controls.target);
    this.controls.update();
    this.draw_soon();
  }

  nearer(factor: number): void {
    this.camera.position.sub(this.controls.target).multiplyScalar(factor).add(this.controls.target);
    this.controls.update();
    this.draw_soon();
  }

  /** As it is now, for a picture; valid until the next task. */
  draw_now(): HTMLCanvasElement {
    this.renderer.render(this.scene, this.camera);
    return this.canvas;
  }

  close(): void {
    cancelAnimationFrame(this.waiting);
    for (const group of this.groups) empty(group);
    this.controls.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  protected draw_soon(): void {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.draw_now();
    });
  }
}

export function ball(radius: number, color: number, order: number): Mesh {
  const mesh = new Mesh(new SphereGeometry(radius, 20, 14), new MeshBasicMaterial({ color, depthTest: false, transparent: true }));
  mesh.renderOrder = order;
  return mesh;
}

/** A byte of a colour in linear light, in which three.js reckons. */
export function linear(byte: number): number {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

export function ink_of(dark: boolean): string {
  return dark ? '#e8ebf0' : '#1a1f26';
}

export function frame_colour(dark: boolean): number {
  return dark ? 0x77818f : 0x8a94a3;
}

/** A letter that faces the reader, on a round ground or none. */
export function letter(text: string, ink: string, ground: string | null = null): Sprite {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 96;
  const pen = canvas.getContext('2d')!;
  if (ground) {
    pen.fillStyle = ground;
    pen.strokeStyle = ink;
    pen.lineWidth = 7;
    pen.beginPath();
    pen.arc(48, 48, 40, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }
  pen.fillStyle = ink;
  pen.font = `bold ${text.length > 1 ? 46 : 54}px system-ui, sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, 48, 51);
  const sprite = new Sprite(new SpriteMaterial({ map: new CanvasTexture(canvas), depthTest: false, transparent: true }));
  sprite.scale.setScalar(ground ? 0.2 : 0.26);
  return sprite;
}

/** Takes everything out and frees it. */
export function empty(group: Group): void {
  for (const child of [...group.children]) {
    group.remove(child);
    const { geometry, material } = child as Mesh<BufferGeometry, MeshBasicMaterial>;
    geometry?.dispose();
    (material as MeshBasicMaterial | undefined)?.map?.dispose();
    material?.dispose();
  }
}
