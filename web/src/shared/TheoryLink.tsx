// The way from a panel to the section of the Theory page that explains it.
export function TheoryLink({ at, of }: { /** A section's name. */ at: string; /** What is explained. */ of: string }) {
  return (
    <a class="theory-link" href={`/theory?at=${at}`} aria-label={`Theory: ${of}`}>
      Theory
    </a>
  );
}
