import { useSignal } from '@preact/signals';

import { kFamilies, kNeeds } from '../math/families';
import { Figure } from '../parts/Figure';
import { M } from '../parts/Formula';

export function Families() {
  const wanted = useSignal<number[]>([]);
  const toggle = (k: number) => (wanted.value = wanted.value.includes(k) ? wanted.value.filter((one) => one !== k) : [...wanted.value, k]);
  const fits = kFamilies.filter((family) => wanted.value.every((k) => kNeeds[k]!.has(family)));
  return (
    <>
      <p>
        Five families learn <M>p(x)</M>. A GAN gives sharp samples at once, and pays with a training that can fail and with no likelihood at all: it is <em>implicit</em>, it says nothing of <M>p(x)</M> but by its samples. Flows alone can tick every box below; they pay with
        layers that must be invertible, each as wide as the picture. (After Tomczak 2022, table 1.1.)
      </p>
      <Figure
        title="Which family do you need?" exhibit="families" is_changed={wanted.value.length > 0} reset={() => (wanted.value = [])}
        caption={
          <span aria-live="polite">
            {wanted.value.length === 0
              ? 'Tick what you need: families that lack it step back.'
              : fits.length === 0
                ? 'No family has all of that.'
                : `${fits.map((family) => family.name).join(', ')}: ${fits.length === 1 ? 'has' : 'have'} all that is ticked.`}
          </span>
        }
        knobs={
          <div class="needs">
            {kNeeds.map((need, k) => (
              <label key={need.words} class="inline">
                <input type="checkbox" checked={wanted.value.includes(k)} onChange={() => toggle(k)} />
                {need.words}
              </label>
            ))}
          </div>
        }
      >
        <div class="scroll-x" tabIndex={0} role="region" aria-label="Families of generative models, a table">
          <table class="families">
            <thead>
              <tr>
                {['family', 'density', 'training', 'likelihood', 'sampling', 'compression', 'latent code'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {kFamilies.map((family) => (
                <tr key={family.name} class={fits.includes(family) ? '' : 'back'}>
                  <th scope="row">
                    {family.name}
                    <span class="quiet-text small">{family.example}</span>
                  </th>
                  <td>{family.density}</td>
                  <td>{family.training}</td>
                  <td>{family.likelihood}</td>
                  <td>{family.sampling}</td>
                  <td>{family.compression}</td>
                  <td>{family.representation ? 'yes' : 'no'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Figure>
    </>
  );
}
