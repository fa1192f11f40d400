/** Cards such as Keyturn sends to Teams, and some that it never would. */

import { renderForm } from '../../src/chat/teams/form.js';
import { renderCard, renderSentence } from '../../src/chat/teams/render.js';
import type { Json } from '../../src/playground/page/teams-contract.js';
import { EVERY_CARD, EVERY_FORM } from '../contracts/every-card.js';

const json = (card: unknown): Json => JSON.parse(JSON.stringify(card)) as Json;

/** Every card and every form of the product, by name. */
export const EVERYTHING: readonly (readonly [string, Json])[] = [
  ...EVERY_CARD.map(([name, card]) => [name, json(renderCard(card))] as const),
  ...EVERY_FORM.map(([name, form]) => [name, json(renderForm(form))] as const),
];

/** The first card whose name begins so. */
export function productCard(name: string): Json {
  const found = EVERYTHING.find(([its]) => its.startsWith(name));
  if (!found) throw new Error(`There is no card ${name}.`);
  return found[1];
}

export const sentence = (text: string): Json => json(renderSentence(text));

const run = (text: string) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] });
const execute = (title: string, more: object = {}) => ({
  type: 'Action.Execute',
  title,
  verb: title.toLowerCase(),
  data: { id: 'R-8F3KQ2' },
  associatedInputs: 'none',
  ...more,
});

/** A request's card, open or decided. */
export function requestCard(verdict: string, open: boolean): Json {
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: 'Too old.',
    body: [run('🟧 Beacon Law · Access request'), run(verdict)],
    ...(open && { actions: [execute('Approve', { style: 'positive' }), execute('Deny')] }),
  };
}

/** A form that searches for its client and wants a reason; a button beside it wants neither. */
export const searchForm: Json = {
  type: 'AdaptiveCard',
  version: '1.5',
  fallbackText: 'Too old.',
  body: [
    run('Request access'),
    {
      type: 'Input.ChoiceSet',
      id: 'client',
      label: 'Client',
      style: 'filtered',
      choices: [],
      'choices.data': { type: 'Data.Query', dataset: 'client', associatedInputs: 'auto' },
      placeholder: 'Type to search',
      isRequired: true,
      errorMessage: 'Fill this in.',
    },
    {
      type: 'Input.ChoiceSet',
      id: 'duration',
      label: 'How long',
      style: 'compact',
      value: '30m',
      choices: ['30m', '1h'].map((value) => ({ title: value, value })),
    },
    {
      type: 'Input.Text',
      id: 'reason',
      label: 'Why',
      maxLength: 500,
      isMultiline: true,
      isRequired: true,
      errorMessage: 'Fill this in.',
    },
  ],
  actions: [
    execute('Ask', { verb: 'submit:ask', associatedInputs: 'auto', style: 'positive' }),
    execute('Cancel request'),
    execute('Extend', { mode: 'secondary' }),
    { type: 'Action.OpenUrl', title: 'Guide', url: 'https://keys.example/guide', mode: 'secondary' },
  ],
};

/** A card of a kind that Teams does not know. */
export const tooNew: Json = {
  type: 'AdaptiveCard',
  version: '9.0',
  fallbackText: 'Type: show R-8F3KQ2',
  body: [],
};
