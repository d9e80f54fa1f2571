// What was taken away or set: each can be put back.
import { ablation_words } from './ablation_text';
import { use_session } from './session';

export function Ablations() {
  const { state } = use_session();
  const sets = state.sets.value;
  if (!sets.length) return null;
  return (
    <div class="ablations">
      <ul aria-label="What is taken away or set">
        {sets.map((one) => (
          <li key={one}>
            <button onClick={() => (state.sets.value = sets.filter((other) => other !== one))} aria-label={`Put back ${ablation_words(one)}`} title="Put it back">
              {ablation_words(one)} <span aria-hidden="true">×</span>
            </button>
          </li>
        ))}
      </ul>
      {sets.length > 1 && <button onClick={() => (state.sets.value = [])}>Put all back</button>}
    </div>
  );
}
