// The lecture's path: what stands on the page, in its order. A section's name stands in addresses: /theory?at=optimal.
import type { ComponentType } from 'preact';

import { Activations } from './sections/Activations';
import { Bilinear } from './sections/Bilinear';
import { Conditions } from './sections/Conditions';
import { Descent } from './sections/Descent';
import { Divergence } from './sections/Divergence';
import { Failures } from './sections/Failures';
import { Families } from './sections/Families';
import { Generative } from './sections/Generative';
import { Latent } from './sections/Latent';
import { Learned } from './sections/Learned';
import { Losses } from './sections/Losses';
import { Metrics } from './sections/Metrics';
import { Optimal } from './sections/Optimal';
import { Updates } from './sections/Updates';
import { Vanishing } from './sections/Vanishing';

export interface Section {
  name: string;
  title: string;
  /** In the list of contents. */
  short: string;
  show: ComponentType;
}

export const kSections: readonly Section[] = [
  { name: 'generative', title: 'Discriminative and generative', short: 'Discriminative and generative', show: Generative },
  { name: 'families', title: 'Families of generative models', short: 'Families', show: Families },
  { name: 'losses', title: 'The game and its losses', short: 'The game and its losses', show: Losses },
  { name: 'optimal', title: 'The best discriminator, and what G descends then', short: 'The best discriminator', show: Optimal },
  { name: 'divergence', title: 'KL and JS', short: 'KL and JS', show: Divergence },
  { name: 'learned', title: 'A discriminator that is trained', short: 'A trained discriminator', show: Learned },
  { name: 'vanishing', title: 'Where the gradient vanishes', short: 'Vanishing gradients', show: Vanishing },
  { name: 'updates', title: 'How often D is updated', short: 'k steps of D', show: Updates },
  { name: 'bilinear', title: 'Two players who run in circles', short: 'The spiral and the orbit', show: Bilinear },
  { name: 'conditions', title: 'Conditions', short: 'Conditions', show: Conditions },
  { name: 'failures', title: 'Five failures and their cures', short: 'Five failures', show: Failures },
  { name: 'metrics', title: 'How good is it? The metrics', short: 'Metrics', show: Metrics },
  { name: 'latent', title: 'Attributes as directions', short: 'Directions', show: Latent },
  { name: 'activations', title: 'Activation functions', short: 'Activation functions', show: Activations },
  { name: 'descent', title: 'One coordinate more', short: 'The loss of three weights', show: Descent },
];
