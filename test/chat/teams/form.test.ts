import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Element, MOST_CHARS, sizeOf } from '../../../src/chat/teams/adaptive.js';
import { renderForm } from '../../../src/chat/teams/form.js';
import { readAction } from '../../../src/chat/teams/read.js';
import type { Choice, Field, Form } from '../../../src/core/cards/card.js';
import { EVERY_FORM, HOSTILE } from '../../contracts/every-card.js';
import { executesOf, partsOf, readTeams } from '../../contracts/reading.js';

const form = (name: string) => (EVERY_FORM.find(([n]) => n === name) as [string, Form])[1];
const ask = form('ask, account chosen');
const inputs = (body: readonly Element[]) =>
  body.flatMap((e) => (e.type === 'Input.Text' || e.type === 'Input.ChoiceSet' ? [e] : []));
const values = (of: readonly Element[]) => Object.fromEntries(inputs(of).map((i) => [i.id, i.value]));
const choices = (n: number, text = 'Some account'): Choice[] =>
  Array.from({ length: n }, (_, at) => ({ label: `${text} ${at}`, value: `acme/a-${at}` }));

describe('the request form', () => {
  it('keeps what was filled in when it is drawn again', () => {
    const filled = { client: 'acme', account: 'acme/router', long: '3600', why: HOSTILE, ticket: 'T-1' };
    expect(values(renderForm(ask, { values: filled }).body)).toMatchObject(filled);
  });

  it('takes no choice that isn’t on offer any more', () => {
    const { account, long } = values(
      renderForm(ask, { values: { account: 'delta/registrar', long: '1' } }).body,
    );
    expect([account, long]).toEqual(['acme/router', '1800']);
  });

  it('says what is wrong above its field, literally, and at the top where the field is gone', () => {
    const { body } = renderForm(ask, { errors: { why: 'No **reason**.', how: 'Not offered.' } });
    const errors = body.flatMap((e, n) =>
      e.type === 'RichTextBlock' && e.inlines[0]?.color === 'Attention'
        ? [[e.inlines[0].text, body[n + 1]] as const]
        : [],
    );
    expect(errors.map(([text]) => text)).toEqual(['Not offered.', 'No **reason**.']);
    expect(errors[1]?.[1]).toMatchObject({ type: 'Input.Text', id: 'why' });
  });

  it('has a button for the choices that follow, which no empty field holds back', () => {
    const card = renderForm(ask);
    expect(executesOf(card).map((a) => [a.verb, a.title])).toEqual([
      ['fill:ask', 'Show choices'],
      ['submit:ask', 'Ask'],
    ]);
    expect(inputs(card.body).some((i) => i.isRequired)).toBe(false);
  });

  it('of somebody who may ask for nothing has no button', () => {
    expect(renderForm(form('nothing to ask for')).actions).toBeUndefined();
  });
});

it.each(EVERY_FORM)('what is filled in comes back: %s', (_, any) => {
  const card = renderForm(any);
  const filled = Object.fromEntries(inputs(card.body).map((i) => [i.id, i.value ?? 'x']));
  if (filled.account === 'x') delete filled.account;
  for (const { verb, data } of executesOf(card)) {
    const act = readAction({ action: { type: 'Action.Execute', verb, data: { ...data, ...filled } } });
    expect(act).toEqual(
      verb.startsWith('fill:')
        ? { act: 'fill', values: filled }
        : { act: 'submit', form: any.form, id: any.id, values: filled },
    );
  }
});

it('a reason is asked for before it is sent', () => {
  expect(inputs(renderForm(form('deny')).body)).toMatchObject([{ id: 'why', isRequired: true }]);
  expect(executesOf(renderForm(form('deny')))).toMatchObject([{ verb: 'submit:deny', style: 'destructive' }]);
});

describe('a list', () => {
  const listed = (input: Field['input']): Form => ({
    ...ask,
    fields: [{ id: 'account', label: 'Account', input }],
  });
  const search = { type: 'Data.Query', dataset: 'account', associatedInputs: 'auto' };

  it('is scrolled while it is short, and looked through by typing when it is long', () => {
    const style = (n: number) => inputs(renderForm(listed({ kind: 'choice', choices: choices(n) })).body)[0];
    expect(style(15)).toMatchObject({ style: 'compact' });
    expect(style(16)).toMatchObject({ style: 'filtered' });
  });

  it('of more than a hundred is searched, with what is chosen in sight', () => {
    const chosen = { label: 'Router', value: 'acme/router' };
    const card = renderForm(listed({ kind: 'search', what: 'account', chosen, redraws: true }));
    expect(inputs(card.body)[0]).toMatchObject({
      ...{
        'choices.data': search,
        value: 'acme/router',
        choices: [{ title: 'Router', value: 'acme/router' }],
      },
    });
  });

  it('that is too long for one message is searched too', () => {
    const list = { kind: 'choice', choices: choices(100, 'x'.repeat(70)), chosen: 'acme/a-7' } as const;
    const fields = ['account', 'client'].map((id) => ({ id, label: id, input: list }));
    const card = renderForm({ ...ask, fields });
    expect(sizeOf(card)).toBeLessThanOrEqual(MOST_CHARS);
    expect(inputs(card.body)[0]).toMatchObject({ 'choices.data': search, value: 'acme/a-7' });
  });
});

it('whatever was typed, a form is drawn and none of it became a button', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constant(HOSTILE));
  const filled = fc.record({ why: text, ticket: text, account: text, long: text });
  fc.assert(
    fc.property(filled, filled, text, (typed, errors, line) => {
      const card = renderForm({ ...ask, lines: [{ typed: line }] }, { values: typed, errors });
      expect(readTeams(card).actions).toHaveLength(2);
      expect(sizeOf(card)).toBeLessThanOrEqual(MOST_CHARS);
      const kinds = new Set(partsOf(card).map((part) => part.type));
      expect(kinds.has('TextBlock') || kinds.has('Action.OpenUrl')).toBe(false);
    }),
    { numRuns: 60 },
  );
});
