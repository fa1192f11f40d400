/** One card, two chats: the same words in the same order and the same actions, whatever a card holds. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawPicture } from '../../src/chat/picture.js';
import { renderCard as slackCard } from '../../src/chat/slack/render.js';
import { MOST_CHARS, sizeOf } from '../../src/chat/teams/adaptive.js';
import { renderForm } from '../../src/chat/teams/form.js';
import { readAction } from '../../src/chat/teams/read.js';
import { renderCard, summaryOf } from '../../src/chat/teams/render.js';
import { type Action, type Card, code, plain, type Text } from '../../src/core/cards/card.js';
import { checkMessageBlocks } from '../../src/playground/slack/index.js';
import { faultsOf } from '../../src/playground/teams/index.js';
import { MONTH } from '../fixtures/pictures.js';
import { EVERY_CARD, EVERY_FORM, HOSTILE, WITH_PICTURE } from './every-card.js';
import {
  codesOf,
  executesOf,
  partsOf,
  readSlack,
  readSlackForm,
  readTeams,
  readTeamsForm,
  runsOf,
  seenInTeams,
} from './reading.js';

describe.each(EVERY_CARD)('%s', (_, card) => {
  it('has the same words in the same order in both chats, and the same actions', () => {
    expect(readTeams(renderCard(card))).toEqual(readSlack(card));
  });

  it('is within both chats’ limits', () => {
    expect(checkMessageBlocks(slackCard(card).blocks).found).toEqual([]);
    expect(sizeOf(renderCard(card))).toBeLessThanOrEqual(MOST_CHARS);
    const { actions = [] } = renderCard(card);
    expect(actions.filter((a) => a.mode !== 'secondary').length).toBeLessThanOrEqual(6);
  });

  it('says the same in a notification', () => {
    const unescaped = slackCard(card).text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
    expect(summaryOf(card)).toBe(unescaped);
  });

  it('has at most 12 lines of a phone in Teams before “more”', () => {
    if (card.unfolded) return;
    const rendered = renderCard(card);
    const heights = seenInTeams(rendered).map((line, n) => Math.ceil(line.length / (n === 0 ? 33 : 42)));
    const others = rendered.body.filter((e) => e.type === 'ActionSet' || e.type === 'Input.ChoiceSet').length;
    const all = heights.reduce((sum, n) => sum + n, others + (rendered.actions ? 1 : 0));
    expect(all).toBeLessThanOrEqual(12);
  });

  it('comes back from Teams as what its buttons say', () => {
    for (const { act, about, choices } of readTeams(renderCard(card)).actions) {
      if (act === 'way') continue;
      const value = choices[0]?.replace(/^.*=/, '');
      const data = value === undefined ? { id: about } : { id: about, [`choose:${act}:${about}`]: value };
      const verb = value === undefined ? act : `choose:${act}`;
      expect(readAction({ action: { type: 'Action.Execute', verb, data }, trigger: 'manual' })).toEqual(
        value === undefined
          ? { act: 'press', button: act, id: about }
          : { act: 'choose', menu: act, id: about, value },
      );
    }
  });
});

describe.each(EVERY_FORM)('the form: %s', (_, form) => {
  it('has the same words, choices and submit button in both chats', () => {
    expect(readTeamsForm(renderForm(form))).toEqual(readSlackForm(form));
  });
});

it('a client has one colour in both chats, and no two colours look alike', () => {
  const square = (drawn: unknown) => /[🟥🟧🟨🟩🟦🟪🟫]/u.exec(JSON.stringify(drawn))?.[0];
  const colours = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'brown'] as const;
  const { picture: _, ...plainCard } = WITH_PICTURE;
  const squares = colours.map((colour) => {
    const card = { ...plainCard, client: { name: 'Acme Dental', colour } };
    expect(square(renderCard(card))).toBe(square(slackCard(card)));
    return square(renderCard(card));
  });
  expect(new Set(squares).size).toBe(colours.length);
  expect(squares).not.toContain(undefined);
});

it('what is there to be copied is set apart in both chats, letter by letter', () => {
  const lines = ['ssh -p 2222 G-8F3KQ2@keys.example', '7Q3KD-0000', 'a  b*_~c'];
  const card = {
    ...{ client: null, title: 'T', actions: [] },
    ...{ rows: [{ label: 'Line', text: code('psql') }], lines: lines.map(code) },
  };
  expect(codesOf(card)).toEqual({ slack: ['psql', ...lines], teams: ['psql', ...lines] });
});

describe('a card with its picture', () => {
  it('shows it in the same place in both chats, with the same sentence for who doesn’t see it', async () => {
    const rendered = renderCard(WITH_PICTURE, await drawPicture(MONTH));
    const { blocks } = slackCard(WITH_PICTURE, 'F0MONTH');
    expect(readTeams(rendered)).toEqual(readSlack(WITH_PICTURE, 'F0MONTH'));
    expect(readTeams(rendered).words).toContain(MONTH.alt);
    expect(partsOf(rendered.body).filter((part) => part.type === 'Image')).toHaveLength(1);
    expect(blocks.filter((block) => block.type === 'image')).toHaveLength(1);
  });

  it('has the same words as without it', async () => {
    const without = readTeams(renderCard(WITH_PICTURE));
    expect(read(readTeams(renderCard(WITH_PICTURE, await drawPicture(MONTH))).words)).toBe(
      read(without.words),
    );
    expect(without).toEqual(readSlack(WITH_PICTURE));
  });

  it('is within both chats’ limits', async () => {
    const rendered = renderCard(WITH_PICTURE, await drawPicture(MONTH));
    expect(sizeOf(rendered)).toBeLessThanOrEqual(MOST_CHARS);
    expect(faultsOf(JSON.parse(JSON.stringify(rendered)))).toEqual([]);
    expect(checkMessageBlocks(slackCard(WITH_PICTURE, 'F0MONTH').blocks).found).toEqual([]);
  });
});

// ── Whatever a card holds ─────────────────────────────────────────────────────

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(
    '',
    ' ',
    '**b**',
    '<at>Lena</at>',
    '{{DATE(2026-11-23T14:03:00Z)}}',
    '{{{{TIME(x)}}',
    '\n\n',
  ),
  fc.constantFrom(
    '[x](https://a.example)',
    '\u202eabc\u2066',
    '"}],"actions":[{"type":"Action.Execute"',
    '\u0000',
  ),
  fc.constant(HOSTILE),
  fc.nat(3000).map((n) => 'x&'.repeat(n)),
);
const text: fc.Arbitrary<Text> = fc.oneof(
  words.map((said): Text => ({ said })),
  words.map((typed): Text => ({ typed })),
  words.map(code),
);
const id = fc.constantFrom('R-8F3KQ2', 'G-8F3KQ2', 'L-1', 'form');
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('button' as const),
    act: fc.constantFrom('approve', 'deny', 'show', 'reveal'),
    ...{ label: words, id },
    style: fc.constantFrom('primary', 'danger'),
  }),
  fc.record({
    kind: fc.constant('menu' as const),
    act: fc.constant('approve-for' as const),
    ...{ label: words, id },
    choices: fc.array(fc.record({ label: words, value: fc.string({ minLength: 1, maxLength: 20 }) }), {
      ...{ minLength: 1, maxLength: 12 },
    }),
  }),
  fc.record({
    kind: fc.constant('way' as const),
    label: words,
    url: fc.constant('https://keys.example/r#t'),
  }),
);
const anyCard: fc.Arbitrary<Card> = fc.record({
  client: fc.option(fc.record({ name: words, colour: fc.constantFrom('red', 'blue', 'brown') })),
  title: words,
  rows: fc.array(fc.record({ label: fc.constantFrom('Account', 'Why'), text }), { maxLength: 40 }),
  lines: fc.array(text, { maxLength: 120 }),
  actions: fc
    .array(action, { maxLength: 20 })
    // One menu a subject: a card never has the same menu twice.
    .map((all) => all.filter((a, n) => a.kind !== 'menu' || all.findIndex((b) => b.kind === 'menu') === n)),
  note: words,
});

/** Teams gives every line its place, Slack joins them: only what is read counts. */
const read = (lines: readonly string[]) => lines.join('').replace(/[\s—]/g, '');
const isCut = (lines: readonly string[]) => lines.some((line) => line.startsWith('…more'));

