import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAction, readSearch } from '../../../src/chat/teams/read.js';
import { readTyped } from '../../../src/chat/teams/typed.js';

const invoke = (verb: unknown, data: unknown, more: object = {}) => ({
  action: { type: 'Action.Execute', verb, data },
  trigger: 'manual',
  ...more,
});

describe('an Action.Execute', () => {
  it('of a button is a press', () => {
    const press = { act: 'press', button: 'approve', id: 'R-8F3KQ2' };
    expect(readAction(invoke('approve', { id: 'R-8F3KQ2' }))).toEqual(press);
    // An older client sends the menu's choice along.
    expect(readAction(invoke('approve', { id: 'R-8F3KQ2', 'choose:approve-for:R-8F3KQ2': '900' }))).toEqual(
      press,
    );
  });

  it('of a menu is the choice for its own subject', () => {
    const data = { id: 'R-1', 'choose:approve-for:R-1': '900', 'choose:approve-for:R-2': '1800' };
    expect(readAction(invoke('choose:approve-for', data))).toEqual({
      ...{ act: 'choose', menu: 'approve-for', id: 'R-1', value: '900' },
    });
    expect(readAction(invoke('choose:approve-for', { ...data, id: 'R-3' }))).toBeNull();
    expect(readAction(invoke('choose:approve-for', { id: 'R-1', 'choose:approve-for:R-1': ' ' }))).toBeNull();
  });

  it('of a form is what was filled in; an empty field says nothing', () => {
    const values = { why: 'printer', ticket: '', client: 'acme', account: 'acme/router' };
    const form = { id: '', form: 'ask' };
    expect(readAction(invoke('submit:ask', { ...form, ...values }))).toEqual({
      ...{ act: 'submit', form: 'ask', id: '', values: { ...values, ticket: undefined } },
    });
    expect(readAction(invoke('fill:ask', { ...form, client: 'acme' }))).toEqual({
      ...{ act: 'fill', values: { client: 'acme' } },
    });
    expect(readAction(invoke('submit:deny', { id: 'R-1', form: 'deny', why: 'no' }))).toEqual({
      ...{ act: 'submit', form: 'deny', id: 'R-1', values: { why: 'no' } },
    });
  });

  it('with an account left over from another client is no request: the form is drawn anew', () => {
    const values = { client: 'delta', account: 'acme/router', why: 'printer' };
    expect(readAction(invoke('submit:ask', { id: '', form: 'ask', ...values }))).toEqual({
      act: 'fill',
      values,
    });
    const alike = { client: 'acme', account: 'acme-two/router' };
    expect(readAction(invoke('submit:ask', { id: '', form: 'ask', ...alike }))?.act).toBe('fill');
  });
});

describe('what no card of ours sends', () => {
  const id = 'R-8F3KQ2';
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'approve'],
    ['a list', [invoke('approve', { id })]],
    ['no action', { trigger: 'manual' }],
    ['a refresh', invoke('approve', { id }, { trigger: 'automatic' })],
    ['Action.Submit', { action: { type: 'Action.Submit', verb: 'approve', data: { id } } }],
    ['an unknown verb', invoke('approve-all', { id })],
    ['a verb of every object', invoke('constructor', { id })],
    ['a prototype', invoke('__proto__', { id })],
    ['a menu of every object', invoke('choose:toString', { id, 'choose:toString:R-8F3KQ2': '1' })],
    ['a form of every object', invoke('submit:constructor', { id, form: 'constructor' })],
    ['another case', invoke('Approve', { id })],
    ['a blank verb', invoke('', { id })],
    ['a verb and more', invoke('submit:ask:x', { id: '', form: 'ask' })],
    ['a verb that is a list', invoke(['approve'], { id })],
    ['an unknown kind', invoke('run:ask', { id: '', form: 'ask' })],
    ['no data', invoke('approve', undefined)],
    ['no id', invoke('approve', {})],
    ['a blank id', invoke('approve', { id: ' ' })],
    ['an empty id', invoke('approve', { id: '' })],
    ['an id that is an object', invoke('approve', { id: { $ne: '' } })],
    ['a number for an id', invoke('approve', { id: 1 })],
    ['an endless id', invoke('approve', { id: 'R'.repeat(301) })],
    ['one field too many', invoke('approve', { id, person: 'p-lena' })],
    ['a form on a button', invoke('approve', { id, form: 'deny' })],
    ['no choice', invoke('choose:approve-for', { id })],
    ['another form than the verb’s', invoke('submit:deny', { id, form: 'revoke', why: 'x' })],
    ['no form', invoke('submit:deny', { id, why: 'x' })],
    ['a reason about nothing', invoke('submit:deny', { id: '', form: 'deny', why: 'x' })],
    ['a request about something', invoke('submit:ask', { id, form: 'ask' })],
    ['a field of another form', invoke('submit:deny', { id, form: 'deny', why: 'x', client: 'acme' })],
    ['a field nobody has', invoke('submit:ask', { id: '', form: 'ask', requester: 'p-lena' })],
    ['a field that is a list', invoke('submit:deny', { id, form: 'deny', why: ['x'] })],
    ['an endless field', invoke('submit:deny', { id, form: 'deny', why: 'x'.repeat(10_001) })],
    ['a form that nobody draws anew', invoke('fill:deny', { id, form: 'deny', why: 'x' })],
  ])('is not read: %s', (_, value) => {
    expect(readAction(value)).toBeNull();
  });

  it('whatever it is, it is null and never a throw', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (any) => {
        expect([readAction(any), readSearch(any), readTyped(any)]).toEqual([null, null, null]);
      }),
    );
    const data = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(fc.string(), data, (verb, any) => {
        const act = readAction(invoke(verb, any));
        expect(act === null || act.act === 'press').toBe(true);
      }),
    );
  });
});

