// As much of WebAssembly's binary format (version 1 with 128-bit vectors) as one function needs.

export type Code = number[];

function unsigned(value: number): Code {
  const bytes: Code = [];
  do {
    const more = value > 127 ? 128 : 0;
    bytes.push((value & 127) | more);
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

function signed(value: number): Code {
  const bytes: Code = [];
  for (;;) {
    const byte = value & 127;
    value >>= 7;
    if ((value === 0 && !(byte & 64)) || (value === -1 && byte & 64)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}

function text(value: string): Code {
  return [...unsigned(value.length), ...[...value].map((c) => c.charCodeAt(0))];
}

function list(items: Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function section(id: number, body: Code): Code {
  return [id, ...unsigned(body.length), ...body];
}

const kI32 = 0x7f, kV128 = 0x7b;
const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const memory = (align: number, offset: number): Code => [align, ...unsigned(offset)];

export const op = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  number: (value: number): Code => [0x41, ...signed(value)],
  add: [0x6a],
  less: [0x49], // of unsigned numbers
  i32_load: (offset: number): Code => [0x28, ...memory(2, offset)],
  load: (offset: number): Code => [...vector(0x00), ...memory(2, offset)],
  load_splat: (offset: number): Code => [...vector(0x09), ...memory(2, offset)], // one f32 into four lanes
  store: (offset: number): Code => [...vector(0x0b), ...memory(2, offset)],
  add_floats: vector(0xe4),
  multiply_floats: vector(0xe6),
  /** The body once, and again while the condition that it leaves is not 0. */
  repeat: (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0x00, 0x0b],
};

/** A module with one function `name` of i32 parameters without a result, over the memory 'm' 'memory'. */
export function module_of(name: string, parameters: number, i32s: number, vectors: number, body: Code): Uint8Array<ArrayBuffer> {
  const locals = list([[...unsigned(i32s), kI32], [...unsigned(vectors), kV128]]);
  const code = [...locals, ...body, 0x0b];
  return new Uint8Array([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
    ...section(1, list([[0x60, ...list(Array(parameters).fill([kI32])), 0x00]])),
    ...section(2, list([[...text('m'), ...text('memory'), 0x02, 0x00, 0x00]])),
    ...section(3, list([[0x00]])),
    ...section(7, list([[...text(name), 0x00, 0x00]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}
