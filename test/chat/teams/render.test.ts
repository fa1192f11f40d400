import { describe, expect, it } from 'vitest';
import type { Element } from '../../../src/chat/teams/adaptive.js';
import { renderCard, renderSentence, summaryOf } from '../../../src/chat/teams/render.js';
import type { Button, Card, Text } from '../../../src/core/cards/card.js';
import { readTeams, runsOf, seenInTeams } from '../../contracts/reading.js';

const card = (change: Partial<Card>): Card => ({
  client: { name: 'Delta Resale', colour: 'red' },
  ...{ title: 'Access request', rows: [], lines: [], actions: [], ...change },
});
const button = (act: Button['act'], more: Partial<Button> = {}): Button => ({
  ...{ kind: 'button', act, label: act, id: 'R-8F3KQ2', ...more },
});

it('what is there to be copied is set apart, literally', () => {
  const code = 'ssh -p 2222 G-8F3KQ2@keys.northwind.example **{{DATE(2026-01-01)}}';
  const rendered = renderCard(card({ rows: [{ label: 'Paste this', text: { code } }] }));
  expect(readTeams(rendered).words).toContain(`Paste this  ${code}`);
  const looks = runsOf(rendered).filter(({ text }) => text.includes('ssh -p'));
  expect(looks).toMatchObject([{ fontType: 'Monospace' }]);
});

describe('a long text', () => {
  const reason = `${'abcdefghi '.repeat(199)}abcdefghiX`;
  const rows = [{ label: 'Why', text: { typed: reason } }];
  const lines: Text[] = [{ said: 'Still needed: a lead.' }];

  it('is short on a phone, and whole behind “more”', () => {
    const rendered = renderCard(card({ rows, lines }));
    expect(seenInTeams(rendered).join('\n')).not.toContain('abcdefghiX');
    expect(seenInTeams(rendered)).toContain('Still needed: a lead.');
    expect(readTeams(rendered).words).toContain(`Why  ${reason}`);
  });

  it('“more” shows what is hidden, hides what is shortened, and then itself', () => {
    const { body } = renderCard(card({ rows, lines }));
    const more = body.find((e) => e.type === 'ActionSet') as Extract<Element, { type: 'ActionSet' }>;
    const ids = body.flatMap((e) => ('id' in e ? [e.id] : []));
    expect(more.actions.map((a) => [a.title, a.targetElements])).toEqual([['more', ids]]);
    expect(ids).toEqual(['short-0', 'whole-0', 'more']);
  });

  it('is whole where somebody asked for the whole', () => {
    const { body } = renderCard(card({ rows, lines, unfolded: true }));
    expect(body.every((e) => e.type === 'RichTextBlock')).toBe(true);
  });

  it('is not folded where all of it fits', () => {
    const { body } = renderCard(card({ rows: [{ label: 'Why', text: { typed: 'x'.repeat(200) } }] }));
    expect(body.every((e) => e.type === 'RichTextBlock')).toBe(true);
  });
});

it('a card with hundreds of lines keeps its buttons, and says where the rest is', () => {
  const lines: Text[] = Array.from({ length: 700 }, (_, n) => ({ typed: `typed ${n} ${'x'.repeat(60)}` }));
  const rendered = renderCard(card({ lines, actions: [button('approve')], unfolded: true }));
  const { words, actions } = readTeams(rendered);
  expect(words.at(-1)).toBe('…more: show R-8F3KQ2');
  expect(words.length).toBeGreaterThan(30);
  expect(actions.map((a) => a.act)).toEqual(['approve']);
});

it('what Teams would make a date of is no date', () => {
  const date = '{{DATE(2026-11-23T14:03:00Z, SHORT)}} {{{x';
  const rendered = renderCard(card({ lines: [{ typed: date }] }));
  expect(runsOf(rendered).some((run) => run.text.includes('{{'))).toBe(false);
  expect(readTeams(rendered).words.at(-1)).toBe(date);
});

it('the seventh action begins a menu, and six need none', () => {
  const modes = (n: number) =>
    (renderCard(card({ actions: Array.from({ length: n }, () => button('show')) })).actions ?? []).map(
      (a) => a.mode,
    );
  expect(modes(6)).toEqual(Array(6).fill(undefined));
  expect(modes(8)).toEqual([...Array(5).fill(undefined), 'secondary', 'secondary', 'secondary']);
});

it('Approve is positive and Deny destructive; neither takes a menu’s choice along', () => {
  const menu = { kind: 'menu', act: 'approve-for', label: 'Approve for less', id: 'R-1' } as const;
  const actions = [
    button('approve', { style: 'primary' }),
    button('deny', { style: 'danger' }),
    { ...menu, choices: [{ label: '15 minutes', value: '900' }] },
  ];
  const rendered = renderCard(card({ actions }));
  expect(rendered.actions).toMatchObject([
    { verb: 'approve', style: 'positive', associatedInputs: 'none', data: { id: 'R-8F3KQ2' } },
    { verb: 'deny', style: 'destructive', associatedInputs: 'none' },
    { verb: 'choose:approve-for', associatedInputs: 'auto', data: { id: 'R-1' } },
  ]);
  expect(rendered.body.at(-1)).toMatchObject({ type: 'Input.ChoiceSet', id: 'choose:approve-for:R-1' });
});

it('a notification says the client first, and the summary where there is one', () => {
  expect(summaryOf(card({ summary: 'Tess asks\nfor Router' }))).toBe('Delta Resale: Tess asks for Router');
  expect(summaryOf(card({ client: null, title: ' ' }))).toBe('Keyturn');
});

it('a sentence that quotes what was typed is shown literally', () => {
  const said = 'I know nobody called “**x** [y](https://a.example)”.';
  expect(readTeams(renderSentence(said)).words).toEqual([said]);
});

describe('how one types', () => {
  it.each([
    [
      'You have asked for nothing yet. Type /access to ask.',
      'You have asked for nothing yet. Type request to ask.',
    ],
    ['Type /access link, and confirm it.', 'Type link, and confirm it.'],
    ['type “/access enrol” with their address', 'type “enrol” with their address'],
    ['/access <client>/<account> <duration>', '<client>/<account> <duration>'],
    ['Use the form (/access) for this account.', 'Use the form (request) for this account.'],
  ])('%s', (said, here) => {
    const shown = (rendered: ReturnType<typeof renderCard>) => seenInTeams(rendered).join('\n');
    expect(shown(renderCard(card({ lines: [{ said }] })))).toContain(here);
    expect(shown(renderSentence(said))).toBe(here);
  });

  it('what a person typed stays as they typed it', () => {
    const typed = 'I typed /access and nothing came';
    expect(readTeams(renderCard(card({ lines: [{ typed }] }))).words).toContain(typed);
  });
});
