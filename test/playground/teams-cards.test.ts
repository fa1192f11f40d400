/** Which cards the fake Teams shows, and how a person reads one. */
import { describe, expect, it } from 'vitest';
import { renderForm } from '../../src/chat/teams/form.js';
import { renderCard } from '../../src/chat/teams/render.js';
import { actionsOf, type Fields, faultsOf, inputsOf, textOf } from '../../src/playground/teams/index.js';
import { EVERY_CARD, EVERY_FORM } from '../contracts/every-card.js';
import { card, execute } from './teams-support.js';

const block = (text: string): Fields => ({ type: 'TextBlock', text });
const input = (id: string): Fields => ({ type: 'Input.Text', id, label: `The ${id}` });
const image = (url: string): Fields => ({ type: 'Image', url, altText: 'Thirty days.' });
/** As much of a PNG as says how large it is. */
const png = (width: number, height: number, bytes = 24): string => {
  const begins = Buffer.alloc(bytes);
  begins.write('89504e470d0a1a0a', 'hex');
  begins.writeUInt32BE(width, 16);
  begins.writeUInt32BE(height, 20);
  return `data:image/png;base64,${begins.toString('base64')}`;
};
const withBody = (...body: Fields[]): Fields => ({ ...card('x'), body });

describe('every card and form of ours', () => {
  it.each(EVERY_CARD)('can be shown: %s', (_, one) => {
    expect(faultsOf(renderCard(one))).toEqual([]);
  });

  it.each(EVERY_FORM)('can be shown: %s', (_, one) => {
    expect(faultsOf(renderForm(one))).toEqual([]);
  });
});

describe('a card can’t be shown', () => {
  const sixtyOne = Array.from({ length: 61 }, (_, n) => `29:${n}`);
  it.each<[string, unknown, string]>([
    ['that is no object', 'card', 'the card is not an object'],
    ['of another type', { ...card('x'), type: 'Card' }, 'type is not AdaptiveCard'],
    ['without a version', { type: 'AdaptiveCard', body: [] }, 'version is missing'],
    ['of version 1.6', { ...card('x'), version: '1.6' }, 'version 1.6 is newer than 1.5'],
    ['with a button that came later', { ...card('x', execute('A')), version: '1.3' }, 'needs version 1.4'],
    ['with an unknown element', withBody({ type: 'Carousel' }), 'there is no element Carousel'],
    ['with an element without a type', withBody({ id: 'x' }), 'an element has no type'],
    ['with a text that isn’t one', withBody({ type: 'TextBlock' }), 'a TextBlock has no text'],
    ['with an input without a name', withBody({ type: 'Input.Text' }), 'an Input.Text has no id'],
    ['with one name twice', withBody(input('a'), input('a')), 'two inputs are called a'],
    ['with an unknown button', card('x', { type: 'Action.Http' }), 'there is no action Action.Http'],
    ['with a link to a script', card('x', { type: 'Action.OpenUrl', url: 'javascript:x' }), 'has no url'],
    ['with data that are no object', card('x', { ...execute('A'), data: 'x' }), 'data of an Action.Execute'],
    [
      'with an unknown element behind a button',
      card('x', { type: 'Action.ShowCard', title: 'More', card: withBody({ type: 'Carousel' }) }),
      'there is no element Carousel',
    ],
    ['with a refresh by Submit', { ...card('x'), refresh: { action: { type: 'Action.Submit' } } }, 'refresh'],
    [
      'that refreshes for 61',
      { ...card('x'), refresh: { action: execute('A'), userIds: sixtyOne } },
      'refresh.userIds has more than 60',
    ],
    ['that is too big', card('漢'.repeat(14_400)), 'more than 28672'],
    ['with a picture that is too big', withBody(image(png(640, 376, 14_400))), 'more than 28672'],
    ['with a picture from anywhere', withBody(image('http://a.example/x.png')), 'neither at https: nor'],
    ['with a picture that is a drawing', withBody(image('data:image/svg+xml;base64,PHN2Zz4=')), 'neither at'],
    ['with a picture in other signs', withBody(image('data:image/png,%89PNG')), 'neither at https: nor'],
    ['with a picture that is none', withBody(image('data:image/png;base64,PHN2Zz4=')), 'an Image is no PNG'],
    ['with a picture that is too wide', withBody(image(png(1025, 10))), '1025 by 10 pixels, more than 1024'],
    ['with a picture that is nowhere', withBody({ type: 'Image' }), 'neither at https: nor'],
  ])('%s', (_what, given, fault) => {
    expect(faultsOf(given).join('; ')).toContain(fault);
  });

  it('but with all that ours use it can', () => {
    const columns = { type: 'ColumnSet', columns: [{ type: 'Column', items: [block('x')] }, { items: [] }] };
    const facts = { type: 'FactSet', facts: [{ title: 'a', value: 'b' }] };
    const refresh = { action: execute('A'), userIds: ['29:1'] };
    const images = [image(png(1024, 1024)), image('https://a.example/x.png')];
    expect(faultsOf({ ...withBody(columns, facts, ...images), refresh })).toEqual([]);
  });
});

describe('a card is read', () => {
  it('from top to bottom, one line a text', () => {
    const runs = { type: 'RichTextBlock', inlines: ['Delta ', { type: 'TextRun', text: 'db1' }] };
    const facts = { type: 'FactSet', facts: [{ title: 'Why', value: 'disk' }] };
    const columns = {
      type: 'ColumnSet',
      columns: [
        { type: 'Column', items: [block('left')] },
        { type: 'Column', items: [block('right')] },
      ],
    };
    expect(textOf(withBody(runs, facts, columns, image('x'), input('ticket')))).toBe(
      'Delta db1\nWhy: disk\nleft\nright\nThirty days.\nThe ticket',
    );
  });

  it('with six buttons, and the others behind “…”', () => {
    const many = Array.from({ length: 8 }, (_, n) => execute(`B${n}`));
    const secondary = { ...execute('More'), mode: 'secondary' };
    const titles = actionsOf(card('x', ...many, secondary)).map((one) => one.title);
    expect(titles).toEqual(['B0', 'B1', 'B2', 'B3', 'B4', 'B5', 'More']);
  });

  it('with the inputs above a ShowCard’s own', () => {
    const inner = { ...withBody(input('inner')), actions: [execute('Send')] };
    const outer = {
      ...withBody(input('outer')),
      actions: [{ type: 'Action.ShowCard', title: 'More', card: inner }],
    };
    const [send] = actionsOf(outer);
    expect(send?.inputs.map((one) => one.id)).toEqual(['outer', 'inner']);
    expect(inputsOf(outer)).toMatchObject([
      { id: 'outer', label: 'The outer', value: '', required: false },
      { id: 'inner' },
    ]);
  });
});
