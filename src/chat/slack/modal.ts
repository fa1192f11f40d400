/** A form as a modal. What is chosen above decides what is on offer below, and resets it when it changes. */

import { createHash } from 'node:crypto';
import type { types } from '@slack/bolt';
import type { Field, Form } from '../../core/cards/card.js';
import { renderChoice, renderSentence, renderTexts } from './render.js';
import { plainText } from './text.js';

type Input = types.InputBlock;

/** The whole form. `private_metadata` says which form and of what, and nothing else. */
export function renderForm(form: Form): types.ModalView {
  const fields = renderFields(form.fields);
  return {
    type: 'modal',
    callback_id: form.form,
    private_metadata: JSON.stringify({ form: form.form, id: form.id }),
    title: plainText(form.title, 24),
    // Slack wants a submit button exactly where there is something to submit.
    ...(fields.length > 0 ? { submit: plainText(form.submit, 24) } : {}),
    close: plainText(fields.length > 0 ? 'Cancel' : 'Close', 24),
    blocks: [...renderTexts(form.lines), ...fields],
  };
}

/** A window with one sentence in it. */
export function renderNotice(sentence: string): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'notice',
    title: plainText('Keyturn', 24),
    close: plainText('Close', 24),
    blocks: renderSentence(sentence).blocks,
  };
}

function renderFields(fields: readonly Field[]): Input[] {
  const above: string[] = [];
  return fields.flatMap((field) => {
    const element = renderInput(field);
    if (element === null) return [];
    const block: Input = {
      type: 'input',
      block_id: blockId(field, above),
      label: plainText(field.label, 2000),
      element,
      ...(field.hint === undefined ? {} : { hint: plainText(field.hint, 2000) }),
      ...(field.optional ? { optional: true } : {}),
      ...('redraws' in field.input && field.input.redraws ? { dispatch_action: true } : {}),
    };
    above.push(chosenIn(field));
    return [block];
  });
}

/**
 * Slack keeps what was chosen as long as the block's id stays. A list that
 * follows from what is chosen above it gets an id of its own for each such
 * choice, so that nothing chosen for one client is kept for another; what was
 * typed stays.
 */
function blockId(field: Field, above: readonly string[]): string {
  const follows = above.filter((chosen) => chosen !== '');
  if (field.input.kind === 'line' || field.input.kind === 'text' || above.length === 0) return field.id;
  return `${field.id}:${createHash('sha256').update(JSON.stringify(follows)).digest('hex').slice(0, 10)}`;
}

function chosenIn({ input }: Field): string {
  if (!('redraws' in input) || !input.redraws) return '';
  if (input.kind === 'search') return input.chosen?.value ?? '';
  return input.chosen ?? '';
}

function renderInput(field: Field): Input['element'] | null {
  const { input } = field;
  switch (input.kind) {
    case 'line':
    case 'text':
      return {
        type: 'plain_text_input',
        action_id: field.id,
        max_length: Math.min(input.most, 3000),
        ...(input.kind === 'text' ? { multiline: true } : {}),
        ...(input.placeholder ? { placeholder: plainText(input.placeholder, 150) } : {}),
      };
    case 'choice': {
      const options = input.choices.slice(0, 100).map(renderChoice);
      const chosen = options.find((option) => option.value === input.chosen);
      // Slack refuses an empty list; the form's lines say why there is nothing.
      if (options.length === 0) return null;
      return {
        type: 'static_select',
        action_id: field.id,
        options,
        ...(chosen ? { initial_option: chosen } : {}),
      };
    }
    case 'search':
      return {
        type: 'external_select',
        action_id: field.id,
        min_query_length: 0,
        placeholder: plainText('Type to search', 150),
        ...(input.chosen ? { initial_option: renderChoice(input.chosen) } : {}),
      };
    default:
      return input satisfies never;
  }
}
