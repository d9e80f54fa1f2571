// Light or dark: as the system says, or as the reader chose.
import { effect, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const kept = (() => {
  try {
    return localStorage.getItem('theme');
  } catch {
    return null; // storage may be forbidden
  }
})();
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto');

/** Whether the page is dark now; pictures that are drawn in code follow it. */
export const is_dark = signal(false);

export function start_theme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => (is_dark.value = theme.value === 'dark' || (theme.value === 'auto' && system.matches));
  system.addEventListener('change', follow);
  effect(() => {
    follow();
    document.documentElement.dataset.theme = is_dark.value ? 'dark' : 'light';
    try {
      localStorage.setItem('theme', theme.value);
    } catch {
      // it lasts for this page then
    }
  });
}
