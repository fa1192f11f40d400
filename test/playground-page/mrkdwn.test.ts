import { describe, expect, it } from 'vitest';
import { emoji } from '../../src/playground/page/mrkdwn/emoji.js';
import { parseMrkdwn } from '../../src/playground/page/mrkdwn/parse.js';
import type { Inline, Piece } from '../../src/playground/page/mrkdwn/tree.js';

const NOW = new Date(2026, 2, 10, 12, 0);

const parse = (source: string) => parseMrkdwn(source, NOW);
const inline = (source: string): readonly Inline[] => {
  const [piece] = parse(source);
  return piece && piece.is !== 'pre' ? piece.kids : [];
};
const text = (value: string) => ({ is: 'text', text: value });

/** Everything a reader would read, without its look. */
function words(kids: readonly Inline[]): string {
  return kids
    .map((kid) =>
      'kids' in kid ? words(kid.kids) : 'text' in kid ? kid.text : 'char' in kid ? kid.char : '',
    )
    .join('');
}

describe('what runs within a line', () => {
  it.each([
    ['*bold*', 'bold'],
    ['_italic_', 'italic'],
    ['~struck~', 'strike'],
  ])('reads %s', (source, is) => {
    expect(inline(source)).toEqual([{ is, kids: [text(source.slice(1, -1))] }]);
  });

  it('nests styles', () => {
    expect(inline('*_both_*')).toEqual([{ is: 'bold', kids: [{ is: 'italic', kids: [text('both')] }] }]);
  });

  it.each(['2*3*4', 'snake_case_name', '* a list', '**', '*open', 'a * b * c', '*over\nlines*', '_ x _'])(
    'leaves %j as it stands',
    (source) => expect(inline(source)).toEqual([text(source)]),
  );

  it('formats nothing within code', () => {
    expect(inline('`*a* <https://x.example> &lt;`')).toEqual([
      { is: 'code', text: '*a* <https://x.example> <' },
    ]);
  });

  it('looks over code and links for the end of a style', () => {
    expect(inline('*see `a*b` or <https://x.example/*|there>*')).toMatchObject([
      { is: 'bold', kids: [text('see '), { is: 'code' }, text(' or '), { is: 'link', text: 'there' }] },
    ]);
  });

  it('reads links, with and without a label, and unescapes their address', () => {
    expect(inline('<https://x.example/?a=1&amp;b=2|one &amp; two> <mailto:a@b.example>')).toEqual([
      { is: 'link', url: 'https://x.example/?a=1&b=2', text: 'one & two' },
      text(' '),
      { is: 'link', url: 'mailto:a@b.example', text: 'mailto:a@b.example' },
    ]);
  });

  it('reads mentions of people, channels and everybody', () => {
    expect(inline('<@U1AB> <#C1AB|ops> <!here>')).toEqual([
      { is: 'person', id: 'U1AB' },
      text(' '),
      { is: 'channel', id: 'C1AB', name: 'ops' },
      text(' '),
      { is: 'everyone', name: 'here' },
    ]);
  });

  it('reads emoji it knows and leaves the others', () => {
    expect(inline(':key: :no_such_thing: 14:03:20')).toEqual([
      { is: 'emoji', char: emoji.key, name: 'key' },
      text(' :no_such_thing: 14:03:20'),
    ]);
    expect(inline(':constructor:')).toEqual([text(':constructor:')]);
  });
});

describe('dates', () => {
  const stamp = (when: Date, format: string, rest = '|then') =>
    `<!date^${when.getTime() / 1000}^${format}${rest}>`;

  it('fills the format in the reader’s zone', () => {
    const when = new Date(2026, 2, 10, 14, 3, 9);
    expect(words(inline(stamp(when, '{date_num} {time}, {time_secs}')))).toBe('2026-03-10 14:03, 14:03:09');
    expect(words(inline(stamp(when, '{date_pretty}')))).toBe('today');
    expect(words(inline(stamp(new Date(2026, 2, 9, 23), '{date_short_pretty}')))).toBe('yesterday');
    expect(words(inline(stamp(new Date(2026, 0, 2), '{date_short}')))).toBe('2 Jan 2026');
    expect(words(inline(stamp(when, '{ago} {other}')))).toBe('in 2 hours {other}');
  });

  it('takes a link along, but no dangerous one', () => {
    const when = new Date(2026, 2, 10, 14, 3);
    expect(inline(stamp(when, '{time}', '^https://x.example|t'))).toMatchObject([
      { url: 'https://x.example' },
    ]);
    expect(inline(stamp(when, '{time}', '^javascript:alert(1)|t'))[0]).not.toHaveProperty('url');
  });

  it('falls back where the time is none', () => {
    expect(words(inline('<!date^99999999999999999^{time}|some day>'))).toBe('some day');
  });
});

describe('blocks of text', () => {
  it('reads quotes and fences between lines', () => {
    expect(parse('before\n> a *quote*\n> more\nafter\n```x *y*\n&lt;z&gt;```\nend')).toEqual<Piece[]>([
      { is: 'lines', kids: [{ is: 'text', text: 'before' }] },
      {
        is: 'quote',
        kids: [
          { is: 'text', text: 'a ' },
          { is: 'bold', kids: [{ is: 'text', text: 'quote' }] },
          { is: 'text', text: '\nmore' },
        ],
      },
      { is: 'lines', kids: [{ is: 'text', text: 'after' }] },
      { is: 'pre', text: 'x *y*\n<z>' },
      { is: 'lines', kids: [{ is: 'text', text: 'end' }] },
    ]);
  });

  it('shows an open fence as it stands', () => {
    expect(words(inline('a ```b'))).toBe('a ');
    expect(parse('a ```b').map((piece) => ('kids' in piece ? words(piece.kids) : ''))).toEqual([
      'a ',
      '```b',
    ]);
  });
});

describe('what somebody typed never becomes markup', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<javascript:alert(1)|click me>',
    '<JaVaScRiPt:alert(1)>',
    '<data:text/html,hi|x>',
    '<vbscript:x|y>',
    '<https://x.example\n|broken>',
    '<@not-an-id>',
    '<!subteam^S1>',
    '<',
    '<>',
    '<|>',
  ])('keeps %j as text', (source) => {
    const kids = inline(source);
    expect(kids.every((kid) => kid.is === 'text')).toBe(true);
    expect(words(kids)).toBe(source);
  });

  it('shows escaped angle constructs, once unescaped', () => {
    expect(inline('&lt;@U1AB&gt; &lt;https://x.example|y&gt; &amp;lt;')).toEqual([
      text('<@U1AB> <https://x.example|y> &lt;'),
    ]);
  });

  it('reads long hostile texts in good time', () => {
    const started = performance.now();
    for (const source of ['*a'.repeat(1500), '<'.repeat(3000), '`'.repeat(3000), '_*~'.repeat(1000)])
      parse(source);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
