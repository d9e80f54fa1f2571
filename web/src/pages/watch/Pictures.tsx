// What the generator draws from the same noise at every epoch, and how its latent space is divided.
import type { RunDetails, RunFile } from '../../api/types';
import { query, set_query } from '../../app/router';
import { ahead_of, at_epoch, by_epoch } from '../../shared/epochs';
import { Film } from '../../shared/Film';
import { percent } from '../../shared/format';
import type { History } from '../../shared/history';

function nearest_words(shown: RunFile | null, epoch: number | null): string {
  return shown && epoch !== null && shown.epoch !== epoch ? ` (there are none of epoch ${epoch})` : '';
}

export function Pictures({ details, epoch, history }: { details: RunDetails; epoch: number | null; history: History }) {
  const large = query.value.get('grid') === 'large';
  const is_ink = details.recipe?.options['generator.family'] === 'ink'; // thin lines, no pixels
  const small_files = by_epoch(details.samples, 'samples/epoch-');
  const large_files = by_epoch(details.samples, 'samples/grid-');
  const files = large && large_files.length ? large_files : small_files;
  const shown = at_epoch(files, epoch);
  const latest = details.samples.find(({ file }) => file === 'samples/latest.png');
  const maps = by_epoch(details.maps, 'maps/epoch-');
  const map = at_epoch(maps, epoch);
  return (
    <>
      <section class="panel">
        <div class="row spread">
          <h2>Generated pictures</h2>
          {large_files.length > 0 && (
            <label class="inline small">
              <input type="checkbox" checked={large} onChange={(event) => set_query({ grid: event.currentTarget.checked ? 'large' : null })} />
              larger grid
            </label>
          )}
        </div>
        <Film
          address={shown?.address ?? latest?.address ?? null} ahead={ahead_of(files, shown)} box={is_ink ? 800 : large ? 600 : 458} soft={large || is_ink} empty="No pictures yet."
          label={shown ? `Pictures generated from the same noise at epoch ${shown.epoch}` : 'The last pictures generated'}
        />
        <p class="quiet-text small">
          {shown ? `The same noise at every epoch: epoch ${shown.epoch}${nearest_words(shown, epoch)}.` : latest ? 'The last pictures.' : ''}
        </p>
      </section>
      {maps.length > 0 && (
        <section class="panel">
          <h2>Map of class areas</h2>
          <div class="paper tall-map" tabIndex={0} role="region" aria-label="Map of class areas">
            <Film soft address={map!.address} ahead={ahead_of(maps, map)} box={2600} empty="" label={`Class map of the latent space at epoch ${map!.epoch}`} />
          </div>
          <p class="quiet-text small">
            {`The class that a classifier sees at every point of the latent space: epoch ${map!.epoch}${nearest_words(map, epoch)}. ${map_words(history, map!.epoch!)}`}
          </p>
        </section>
      )}
    </>
  );
}

function map_words(history: History, epoch: number): string {
  const table = history.table('map');
  const row = [...(table?.column('epoch') ?? [])].lastIndexOf(epoch);
  if (row < 0) return '';
  const value = (field: string) => table!.column(field)?.[row] ?? NaN;
  const parts = [`${value('classes')} class${value('classes') === 1 ? ' has' : 'es have'} an area, the largest ${percent(value('largest_share'))}`];
  if (!Number.isNaN(value('changed_share'))) parts.push(`${percent(value('changed_share'))} changed since epoch ${value('since_epoch')}`);
  if (!Number.isNaN(value('wanted_share'))) parts.push(`${percent(value('wanted_share'))} of the class that was asked for`);
  return `${parts.join('; ')}.`;
}
