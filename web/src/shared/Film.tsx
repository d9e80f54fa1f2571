// A picture that changes with time, without flicker: the old one stays until the new one is there, and the newest wish wins.
import { useEffect, useState } from 'preact/hooks';

import './shared.css';

const kMost = 64;
const kept = new Map<string, HTMLImageElement>();

/** The picture of an address, as soon as it can be drawn. The last ones are kept. */
export async function load_picture(address: string): Promise<HTMLImageElement> {
  let image = kept.get(address);
  kept.delete(address);
  if (!image) {
    image = new Image();
    image.src = address;
  }
  kept.set(address, image); // the last asked for is the last to go
  if (kept.size > kMost) kept.delete(kept.keys().next().value!);
  try {
    await image.decode();
  } catch (fault) {
    kept.delete(address);
    throw fault;
  }
  return image;
}

export function is_loaded(address: string | undefined): boolean {
  const image = address === undefined ? undefined : kept.get(address);
  return address === undefined || (!!image && image.complete);
}

interface Props {
  address: string | null;
  label: string;
  /** The picture is drawn at a whole fraction or multiple of its size that fits into this square. */
  box: number;
  /** Said where there is no picture. */
  empty: string;
  /** Drawn smooth: it has letters or thin lines in it. */
  soft?: boolean;
  /** Further addresses that are fetched ahead. */
  ahead?: (string | undefined)[];
}

/** How large a picture of `width` x `height` is drawn in a box: its pixels crisp, or as large as fits where they cannot be. */
export function crisp_size(width: number, height: number, box: number): { width: number; height: number; crisp: boolean } {
  const most = Math.max(width, height);
  const scale = most <= box ? Math.max(1, Math.floor(box / most)) : box / most;
  return { width: Math.round(width * scale), height: Math.round(height * scale), crisp: scale >= 1 };
}

export function Film({ address, label, box, empty, soft = false, ahead = [] }: Props) {
  const [shown, show] = useState<{ address: string; width: number; height: number } | null>(null);
  const [fault, set_fault] = useState(false);
  const further = ahead.filter((one) => one !== undefined).join('\n');
  useEffect(() => {
    let overtaken = false;
    set_fault(false);
    if (address === null) show(null);
    else {
      load_picture(address).then(
        (image) => overtaken || show({ address, width: image.naturalWidth, height: image.naturalHeight }),
        () => overtaken || set_fault(true),
      );
    }
    for (const one of further ? further.split('\n') : []) load_picture(one).catch(() => {});
    return () => {
      overtaken = true;
    };
  }, [address, further]);
  const size = shown ? crisp_size(shown.width, shown.height, box) : null;
  return (
    <div class="film-frame" style={{ minHeight: shown ? undefined : address === null ? '6rem' : `${box}px` }}>
      {shown && size ? (
        <img src={shown.address} alt={label} width={size.width} height={size.height} class={size.crisp && !soft ? 'pixels' : ''} />
      ) : (
        <span class="quiet-text small">{fault ? 'This picture cannot be read.' : address === null ? empty : ''}</span>
      )}
    </div>
  );
}
