import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCard, renderForm, renderSentence } from '../../../src/chat/slack/index.js';
import { asTyped } from '../../../src/chat/slack/text.js';
import type { Action, Card, Field, Form, Text } from '../../../src/core/cards/card.js';
import { askForm } from '../../../src/core/cards/forms.js';
import { requestCard } from '../../../src/core/cards/request-card.js';
import type { Person } from '../../../src/core/people.js';
import { perform } from '../../../src/core/perform.js';
import { checkMessageBlocks, checkView, pressables } from '../../../src/playground/slack/index.js';
import { MemoryDesk } from './memory-desk.js';

const card = (change: Partial<Card>): Card => ({
  client: { name: 'Delta Resale', colour: 'red' },
  title: 'Tess Tran asks for access',
  rows: [],
  lines: [],
  actions: [],
  ...change,
});

interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
  readonly emoji?: boolean;
  readonly verbatim?: boolean;
}

/** Every text object in something rendered. */
function textsIn(value: unknown): TextObject[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'text' in value && typeof value.text === 'string' ? [value as TextObject] : [];
  return [...own, ...Object.values(value).flatMap(textsIn)];
}

const HOSTILE =
  '*bold* _it_ ~no~ `code` <!channel> <@U0LENA> @here :tada: <https://a.example|b>\n> quote\nAsked by  Lena Falk';

describe('what people typed', () => {
  const blocks = renderCard(
    card({
      rows: [
        { label: 'Account', text: { said: 'Registrar' } },
        { label: 'Why', text: { typed: HOSTILE } },
      ],
      lines: [{ typed: `✗ Lena: ${HOSTILE}` }, { said: 'Still needed: a lead.' }],
    }),
  ).blocks;

  it('stands in plain text, letter by letter, and in nothing that Slack would format', () => {
    const formatted = textsIn(blocks).filter((t) => t.type === 'mrkdwn');
    expect(formatted.map((t) => t.text).join()).not.toMatch(/bold|channel|tada|quote/);
    const plain = textsIn(blocks).filter((t) => t.type === 'plain_text' && t.text.includes('*bold*'));
    expect(plain.every((t) => t.emoji === false)).toBe(true);
    expect(plain[0]?.text).toContain(
      '*bold* _it_ ~no~ `code` <!channel> <@U0LENA> @here :tada: <https://a.example|b>',
    );
  });

  it('can’t pass for a row of the card: its further lines are marked', () => {
    expect(textsIn(blocks).some((t) => /^Asked by/m.test(t.text))).toBe(false);
    expect(textsIn(blocks).some((t) => t.text.includes('\n│ Asked by  Lena Falk'))).toBe(true);
  });

  it('comes out of Slack’s own writing as it was typed', () => {
    expect(asTyped('see <https://a.example/x?a=1&amp;b=2> or <http://b.example|b.example>')).toBe(
      'see https://a.example/x?a=1&b=2 or b.example',
    );
    expect(asTyped('mail <mailto:a@b.example|a@b.example> &lt;now&gt;')).toBe('mail a@b.example <now>');
    expect(asTyped('<@U0LENA> <!channel>')).toBe('<@U0LENA> <!channel>');
  });
});

describe('what is there to be copied', () => {
  const shown = (code: string) =>
    textsIn(renderCard(card({ rows: [{ label: 'Paste this', text: { code } }] })).blocks).filter((t) =>
      t.text.includes('Paste this'),
    );

  it('stands in one piece between backticks, and Slack makes no mail address of it', () => {
    expect(shown('ssh -p 2222 G-8F3KQ2@keys.northwind.example')).toEqual([
      {
        type: 'mrkdwn',
        text: '*Paste this*  `ssh -p 2222 G-8F3KQ2@keys.northwind.example`',
        verbatim: true,
      },
    ]);
    expect(shown('psql "user=a&b <c>"')[0]?.text).toBe('*Paste this*  `psql "user=a&amp;b &lt;c&gt;"`');
  });

  it('is plain text where backticks couldn’t hold it', () => {
    for (const odd of ['a `b` c', 'one\ntwo', ' ', 'x'.repeat(600)])
      expect(shown(odd).map(({ type }) => type)).toEqual(['plain_text']);
  });
});

