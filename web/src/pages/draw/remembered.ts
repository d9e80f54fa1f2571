// What was chosen for a set beside its drawings, kept in this browser: how many boxes, whose hand.
export interface Choices {
  boxes?: number;
  writer?: string;
}

const key_of = (set: string) => `draw ${set}`;

export function choices_of(set: string): Choices {
  try {
    return (JSON.parse(localStorage.getItem(key_of(set)) ?? '{}') ?? {}) as Choices;
  } catch {
    return {}; // storage may be forbidden
  }
}

export function remember(set: string, choices: Choices): void {
  try {
    localStorage.setItem(key_of(set), JSON.stringify({ ...choices_of(set), ...choices }));
  } catch {
    // it lasts for this page then, whose address has it
  }
}

export function forget(set: string): void {
  try {
    localStorage.removeItem(key_of(set));
  } catch {
    // nothing was kept
  }
}