describe('a search', () => {
  const value = { kind: 'search', dataset: 'account', queryText: 'rou', queryOptions: { skip: 0, top: 15 } };
  it('says what is looked for, and which client is chosen', () => {
    expect(readSearch({ ...value, data: { client: 'acme', account: '' } })).toEqual({
      ...{ what: 'account', typed: 'rou', values: { client: 'acme', account: undefined } },
    });
    expect(readSearch(value)).toEqual({ what: 'account', typed: 'rou', values: {} });
  });

  it.each([{ dataset: 'people' }, { kind: 'searchAnswer' }, { queryText: undefined }, { data: 'client' }])(
    'is not read with %j',
    (change) => expect(readSearch({ ...value, ...change })).toBeNull(),
  );
});

describe('what somebody typed', () => {
  const bot = { id: '28:keyturn', name: 'Keyturn' };
  const typed = (text: unknown, entities: unknown[] = []) =>
    readTyped({ type: 'message', text, recipient: bot, entities });
  const at = (id: string, text: string) => ({ type: 'mention', mentioned: { id }, text });

  it.each([
    ['mine', 'mine'],
    ['  approve R-8F3KQ2 30m\n', 'approve R-8F3KQ2 30m'],
    ['/access mine', 'mine'],
    ['/ACCESS', ''],
    ['/accessory', '/accessory'],
    [
      'acme/router 1h a&nbsp;&lt;b&gt; &amp;lt; &quot;c&quot; &#39;d&#x27; &#0; &#xD800; &#1114112; &copy;',
      'acme/router 1h a <b> &lt; "c" \'d\' &#0; &#xD800; &#1114112; &copy;',
    ],
    ['deny R-1 <b>no</b> [x](https://a.example)', 'deny R-1 <b>no</b> [x](https://a.example)'],
  ])('%j reads %j', (text, words) => {
    expect(typed(text)).toEqual({ act: 'typed', text: words });
  });

  it('is without the bot’s own name, and with everybody else’s', () => {
    const mentions = [at(bot.id, '<at>Keyturn</at>'), at('29:lena', '<at>Lena $& Falk</at>')];
    expect(typed('<at>Keyturn</at> show R-1 <at>Lena $& Falk</at>', mentions)).toEqual({
      ...{ act: 'typed', text: 'show R-1 Lena $& Falk' },
    });
    expect(typed('<at>Keyturn</at>', mentions)).toEqual({ act: 'typed', text: '' });
    // A mention that Teams doesn't vouch for is only what somebody wrote.
    expect(typed('&lt;at&gt;Keyturn&lt;/at&gt; mine')).toEqual({
      act: 'typed',
      text: '<at>Keyturn</at> mine',
    });
    expect(typed('mine', [null, { type: 'mention' }, at(bot.id, '')])).toEqual({
      act: 'typed',
      text: 'mine',
    });
  });

  it.each([undefined, null, '', 7, ['mine'], 'x'.repeat(40_001)])('%j is nothing that was typed', (text) => {
    expect(typed(text)).toBeNull();
  });

  it('an event is no message', () => {
    expect(readTyped({ type: 'messageReaction', text: 'mine', recipient: bot })).toBeNull();
    expect(readTyped({ type: 'message', text: 'mine' })).toBeNull();
  });
});
