// The colours of the program's own pictures, so that a class or a player looks the same everywhere.
export const kClassColours = ['#1f77b4', '#ff981e', '#2ca02c', '#d63031', '#8856c0', '#865646', '#ec78be', '#7d7d7d', '#bebe28', '#1ebed2'];

/** Colour of class k of `count`: the ten first as in every map; where there are more, further ones by the golden angle. */
export function class_colour(k: number): string {
  return k < kClassColours.length ? kClassColours[k]! : hsl((k * 137.508) % 360, 0.55, k % 2 ? 0.45 : 0.62);
}

export function rgb_of(hex: string): [number, number, number] {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

function hsl(h: number, s: number, l: number): string {
  const part = (n: number) => {
    const k = (n + h / 30) % 12;
    return Math.round(255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

/** Black or white, whichever is read better on the colour. */
export function text_on(hex: string): string {
  const [r, g, b] = rgb_of(hex);
  return 299 * r + 587 * g + 114 * b > 140_000 ? '#000000' : '#ffffff';
}

/** For CSS: a colour, or the name of one of the theme's, such as "--generator". */
export function css_colour(colour: string): string {
  return colour.startsWith('--') ? `var(${colour})` : colour;
}

/** Of series i in a plot: the eight of Okabe and Ito (2008). */
export function series_colour(i: number): string {
  return ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8a8a8a', '#beaf14'][i % 8]!;
}

const kKnots = ['#440154', '#472c7a', '#3b518b', '#2c718e', '#21908d', '#27ad81', '#5cc863', '#aadc32', '#fde725'].map(rgb_of);

/** Dark blue over green to yellow for t in [0, 1]; NaN is grey. As picture::sequential_colour. */
export function sequential(t: number): [number, number, number] {
  if (Number.isNaN(t)) return [128, 128, 128];
  const at = Math.min(1, Math.max(0, t)) * (kKnots.length - 1);
  const piece = Math.min(Math.floor(at), kKnots.length - 2);
  const mix = (i: number) => Math.round(kKnots[piece]![i]! + (kKnots[piece + 1]![i]! - kKnots[piece]![i]!) * (at - piece));
  return [mix(0), mix(1), mix(2)];
}
