// A new run from a shipped recipe.
import { useState } from 'preact/hooks';

import type { RecipeText } from '../../api/types';
import { use_json } from '../../shared/resource';
import { RunDialog } from '../../shared/RunDialog';

const kFirst = 'quick'; // needs no download, and is done in minutes

export function NewRun({ on_close }: { on_close: () => void }) {
  const recipes = use_json<{ recipes: RecipeText[] }>('/recipes');
  const [name, set_name] = useState(kFirst);
  const list = recipes.value?.recipes ?? [];
  const recipe = list.find((one) => one.name === name) ?? list[0];
  return (
    <RunDialog
      title="New run" wanted={{ action: 'start', recipe: recipe?.name }} base={recipe?.options ?? {}} submit="Start" on_close={on_close}
      missing={recipe ? undefined : (recipes.error?.message ?? 'Asking for the recipes …')}
    >
      <label class="labelled">
        Recipe
        <select value={recipe?.name} onChange={(event) => set_name(event.currentTarget.value)}>
          {list.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet-text">{recipe?.description}</p>
    </RunDialog>
  );
}