describe('what the configuration says', () => {
  it.each(['R&D <db>', 'a <!channel> b', '<@U0LENA>'])('%s is escaped, so that nobody is called', (name) => {
    const [text] = textsIn(renderCard(card({ client: null, lines: [{ said: name }] })).blocks).slice(1);
    expect(text).toMatchObject({ type: 'mrkdwn', verbatim: true });
    expect(text?.text).not.toMatch(/<[@!]/);
  });

  it.each(['*root*', '_svc_', 'a ~b~', '`cmd`', ':key: 1', '> first'])(
    '%s reads as it is written',
    (name) => {
      const texts = textsIn(renderCard(card({ rows: [{ label: 'Account', text: { said: name } }] })).blocks);
      expect(texts).toContainEqual({ type: 'plain_text', text: `Account  ${name}`, emoji: false });
    },
  );

  it('svc_backup_2 needs no such care', () => {
    const texts = textsIn(
      renderCard(card({ rows: [{ label: 'Account', text: { said: 'svc_backup_2' } }] })).blocks,
    );
    expect(texts).toContainEqual({ type: 'mrkdwn', text: '*Account*  svc_backup_2', verbatim: true });
  });

  it('a line break in a name makes no row of its own', () => {
    const texts = textsIn(
      renderCard(card({ rows: [{ label: 'Account', text: { said: 'a\nWhy  b' } }] })).blocks,
    );
    expect(texts.map((t) => t.text)).toContain('*Account*  a Why  b');
  });
});

describe('a request on a phone', () => {
  const request = async (reason: string, client = 'delta', account = 'registrar') => {
    const desk = new MemoryDesk();
    const actor = { person: 'p-tess', via: 'slack' } as const;
    await perform(desk.ports, actor, {
      ...{ verb: 'ask', client, account, seconds: 3600, reason, ticket: 'T-204' },
    } as never);
    const facts = await desk.requestFacts('R-TEST01');
    if (!facts) throw new Error('nothing was asked');
    return renderCard(requestCard(facts, 'deciders'));
  };

  it('begins with the client’s colour and name, and has at most 12 lines at 390 px', async () => {
    const { blocks, text } = await request('The printer is down again', 'acme', 'front-desk');
    expect(textsIn(blocks)[0]?.text).toBe('🟩 Acme Dental · Access request');
    expect(text).toBe('Acme Dental: Tess Tran asks for Front desk PC');
    // At 390 px Slack fits about 33 characters of a header in a line, and 44 of text.
    const lines = blocks.flatMap((block) => {
      if (block.type === 'actions') return [1];
      const width = block.type === 'header' ? 33 : 44;
      return textsIn(block).flatMap((t) =>
        t.text.split('\n').map((l) => Math.ceil(l.replaceAll('*', '').length / width)),
      );
    });
    expect(lines.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(12);
    expect(blocks.length).toBeLessThanOrEqual(6);
  });

  it('shows a reason of 2,000 characters whole', async () => {
    const reason = `${'abcdefghi '.repeat(199)}abcdefghiX`;
    const { blocks } = await request(reason);
    expect(checkMessageBlocks(blocks).found).toEqual([]);
    expect(
      textsIn(blocks)
        .map((t) => t.text)
        .join(),
    ).toContain(reason);
  });

  it('a card with hundreds of rows keeps its buttons, and says where the rest is', () => {
    const lines: Text[] = Array.from({ length: 700 }, (_, n) =>
      n % 2 ? { typed: `typed ${n} ${'x'.repeat(60)}` } : { said: `said ${n}` },
    );
    const action: Action = {
      kind: 'button',
      act: 'approve',
      label: 'Approve',
      id: 'R-8F3KQ2',
      style: 'primary',
    };
    const { blocks } = renderCard(card({ lines, actions: [action], note: 'R-8F3KQ2 · decide by 14:03' }));
    expect(checkMessageBlocks(blocks).found).toEqual([]);
    expect(textsIn(blocks).map((t) => t.text)).toContain('…more: /access show R-8F3KQ2');
    expect(pressables({ text: '', blocks: blocks as never }).map((p) => p.label)).toEqual(['Approve']);
  });
});

// ── Whatever a card holds, Slack takes it ─────────────────────────────────────

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('', ' ', '*', '<!channel>', '&', '\n\n', '👩‍👩‍👧'),
  fc.constant(HOSTILE),
  fc.nat(4500).map((n) => 'x&'.repeat(n)),
);
const text: fc.Arbitrary<Text> = fc.oneof(
  words.map((said): Text => ({ said })),
  words.map((typed): Text => ({ typed })),
);
const someId = fc.constantFrom('R-8F3KQ2', 'G-8F3KQ2', 'L-1', 'form');
const choice = fc.record({ label: words, value: fc.string({ minLength: 1, maxLength: 150 }) });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('button' as const),
    act: fc.constantFrom('approve', 'deny', 'show', 'reveal'),
    label: words,
    id: someId,
    style: fc.constantFrom('primary', 'danger'),
  }),
  fc.record({
    kind: fc.constant('menu' as const),
    act: fc.constant('approve-for' as const),
    label: words,
    id: someId,
    choices: fc.array(choice, { minLength: 1, maxLength: 120 }),
  }),
  fc.record({
    kind: fc.constant('way' as const),
    label: words,
    url: fc.constant('https://keys.example/reveal#t'),
  }),
);
const anyCard: fc.Arbitrary<Card> = fc.record({
  client: fc.option(
    fc.record({
      name: words,
      colour: fc.constantFrom('red', 'orange', 'yellow', 'green', 'blue', 'purple', 'brown'),
    }),
  ),
  title: words,
  rows: fc.array(fc.record({ label: fc.constantFrom('Account', 'Why'), text }), { maxLength: 60 }),
  lines: fc.array(text, { maxLength: 200 }),
  actions: fc
    .array(action, { maxLength: 30 })
    // One menu a subject: a card never has the same menu twice.
    .map((all) => all.filter((a, n) => a.kind !== 'menu' || all.findIndex((b) => b.kind === 'menu') === n)),
  note: words,
});
const base = { label: words, hint: words, optional: fc.boolean() };
const input: fc.Arbitrary<Field['input']> = fc.oneof(
  fc.record({
    kind: fc.constant('line' as const),
    most: fc.integer({ min: 1, max: 9000 }),
    placeholder: words,
  }),
  fc.record({
    kind: fc.constant('text' as const),
    most: fc.integer({ min: 1, max: 9000 }),
    placeholder: words,
  }),
  fc.record({
    kind: fc.constant('choice' as const),
    choices: fc.array(choice, { maxLength: 130 }),
    chosen: fc.string(),
    redraws: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('search' as const),
    what: fc.constantFrom('client', 'account'),
    chosen: choice,
    redraws: fc.boolean(),
  }),
);
const anyForm: fc.Arbitrary<Form> = fc.record({
  form: fc.constantFrom('ask', 'deny', 'revoke'),
  id: fc.constantFrom('', 'R-8F3KQ2'),
  title: words,
  submit: words,
  lines: fc.array(text, { maxLength: 60 }),
  fields: fc
    .array(fc.record({ ...base, input }), { maxLength: 12 })
    .map((fields) => fields.map((field, n): Field => ({ ...field, id: `field-${n}` }))),
});

