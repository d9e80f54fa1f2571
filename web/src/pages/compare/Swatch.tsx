import { css_colour } from '../../shared/colours';

/** How the lines of a run look. */
export function Swatch({ colour, dash }: { colour: string; dash: number[] | undefined }) {
  return (
    <svg class="swatch" viewBox="0 0 30 8" width="30" height="8" aria-hidden="true">
      <path d="M0 4h30" stroke={css_colour(colour)} stroke-width="3" stroke-dasharray={dash?.join(' ')} />
    </svg>
  );
}
