// Where the recipes of the runs differ.
import type { Differences } from '../../api/types';
import { use_json } from '../../shared/resource';
import type { Compared } from './runs';
import { Swatch } from './Swatch';

export function RecipeTable({ runs }: { runs: Compared[] }) {
  const whole = runs.filter(({ details }) => details?.recipe);
  const found = use_json<Differences>(whole.length >= 2 ? `/compare?runs=${whole.map(({ name }) => encodeURIComponent(name)).join(',')}` : null);
  const left_out = runs.filter(({ details }) => details && !details.recipe);
  return (
    <>
      {left_out.map(({ name, details }) => (
        <p key={name} class="warning small">{`${name}: ${details!.recipe_fault ?? 'its recipe cannot be read'}`}</p>
      ))}
      {found.error && <p class="error">{found.error.message}</p>}
      {found.value && found.value.differences.length === 0 && <p class="quiet-text">Their recipes are the same.</p>}
      {found.value && found.value.differences.length > 0 && (
        <div class="scroll-x tall" tabIndex={0} role="region" aria-label="Differences of the recipes">
          <table>
            <thead>
              <tr>
                <th scope="col">Key</th>
                {whole.map(({ name, colour, dash }) => (
                  <th scope="col" key={name}>
                    <Swatch colour={colour} dash={dash} /> {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.value.differences.map(({ key, values }) => (
                <tr key={key}>
                  <th scope="row" class="mono">
                    {key}
                  </th>
                  {values.map((value, i) => (
                    <td key={i} class="mono wrap">
                      {value}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
