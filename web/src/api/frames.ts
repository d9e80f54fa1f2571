// Frames: a JSON head and raw arrays, many in a row (docs/api.md, "Frames").
export type Values = Uint8Array | Int32Array | Float32Array;

export interface NamedArray {
  shape: number[];
  values: Values;
}

export interface Frame<Head = Record<string, unknown>> {
  head: Head;
  arrays: Record<string, NamedArray>;
}

interface Entry {
  name: string;
  type: 'u8' | 'i32' | 'f32';
  shape: number[];
  offset: number;
}

const kPrefix = 8;
const kMost = 1 << 28;

function decode_one(head: Uint8Array, body: Uint8Array): Frame {
  const json = JSON.parse(new TextDecoder().decode(head)) as { arrays?: Entry[] };
  const arrays: Record<string, NamedArray> = {};
  for (const { name, type, shape, offset } of json.arrays ?? []) {
    const count = shape.reduce((product, n) => product * n, 1);
    const bytes = count * (type === 'u8' ? 1 : 4);
    if (offset + bytes > body.length) throw new Error(`the array ${name} reaches beyond its frame`);
    const copy = body.slice(offset, offset + bytes); // aligned, and the frame's memory is free again
    arrays[name] = { shape, values: type === 'u8' ? copy : type === 'i32' ? new Int32Array(copy.buffer) : new Float32Array(copy.buffer) };
  }
  return { head: json as Record<string, unknown>, arrays };
}

/** Takes bytes as they come and gives the frames that are whole. */
export class FrameReader {
  private rest = new Uint8Array(0);

  take(bytes: Uint8Array): Frame[] {
    const all = new Uint8Array(this.rest.length + bytes.length);
    all.set(this.rest);
    all.set(bytes, this.rest.length);
    const frames: Frame[] = [];
    let at = 0;
    while (all.length - at >= kPrefix) {
      const view = new DataView(all.buffer, at);
      const head = view.getUint32(0, true);
      const body = view.getUint32(4, true);
      if (head > kMost || body > kMost) throw new Error('this is no frame');
      if (all.length - at < kPrefix + head + body) break;
      frames.push(decode_one(all.subarray(at + kPrefix, at + kPrefix + head), all.subarray(at + kPrefix + head, at + kPrefix + head + body)));
      at += kPrefix + head + body;
    }
    this.rest = all.slice(at);
    return frames;
  }
}

export function decode_frames(bytes: Uint8Array): Frame[] {
  return new FrameReader().take(bytes);
}
