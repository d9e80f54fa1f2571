// What GET runs/NAME/judge and POST judge say (docs/api.md).
export interface Found {
  name: string;
  found: number;
  answered: number;
  late: number;
  share: number | null;
  low: number | null;
  high: number | null;
  seconds: number | null;
}

export interface UserStudy {
  epoch: number;
  step: number;
  seconds_limit: number;
  reals: string;
  same_class: boolean;
  people: Found[];
  classes: Found[];
  all: Found;
  agreement: { trials: number; pairs: number; share: number | null; kappa: number | null };
  unfinished: number;
}

export interface Kept {
  judgement: string;
  person: string;
  by: 'page' | 'sheet';
  epoch: number;
  step: number;
  seed: number;
  trials: number;
  seconds_limit: number;
  answered: number;
  finished: boolean;
}

export interface Judgements {
  /** Of the run now. */
  step: number | null;
  judgements: Kept[];
  studies: UserStudy[];
  damaged: string[];
  most_trials: number;
}

/** The head of a trial's frame; with the last answer, of the end. */
export interface TrialHead {
  judgement: string;
  person: string;
  epoch: number;
  seed: number;
  trials: number;
  seconds_limit: number;
  reals: string;
  same_class: boolean;
  answered: number;
  finished: boolean;
  trial?: number;
  seconds_left?: number;
  result?: Found;
  missed?: number[];
  missed_fakes?: ('left' | 'right')[];
}

export interface Wish {
  person: string;
  seed: number;
  trials: number;
  seconds: number;
  epoch: number | null;
}
