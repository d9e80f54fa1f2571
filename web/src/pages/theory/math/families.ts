// Families of generative models (S-THEORY, after Tomczak 2022, "Deep generative modeling", table 1.1). As src/theory/families.cpp.
export interface Family {
  name: string;
  example: string;
  density: string;
  training: string;
  likelihood: string;
  sampling: string;
  compression: string;
  /** Whether it has a latent code of a sample. */
  representation: boolean;
}

export const kFamilies: readonly Family[] = [
  { name: 'autoregressive', example: 'PixelCNN, transformers', density: 'explicit, exact: a product of conditionals', training: 'stable', likelihood: 'exact', sampling: 'slow', compression: 'lossless', representation: false },
  { name: 'flows', example: 'RealNVP, Glow', density: 'explicit, exact: a change of variables', training: 'stable', likelihood: 'exact', sampling: 'slow or fast', compression: 'lossless', representation: true },
  { name: 'implicit', example: 'GANs', density: 'implicit: samples alone', training: 'unstable', likelihood: 'none', sampling: 'fast', compression: 'none', representation: false },
  { name: 'prescribed', example: 'variational autoencoders, diffusion', density: 'explicit, a lower bound', training: 'stable', likelihood: 'approximate', sampling: 'fast', compression: 'lossy', representation: true },
  { name: 'energy-based', example: 'Boltzmann machines', density: 'explicit up to its constant', training: 'stable', likelihood: 'unnormalised', sampling: 'slow', compression: 'rather none', representation: true },
];

/** What somebody may need of one, and who gives it. */
export const kNeeds: readonly { words: string; has: (family: Family) => boolean }[] = [
  { words: 'a training that is stable', has: (family) => family.training === 'stable' },
  { words: 'the likelihood of a picture, exactly', has: (family) => family.likelihood === 'exact' },
  { words: 'samples at once', has: (family) => family.sampling.includes('fast') },
  { words: 'to compress without loss', has: (family) => family.compression === 'lossless' },
  { words: 'a latent code of each picture', has: (family) => family.representation },
];
