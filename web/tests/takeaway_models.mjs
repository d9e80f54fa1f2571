// Models of a few random layers for the tests of the page to take away.
import { runnerImport } from 'vite';

/** A module of web/takeaway. */
export const load = async (file) => (await runnerImport(new URL(`../takeaway/${file}`, import.meta.url).pathname)).module;

// Numbers in [-1, 1), the same in every run.
let state = 1;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 31 - 1;
}
export const randoms = (count) => Float32Array.from({ length: count }, random);
export const count_of = (shape) => shape.reduce((a, b) => a * b, 1);
export const base64 = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

/** A model of these nodes: [name, op, inputs, shape, attributes, { parameter: values }], all parameters as f32. */
export function model_of(list, more = {}) {
  const all = [];
  const nodes = list.map(([name, op, inputs, shape, attributes = {}, parameters = {}]) => {
    const kept = {};
    for (const [key, values] of Object.entries(parameters)) {
      kept[key] = { type: 'f32', shape: [values.length], offset: all.length, count: values.length };
      for (const value of values) all.push(value);
    }
    return { name, op, inputs, shape, attributes, parameters: kept };
  });
  const dim = nodes[0].shape.reduce((a, b) => a * b, 1);
  return {
    schema: 'ganymede.export/1', version: '', run: 'r', epoch: 1, description: '', latent: { dim, prior: 'normal' }, classes: 0, class_names: [],
    kind: 'image', shape: nodes.at(-1).shape, output: nodes.at(-1).name, nodes, weights: '', weights32: base64(Float32Array.from(all)),
    seeds: [], seed_classes: [], map: null, notes: { map: '' }, check: { z: [], classes: [], pictures: '' }, ...more,
  };
}
export const latent = (shape) => ['z', 'input', [], shape, { role: 'latent', classes: 0 }];
