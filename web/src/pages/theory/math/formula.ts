// Formulas as MathML, written as in TeX: the few commands that the page needs. An unknown one is an error, so that none is shown wrong.
const kLetters: Record<string, string> = {
  alpha: 'α', beta: 'β', eta: 'η', theta: 'θ', lambda: 'λ', Lambda: 'Λ', mu: 'μ', pi: 'π', sigma: 'σ', Sigma: 'Σ', phi: 'φ', E: '𝔼', N: '𝒩', infty: '∞', ell: 'ℓ',
};
const kSigns: Record<string, string> = {
  cdot: '·', times: '×', to: '→', mid: '|', parallel: '‖', le: '≤', ge: '≥', in: '∈', sim: '∼', partial: '∂', nabla: '∇', approx: '≈', ne: '≠', pm: '±', prime: '′', odot: '⊙', perp: '⟂', propto: '∝', '{': '{', '}': '}',
};
const kFunctions = ['log', 'exp', 'tanh', 'max', 'min', 'Tr', 'KL', 'JS', 'BCE', 'det'];
/** What stands below and above them in a formula of its own line. */
const kLimits: Record<string, string> = { min: 'min', max: 'max', sum: '∑', int: '∫' };

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const row = (parts: string[]) => (parts.length === 1 ? parts[0]! : `<mrow>${parts.join('')}</mrow>`);

class Reader {
  private at = 0;
  constructor(
    private readonly text: string,
    private readonly display: boolean,
  ) {}

  /** All until the closing brace, or the end. */
  all(): string[] {
    const parts: string[] = [];
    for (;;) {
      while (this.text[this.at] === ' ') ++this.at;
      const c = this.text[this.at];
      if (c === undefined || c === '}') return parts;
      parts.push(this.scripted());
    }
  }

  /** Something with what is raised or lowered at it. */
  private scripted(): string {
    const begin = this.at;
    const base = this.one();
    const name = this.text.slice(begin, this.at).trim().slice(1);
    const limits = this.display && name !== 'int' && name in kLimits;
    let below = '', above = '', prime = '';
    for (;;) {
      if (this.text[this.at] === '_') {
        ++this.at;
        below = this.one();
      } else if (this.text[this.at] === '^') {
        ++this.at;
        above = this.one();
      } else if (this.text[this.at] === "'") {
        ++this.at;
        prime = '<mo lspace="0" rspace="0.06em">′</mo>';
      } else break;
    }
    if (prime) return `<mrow>${base}${prime}</mrow>`;
    if (below && above) return limits ? `<munderover>${base}${below}${above}</munderover>` : `<msubsup>${base}${below}${above}</msubsup>`;
    if (below) return limits ? `<munder>${base}${below}</munder>` : `<msub>${base}${below}</msub>`;
    return above ? `<msup>${base}${above}</msup>` : base;
  }

  private group(): string {
    if (this.text[this.at] !== '{') throw new Error(`formula "${this.text}": wanted { at ${this.at}`);
    ++this.at;
    const parts = this.all();
    if (this.text[this.at] !== '}') throw new Error(`formula "${this.text}": a { is not closed`);
    ++this.at;
    return row(parts);
  }

  private words(): string {
    const end = this.text.indexOf('}', this.at);
    const words = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return words;
  }

  private one(): string {
    const c = this.text[this.at]!;
    if (c === '{') return this.group();
    if (c === '\\') return this.command();
    const number = /^\d+(\.\d+)?/.exec(this.text.slice(this.at));
    if (number) {
      this.at += number[0].length;
      return `<mn>${number[0]}</mn>`;
    }
    ++this.at;
    if (/[A-Za-z]/.test(c)) return `<mi>${c}</mi>`;
    if ('()[]'.includes(c)) return `<mo stretchy="false">${c}</mo>`;
    if (c === '|') return '<mo stretchy="false" lspace="0.05em" rspace="0.05em">|</mo>';
    // At the beginning, or behind a sign, a minus belongs to what follows.
    if (c === '-' && /(^|[=(,;+{]|\\[,a-z]*[=(]?)\s*$/.test(this.text.slice(0, this.at - 1))) return '<mo form="prefix" lspace="0" rspace="0">−</mo>';
    if (c === ',' || c === ';') return `<mo separator="true">${c}</mo>`;
    return `<mo>${c === '-' ? '−' : c === '*' ? '∗' : escaped(c)}</mo>`;
  }

  /** A function's name, with a little room about it where letters stand close. */
  private named(name: string): string {
    const before = /[A-Za-z0-9})'*]\s*$/.test(this.text.slice(0, this.at - name.length - 1)) && !/\\[a-zA-Z]+\s*$/.test(this.text.slice(0, this.at - name.length - 1));
    const after = !/^\s*[(_^]/.test(this.text.slice(this.at));
    const space = '<mspace width="0.17em"/>';
    const letters = `<mi mathvariant="normal">${name}</mi>`;
    return before || after ? `<mrow>${before ? space : ''}${letters}${after ? space : ''}</mrow>` : letters;
  }

  private command(): string {
    const name = /^\\([A-Za-z]+|.)/.exec(this.text.slice(this.at))![1]!;
    this.at += name.length + 1;
    if (name === 'frac') return `<mfrac>${this.group()}${this.group()}</mfrac>`;
    if (name === 'sqrt') return `<msqrt>${this.group()}</msqrt>`;
    if (name === 'hat') return `<mover accent="true">${this.group()}<mo>^</mo></mover>`;
    if (name === 'text') return `<mtext>${escaped(this.words()).replaceAll(' ', '\u00a0')}</mtext>`;
    if (name === 'class') {
      // \class{reals}{p}: in the colour that it has in the figures.
      const given = this.words();
      return `<mrow class="${given}">${this.group()}</mrow>`;
    }
    if (name === 'quad') return '<mspace width="1.4em"/>';
    if (name === ',') return '<mspace width="0.2em"/>';
    if (name in kLimits && !kFunctions.includes(name)) return `<mo>${kLimits[name]}</mo>`;
    if (kFunctions.includes(name)) return this.named(name);
    if (name in kLetters) return `<mi${/^[A-Z]/.test(name) ? ' mathvariant="normal"' : ''}>${kLetters[name]}</mi>`;
    if (name in kSigns) return `<mo${'|‖{}'.includes(kSigns[name]!) ? ' stretchy="false"' : ''}>${kSigns[name]}</mo>`;
    throw new Error(`formula "${this.text}": there is no \\${name}`);
  }
}

/** A <math> element for a line of text, or for a line of its own. */
export function mathml(tex: string, display = false): string {
  const reader = new Reader(tex, display);
  return `<math${display ? ' display="block"' : ''}>${row(reader.all())}</math>`;
}
