// Space: a walk through the latent space of a run (S-LATENT L7).
import { useEffect, useState } from 'preact/hooks';

import type { GeneratorInfo } from '../../api/types';
import { use_json } from '../../shared/resource';
import { Alphabet } from './Alphabet';
import { DirectionsPanel } from './DirectionsPanel';
import { Layers } from './Layers';
import { MapPanel } from './MapPanel';
import { Models } from './Models';
import { Picture } from './Picture';
import { Points } from './Points';
import { Session, SessionContext } from './session';
import './space.css';
import { Times } from './Times';
import { Tools } from './Tools';
import { WalkPanel } from './WalkPanel';

export default function Space({ run }: { run: string }) {
  const { value: info, error } = use_json<GeneratorInfo>(`/runs/${encodeURIComponent(run)}/generator`);
  const [session, set_session] = useState<Session | null>(null);
  useEffect(() => {
    if (!info) return;
    const made = new Session(run, info);
    set_session(made);
    return () => made.close();
  }, [info]);
  return (
    <div class="space">
      {!session && <h1>{run}</h1>}
      {error && !session && (
        <p class="error" role="alert">
          {error.message}
        </p>
      )}
      {session && (
        <SessionContext.Provider value={session}>
          <header class="space-head">
            <h1 title={words_of(session.state.info)}>{run}</h1>
            <Times />
            <Tools />
          </header>
          {session.state.info.kind === 'points' ? (
            <>
              <Points />
              {session.state.dim > 1 && <DirectionsPanel />}
            </>
          ) : (
            <>
              <div class={session.looker.error.value ? 'space-main stale' : 'space-main'}>
                <Picture />
                <MapPanel />
                <Layers />
              </div>
              <div class="space-more">
                <DirectionsPanel />
                <WalkPanel />
                <Alphabet />
                <Models />
              </div>
            </>
          )}
        </SessionContext.Provider>
      )}
    </div>
  );
}

function words_of({ latent, classes }: GeneratorInfo): string {
  return `z has ${latent.dim} values, ${latent.prior === 'normal' ? 'normally distributed' : 'uniform between −1 and 1'}${classes ? `; ${classes} classes can be asked for` : ''}`;
}
