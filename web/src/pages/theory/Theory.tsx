// The lecture as a page to read and to play with (S-THEORY; S-LATENT L7, L8).
import { useEffect, useState } from 'preact/hooks';

import { use_keys } from '../../app/keys';
import { query, set_query } from '../../app/router';
import { use_title } from '../../shared/title';
import { kSections } from './sections';
import './theory.css';

const is_known = (name: string | null): name is string => kSections.some((section) => section.name === name);

function scroll_to(name: string): void {
  document.getElementById(name)?.scrollIntoView({ block: 'start' });
}

/** The section that is being read: the last one whose heading has passed the upper third of the window. */
function use_section_in_view(): string {
  const [name, set_name] = useState(kSections[0]!.name);
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const passed = kSections.filter((section) => (document.getElementById(section.name)?.getBoundingClientRect().top ?? Infinity) < innerHeight / 3);
      set_name((passed.at(-1) ?? kSections[0]!).name);
    };
    const soon = () => (frame ||= requestAnimationFrame(look));
    look();
    addEventListener('scroll', soon, { passive: true });
    return () => {
      removeEventListener('scroll', soon);
      cancelAnimationFrame(frame);
    };
  }, []);
  return name;
}

export default function Theory() {
  use_title('Theory');
  const reading = use_section_in_view();
  const at = query.value.get('at');
  useEffect(() => {
    if (is_known(at)) scroll_to(at);
  }, [at]);
  const visit = (name: string) => {
    if (query.peek().get('at') === name) scroll_to(name);
    else set_query({ at: name }, false);
    document.getElementById(name)?.querySelector('h2')?.focus({ preventScroll: true });
  };
  const step = (by: number) => {
    const i = kSections.findIndex((section) => section.name === reading);
    visit(kSections[Math.min(kSections.length - 1, Math.max(0, i + by))]!.name);
  };
  use_keys([
    { key: 'n', does: 'The next section', act: () => step(1) },
    { key: 'p', does: 'The section before', act: () => step(-1) },
  ]);
  return (
    <div class="theory">
      <nav class="contents" aria-label="Contents">
        <ol>
          {kSections.map((section) => (
            <li key={section.name}>
              <a
                href={`/theory?at=${section.name}`} aria-current={reading === section.name ? 'true' : undefined}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
                  event.preventDefault();
                  visit(section.name);
                }}
              >
                {section.short}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <div class="lecture">
        <header>
          <h1>Theory of generative adversarial networks</h1>
          <p class="lead">
            A lecture to read from top to bottom, or to play with: every figure can be dragged, or moved by its sliders, and keeps its state in the address. <span class="reals">Reals</span> are green, <span class="fakes">fakes</span> orange, <span class="judge">D</span> blue, everywhere. The same formulas,
            computed and printed by the program with games that are trained: <code>ganymede study theory --quick</code>.
          </p>
          <label class="contents-short">
            Go to{' '}
            <select value={reading} onChange={(event) => visit(event.currentTarget.value)}>
              {kSections.map((section, i) => (
                <option key={section.name} value={section.name}>
                  {i + 1}. {section.short}
                </option>
              ))}
            </select>
          </label>
        </header>
        {kSections.map(({ name, title, show: Show }, i) => (
          <section key={name} id={name} aria-labelledby={`title-${name}`}>
            <h2 id={`title-${name}`} tabIndex={-1}>
              <span class="section-number">{i + 1}</span> {title}
            </h2>
            <Show />
          </section>
        ))}
      </div>
    </div>
  );
}
