// The run's settings: all, those that differ from its recipe as shipped, or those that differ from another run.
import { useState } from 'preact/hooks';

import type { Card, Differences, Option, RecipeText, RunDetails } from '../../api/types';
import { groups_of, same, text_of } from '../../shared/options';
import { use_json } from '../../shared/resource';

type What = 'recipe' | 'all' | 'run';

export function Settings({ run, details }: { run: string; details: RunDetails }) {
  const [what, set_what] = useState<What>('recipe');
  const [filter, set_filter] = useState('');
  const [other, set_other] = useState('');
  const recipes = use_json<{ recipes: RecipeText[] }>('/recipes');
  const options = use_json<{ options: Option[] }>('/options');
  const runs = use_json<{ runs: Card[] }>(what === 'run' ? '/runs' : null);
  const names = (runs.value?.runs ?? []).map(({ name }) => name).filter((name) => name !== run);
  const against = names.includes(other) ? other : (names.find((name) => name === details.card.parent?.run) ?? names[0] ?? '');
  const differences = use_json<Differences>(what === 'run' && against ? `/compare?runs=${encodeURIComponent(run)},${encodeURIComponent(against)}` : null);
  if (!details.recipe) return <p class="error">{details.recipe_fault ?? 'Its recipe cannot be read.'}</p>;
  const own = details.recipe.options;
  const shipped = recipes.value?.recipes.find(({ name }) => name === details.card.recipe)?.options;
  const word = filter.toLowerCase();
  const fits = (key: string) => key.toLowerCase().includes(word);
  const rows =
    what === 'all'
      ? Object.keys(own).filter(fits).map((key) => [key, text_of(own[key])])
      : what === 'recipe'
        ? Object.keys(own).filter((key) => shipped && fits(key) && !same(own[key], shipped[key])).map((key) => [key, text_of(own[key]), text_of(shipped![key])])
        : (differences.value?.differences ?? []).filter(({ key }) => fits(key)).map(({ key, values }) => [key, ...values]);
  const heads = what === 'all' ? ['Key', 'Value'] : what === 'recipe' ? ['Key', 'Value', `Recipe ${details.card.recipe}`] : ['Key', run, against];
  const help = new Map((options.value?.options ?? []).map((option) => [option.key, option.help]));
  const order = groups_of(options.value?.options ?? []).flatMap((group) => group.options.map(({ key }) => key));
  rows.sort((a, b) => order.indexOf(a[0]!) - order.indexOf(b[0]!));
  const fault = what === 'recipe' ? recipes.error : what === 'run' ? (runs.error ?? differences.error) : null;
  const none =
    what === 'recipe'
      ? shipped ? `All ${Object.keys(own).length} keys are as the recipe has them.` : recipes.value ? `There is no shipped recipe “${details.card.recipe}” to compare with.` : 'Asking …'
      : what === 'run' ? (against ? (differences.value ? 'They have the same settings.' : 'Asking …') : 'There is no other run.') : 'No key has these letters.';
  return (
    <>
      <p class="quiet-text">{details.recipe.description}</p>
      <div class="row">
        <label class="row small">
          Show
          <select value={what} onChange={(event) => set_what(event.currentTarget.value as What)}>
            <option value="recipe">what differs from its recipe</option>
            <option value="all">all keys</option>
            <option value="run">what differs from another run</option>
          </select>
        </label>
        {what === 'run' && names.length > 0 && (
          <label class="row small">
            Run
            <select value={against} onChange={(event) => set_other(event.currentTarget.value)}>
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <label class="row small">
          <span class="out-of-sight">Filter the keys</span>
          <input type="search" placeholder="Filter the keys" value={filter} onInput={(event) => set_filter(event.currentTarget.value)} />
        </label>
      </div>
      {fault && <p class="error">{fault.message}</p>}
      {rows.length === 0 ? (
        <p class="quiet-text">{word && what !== 'all' ? 'Nothing differs among these keys.' : none}</p>
      ) : (
        <div class="scroll-x tall" tabIndex={0} role="region" aria-label="Settings">
          <table>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([key, ...values]) => (
                <tr key={key}>
                  <th scope="row" class="mono" title={help.get(key!)}>
                    {key}
                  </th>
                  {values.map((value, i) => (
                    <td key={i} class="mono wrap">
                      {value === '' ? <span class="quiet-text">nothing</span> : value}
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