describe('Slack’s limits', () => {
  it('hold for any card', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const { blocks, text } = renderCard(any);
        expect(checkMessageBlocks(blocks).found).toEqual([]);
        expect(text.length).toBeGreaterThan(0);
        expect(blocks.at(0)?.type).toBe('header');
        expect(pressables({ text: '', blocks: blocks as never })).toHaveLength(any.actions.length);
        const formatted = textsIn(blocks).filter((t) => t.type === 'mrkdwn');
        expect(formatted.every((t) => t.verbatim === true && !/[<>]/.test(t.text))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('hold for all the text of a message together', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const menus = any.actions.flatMap((a) => (a.kind === 'menu' ? a.choices : []));
        fc.pre(menus.length < 20);
        const total = textsIn(renderCard(any).blocks).reduce((sum, t) => sum + t.text.length, 0);
        expect(total).toBeLessThanOrEqual(12_000);
      }),
      { numRuns: 100 },
    );
  });

  it('hold for any form', () => {
    fc.assert(
      fc.property(anyForm, (any) => {
        const view = renderForm(any);
        expect(checkView(view, 'modal').found).toEqual([]);
        expect(JSON.parse(view.private_metadata ?? '')).toEqual({ form: any.form, id: any.id });
      }),
      { numRuns: 150 },
    );
  });

  it('hold for any sentence', () => {
    fc.assert(
      fc.property(words, (any) => {
        const { blocks, text } = renderSentence(any);
        expect(checkMessageBlocks(blocks).found).toEqual([]);
        expect(text.length).toBeLessThanOrEqual(15_000);
      }),
    );
  });

  it('somebody who may ask for nothing gets a window that says so', async () => {
    const desk = new MemoryDesk();
    const luis = desk.directory.people.find((p) => p.tier === 'L1') as Person;
    const view = renderForm(askForm(luis, await desk.facts(), {}));
    expect(checkView(view, 'modal').found).toEqual([]);
    expect(view.submit).toBeUndefined();
    expect(
      textsIn(view)
        .map((t) => t.text)
        .join(),
    ).toContain('There is nothing that you can ask for now.');
  });
});
