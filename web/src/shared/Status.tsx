// The state of a run: a word, a shape and a colour, so that none of them is needed alone.
import './shared.css';

interface Look {
  tone: 'running' | 'finished' | 'paused' | 'warn' | 'bad';
  /** Within 16 x 16. */
  shape: string;
  means: string;
}

const kLooks: Record<string, Look> = {
  running: { tone: 'running', shape: 'M4 2.5v11l9-5.5z', means: 'a process trains it now' },
  finished: { tone: 'finished', shape: 'M6.4 13.2 1.8 8.6l1.7-1.7 2.9 2.9 6.1-6.6 1.8 1.6z', means: 'it reached its length' },
  paused: { tone: 'paused', shape: 'M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z', means: 'it can go on' },
  interrupted: { tone: 'warn', shape: 'M3.5 2.5h3v5h-3zM9.5 8.5h3v5h-3z', means: 'its process was killed; it can go on' },
  stopped: { tone: 'warn', shape: 'M3 3h10v10H3z', means: 'a guard stopped it' },
  diverged: { tone: 'bad', shape: 'M8 1.5 15 14H1zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z', means: 'a loss or gradient grew beyond all bounds' },
  failed: { tone: 'bad', shape: 'm4 2.3 4 4 4-4L13.7 4l-4 4 4 4-1.7 1.7-4-4-4 4L2.3 12l4-4-4-4z', means: 'an error ended it' },
  damaged: { tone: 'bad', shape: 'M2 2h5.5L6 6l3 2-2 6H2zM9.5 2H14v12H9l2-6.500-3-2z', means: 'its files cannot be read' },
  removed: { tone: 'bad', shape: 'M3 7h10v2H3z', means: 'its folder is gone' },
};

export function Status({ state }: { state: string }) {
  const look = kLooks[state] ?? { tone: 'paused', shape: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z', means: state };
  return (
    <span class={`status status-${look.tone}`} title={look.means}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={look.shape} fill="currentColor" fill-rule="evenodd" />
      </svg>
      {state}
    </span>
  );
}

/** States that a run can go on from. */
export function can_go_on(state: string): boolean {
  return ['paused', 'interrupted', 'diverged', 'stopped', 'failed'].includes(state);
}
