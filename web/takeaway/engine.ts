// The generator of a model, layer by layer. All values stay until the next picture, so that layers can be looked at.

import { Arena } from './arena';
import { activations, make_layer } from './layers';
import { parameter_reader, type Model, type ModelNode } from './model';
import { new_value, read_value, write_value, type Value } from './values';

/** A layer that can be looked at. */
export interface LayerInfo {
  node: string;
  op: string; // 'dense', 'conv_transpose', 'leaky_relu' ...
  shape: number[]; // [C, H, W] or [F]; vectors that a later node reshapes have that shape already
}

export interface LayerValues extends LayerInfo {
  values: Float32Array; // in the order C, H, W
}

const kUnseen = ['input', 'embedding', 'one_hot', 'reshape'];
const kKeepsAxes = [...activations, 'batch_norm', 'layer_norm', 'multiply', 'reshape'];

export class Generator {
  readonly layers: LayerInfo[];
  readonly vectors: boolean; // whether the quick product is used
  private readonly arena = new Arena();
  private readonly values = new Map<string, Value>();
  private readonly steps: (() => void)[] = [];
  private readonly latent: Value;
  private readonly output: Value;
  private class_number = 0;

  /** `vectors` false: in plain loops. Throws a sentence for a model that it cannot compute. */
  constructor(private readonly model: Model, vectors = true) {
    const parameter_of = parameter_reader(model);
    let latent: Value | null = null;
    for (const node of model.nodes) {
      if (node.shape.length === 0) continue; // the class number
      const output = new_value(this.arena, node.shape);
      this.values.set(node.name, output);
      if (node.op === 'input') {
        latent = output;
        continue;
      }
      const inputs = node.inputs.map((name) => this.values.get(name)).filter((value) => value !== undefined);
      const parameter = (name: string) => parameter_of(node, name);
      this.steps.push(make_layer({ arena: this.arena, node, inputs, output, parameter, class_of: () => this.class_number }));
    }
    const output = this.values.get(model.output);
    if (!latent || !output) throw new Error('The model of this page has no input or no output.');
    this.latent = latent;
    this.output = output;
    this.layers = layers_of(model.nodes);
    this.arena.make(vectors);
    this.vectors = this.arena.vectors;
  }

  /** The picture [C, H, W] in [-1, 1], or the moves of ink, at one z. */
  run(z: ArrayLike<number>, class_number = 0): Float32Array {
    this.class_number = Math.min(Math.max(0, class_number), Math.max(0, this.model.classes - 1));
    write_value(this.arena.f, this.latent, z);
    for (const step of this.steps) step();
    return read_value(this.arena.f, this.output);
  }

  /** The values of a layer at the last z. */
  layer(info: LayerInfo): LayerValues {
    return { ...info, values: read_value(this.arena.f, this.values.get(info.node)!) };
  }
}

/** All but inputs, embeddings and what only renames values, in the network's order. */
export function layers_of(nodes: ModelNode[]): LayerInfo[] {
  const shapes = new Map(nodes.map((node) => [node.name, node.shape]));
  for (const node of [...nodes].reverse()) {
    const shape = shapes.get(node.name)!;
    if (shape.length !== 3 || !kKeepsAxes.includes(node.op)) continue;
    for (const input of node.inputs) {
      if (shapes.get(input)?.length === 1) shapes.set(input, shape);
    }
  }
  return nodes.filter((node) => !kUnseen.includes(node.op)).map((node) => ({
    node: node.name,
    op: node.op,
    shape: shapes.get(node.name)!,
  }));
}
