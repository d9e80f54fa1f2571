// What the classifier says of the picture: its class and how sure it is.
import { class_colour, text_on } from '../../shared/colours';
import { percent } from '../../shared/format';
import { use_session } from './session';

const kMost = 10;

/** What stands for class k where there is little room: its name, or its number where that is long. */
export function short_name(names: readonly string[], k: number): string {
  const name = names[k];
  return name !== undefined && name.length <= 3 ? name : String(k);
}

/** A class: its name on its colour, so that neither alone has to be read. */
export function ClassSign({ k, name }: { k: number; name: string }) {
  const colour = class_colour(k);
  return (
    <span class="sign" style={{ background: colour, color: text_on(colour) }}>
      {name}
    </span>
  );
}

/** The sign, and the whole name where the sign has a number instead. */
export function ClassName({ k, names }: { k: number; names: readonly string[] }) {
  const sign = short_name(names, k);
  return (
    <>
      <ClassSign k={k} name={sign} />
      {names[k] !== undefined && names[k] !== sign && ` ${names[k]}`}
    </>
  );
}

export function Probabilities() {
  const { looker, state, classifier } = use_session();
  const frame = looker.result.value;
  const all = frame?.arrays.probabilities;
  const names = classifier.value.class_names ?? state.info.class_names;
  if (!frame || !all) {
    if (classifier.value.state === 'ready' || classifier.value.state === 'looking') return <div class="probabilities" />;
    return <p class="quiet-text small">What class the picture has is not known: there is no classifier.</p>;
  }
  const classes = all.shape.at(-1)!;
  let shown = Array.from({ length: classes }, (_, k) => ({ k, p: all.values[k]! }));
  // Of many classes the likely ones.
  if (classes > kMost) shown = shown.sort((a, b) => b.p - a.p).slice(0, kMost);
  const best = frame.head.labels?.[0] ?? shown.reduce((a, b) => (b.p > a.p ? b : a)).k;
  const between = state.between.value;
  const wanted = state.info.classes && !between ? state.number.value : null;
  return (
    <div class="probabilities" style={{ height: `${shown.length * 1.15 + 2.4}rem` }}>
      <p class="verdict">
        <ClassName k={best} names={names} /> {percent(all.values[best]!, 1)}
        {between && <span class="quiet-text small"> wanted: {`between ${state.class_name(between.from)} and ${state.class_name(between.to)}`}</span>}
        {wanted !== null && state.class_name(wanted) !== (names[best] ?? String(best)) && <span class="quiet-text small"> wanted: {state.class_name(wanted)}</span>}
      </p>
      <table aria-label="Probability of each class">
        <tbody>
          {shown.map(({ k, p }) => (
            <tr key={k} class={k === best ? 'best' : ''}>
              <th scope="row" title={names[k]}>
                {short_name(names, k)}
              </th>
              <td class="bar-cell">
                <div class="bar-of" style={{ width: `${Math.max(0.5, 100 * p)}%`, background: class_colour(k) }} />
              </td>
              <td class="number">{percent(p, p > 0.0995 || p < 0.0005 ? 0 : 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
