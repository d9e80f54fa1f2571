// A small picture or symbol.
import type { NamedArray } from '../../api/frames';
import type { SampleKind } from '../../api/types';
import { short } from '../../shared/format';
import { Pixels } from '../../shared/Pixels';
import { Ink } from './Ink';

interface Props {
  kind: SampleKind;
  picture: NamedArray | { shape: number[]; values: ArrayLike<number> } | null;
  /** Of the generator: what room a picture that is still to come takes. */
  shape: number[];
  label: string;
  /** Of ink: moves that are drawn, where it is played. */
  until?: number;
}

export function Thumbnail({ kind, picture, shape, label, until }: Props) {
  const ratio = kind === 'ink' ? 1 : (shape[2] ?? 1) / (shape[1] ?? 1);
  if (kind === 'points') return <span class="mono small">{picture ? Array.from(picture.values, short).join(', ') : ''}</span>;
  if (!picture) return <span class="thumbnail waiting" style={{ aspectRatio: String(ratio) }} />;
  return kind === 'ink' ? <Ink moves={picture.values} label={label} until={until} class="thumbnail" /> : <Pixels shape={picture.shape} values={picture.values} label={label} class="thumbnail" />;
}