describe('for any card', () => {
  it('a picture costs Teams no word: where both don’t fit, its sentence stands in', async () => {
    const png = await drawPicture(MONTH);
    fc.assert(
      fc.property(anyCard, (card) => {
        const rendered = renderCard({ ...card, picture: MONTH }, png);
        const without = renderCard(card);
        expect(sizeOf(rendered)).toBeLessThanOrEqual(MOST_CHARS);
        const found = read(readTeams(rendered).words);
        const isShown = partsOf(rendered.body).some((part) => part.type === 'Image');
        if (isShown) {
          expect(found).toContain(read([MONTH.alt]));
          for (const word of readTeams(without).words) expect(found).toContain(read([word]));
        } else expect(sizeOf(without)).toBeGreaterThan(MOST_CHARS - png.length * 2);
      }),
      { numRuns: 100 },
    );
  });

  it('Teams’ limits hold, and no action is lost', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const rendered = renderCard(card);
        expect(sizeOf(rendered)).toBeLessThanOrEqual(MOST_CHARS);
        expect(rendered.actions ?? []).toHaveLength(card.actions.length);
        const ids = partsOf(rendered.body).flatMap((part) => ('id' in part ? [part.id] : []));
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 150 },
    );
  });

  it('both chats have the same words and actions, unless one had to cut', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const [teams, slack] = [readTeams(renderCard(card)), readSlack(card)];
        const inOneLine = ({ label, ...rest }: { label: string }) => ({ ...rest, label: read([label]) });
        const unlabelled = (all: typeof teams.actions) =>
          all.map((a) => ({ ...inOneLine(a), choices: a.choices.length }));
        expect(unlabelled(teams.actions)).toEqual(unlabelled(slack.actions));
        if (!isCut(teams.words) && !isCut(slack.words)) expect(read(teams.words)).toBe(read(slack.words));
      }),
      { numRuns: 150 },
    );
  });

  it('what was typed is found literally, and none of it became markup or an action', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), fc.boolean(), (all, unfolded) => {
        const card: Card = {
          ...{ client: null, title: 'T', rows: [], actions: [] },
          lines: all.map((typed) => ({ typed })),
          ...(unfolded ? { unfolded: true } : {}),
        };
        const rendered = renderCard(card);
        const { words: found } = readTeams(rendered);
        const lines = all.flatMap((t) =>
          t.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/).map((l, n) => (n ? `│ ${l}` : l)),
        );
        const wanted = lines.map((line) => (line.trim() === '' ? '—' : line));
        if (!isCut(found)) expect(found.slice(1)).toEqual(wanted);
        expect(rendered.actions).toBeUndefined();
        const kinds = new Set(partsOf(rendered).map((part) => part.type));
        const ours = [
          'AdaptiveCard',
          'RichTextBlock',
          'TextRun',
          'Container',
          'ActionSet',
          'Action.ToggleVisibility',
        ];
        expect([...kinds].filter((kind) => !ours.includes(kind))).toEqual([]);
        expect(runsOf(rendered).some((run) => run.text.includes('{{'))).toBe(false);
        for (const run of runsOf(rendered))
          expect(Object.keys(run).every((key) => RUN.includes(key))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('a button carries its id and nothing else', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        for (const execute of executesOf(renderCard(card))) expect(Object.keys(execute.data)).toEqual(['id']);
        const typed = card.lines
          .flatMap((t) => ('typed' in t ? [plain(t)] : []))
          .filter((t) => t.length > 20);
        const sent = JSON.stringify(renderCard(card).actions ?? []);
        const labels = card.actions.map((a) => a.label).join();
        expect(typed.some((t) => !labels.includes(t) && sent.includes(t))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

const RUN = ['type', 'text', 'weight', 'size', 'isSubtle', 'color', 'fontType'];
