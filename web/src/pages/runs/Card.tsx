// A run at a glance.
import type { Card as CardFacts } from '../../api/types';
import { run_path } from '../../app/router';
import { Film } from '../../shared/Film';
import { duration, percent, thousands } from '../../shared/format';
import { Spark } from '../../shared/Spark';
import { Status } from '../../shared/Status';
import { warning_words } from '../../shared/warnings';

interface Props {
  card: CardFacts;
  picked: boolean;
  may_pick: boolean;
  on_pick: () => void;
}

function progress_words({ alive, step, total_steps, seconds, seconds_left }: CardFacts): string {
  const parts = [];
  if (step !== undefined && total_steps) parts.push(percent(step / total_steps));
  if (alive && typeof seconds_left === 'number') parts.push(`${duration(seconds_left)} left`);
  else if (seconds) parts.push(duration(seconds));
  return parts.join(' · ');
}

export function RunCard({ card, picked, may_pick, on_pick }: Props) {
  const share = card.total_steps ? Math.min(1, (card.step ?? 0) / card.total_steps) : 0;
  const id = `run-${encodeURIComponent(card.name)}`;
  return (
    <li class={`panel run-card${picked ? ' is-picked' : ''}`} aria-labelledby={id}>
      <a class="run-picture" href={run_path(card.name)} tabIndex={-1} aria-hidden="true">
        <Film address={card.picture} label="" box={232} empty={card.state === 'damaged' ? 'No picture' : 'No picture yet'} />
      </a>
      <div class="run-facts">
        <div class="row spread run-name">
          <h2 id={id}>
            <a href={run_path(card.name)} title={card.name}>
              {card.name}
            </a>
          </h2>
          <input
            type="checkbox" checked={picked} disabled={!picked && !may_pick} onChange={on_pick}
            aria-label={`Compare ${card.name}`} title={picked || may_pick ? `Compare ${card.name}` : 'At most four runs can be compared'}
          />
        </div>
        <div class="row spread small">
          <Status state={card.state} />
          <span class="quiet-text">{progress_words(card)}</span>
        </div>
        <span class={`meter${card.alive ? '' : ' is-still'}`} role="img" aria-label={`${percent(share)} done`}>
          <span style={{ width: percent(share, 1).replace(' ', '') }} />
        </span>
        <Spark generator={card.losses.generator} discriminator={card.losses.discriminator} />
        <p class="small quiet-text run-origin">
          {card.recipe !== undefined && `${card.recipe}, seed ${card.seed}, epoch ${thousands(card.epoch ?? 0)}`}
          {card.parent && (
            <>
              {', fork of '}
              <a href={run_path(card.parent.run)}>{card.parent.run}</a>
              {` at step ${thousands(card.parent.step)}`}
            </>
          )}
        </p>
        {card.reason && <p class="small run-reason" title={card.reason}>{card.reason}</p>}
        {card.warnings.length > 0 && (
          <p class="small run-warning" title={card.warnings.map(warning_words).join('\n')}>
            {`⚠ ${warning_words(card.warnings.at(-1)!)}`}
            {card.warnings.length > 1 && ` (and ${card.warnings.length - 1} more)`}
          </p>
        )}
      </div>
    </li>
  );
}
