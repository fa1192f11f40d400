/** A form as a card to fill in where it stands. Teams tells nobody of a change, so a button asks for the choices that follow. */

import { type Field, type Form, SOUGHT } from '../../core/cards/card.js';
import type { Values } from '../act.js';
import {
  type AdaptiveCard,
  adaptiveCard,
  type CardAction,
  type Element,
  type Execute,
  type InputChoiceSet,
  type InputText,
  MOST_CHARS,
  sizeOf,
} from './adaptive.js';
import { fallbackText, renderChoice, renderTexts, renderTitle } from './render.js';
import { asTypedHere, block, label, markedLines, oneLine, trimmed } from './text.js';
import { BACK } from './words.js';

/** What stands in a form that is drawn again, and what is wrong with it, by the field's id. */
export interface Filled {
  readonly values?: Values;
  readonly errors?: Readonly<Record<string, string>>;
  /** What the card was about in whose place the form stands: the way back to it. */
  readonly back?: string;
}

/** Draws the choices that follow from those that are made. */
const SHOW_CHOICES = 'Show choices';
/** A list longer than this is looked through by typing. */
/** Shows what the form is about, in the form's place. */
export const BACK_VERB = 'back';
const MOST_TO_SCROLL = 15;
const MOST_CHOICES = 100;
const MOST_IN_LABEL = 200;
const MOST_IN_TITLE = 150;
const MOST_IN_ERROR = 600;

/** The whole form, with what was typed kept. Where its lists are too long for one message, they are searched. */
export function renderForm(form: Form, filled: Filled = {}): AdaptiveCard {
  const all = drawForm(form, filled);
  return sizeOf(all) <= MOST_CHARS ? all : drawForm({ ...form, fields: form.fields.map(searched) }, filled);
}

function drawForm(form: Form, filled: Filled): AdaptiveCard {
  const fields = form.fields.flatMap((field) => renderField(form, field, filled));
  const buttons = fields.length > 0 ? renderButtons(form) : [];
  const actions = [...buttons, ...renderBack(filled.back)];
  const fixed = [renderTitle(trimmed(oneLine(form.title), MOST_IN_TITLE)), ...strayErrors(form, filled)];
  const room = MOST_CHARS - sizeOf(adaptiveCard(fallbackText(null), [...fixed, ...fields], actions));
  const lines = form.lines.length === 0 ? [] : renderTexts(form.lines, Math.min(room, MOST_CHARS / 2));
  return adaptiveCard(fallbackText(null), [...fixed, ...lines, ...fields], actions);
}

/** A long list of clients or accounts as a search for one of them. */
function searched(field: Field): Field {
  const { id, input } = field;
  const what = SOUGHT.find((one) => one === id);
  if (input.kind !== 'choice' || !what) return field;
  const chosen = input.choices.find((choice) => choice.value === input.chosen);
  return { ...field, input: { kind: 'search', what, redraws: true, ...(chosen ? { chosen } : {}) } };
}

/** What went wrong with a field that isn't there (any more) is said at the top. */
function strayErrors({ fields }: Form, { errors = {} }: Filled): Element[] {
  return Object.entries(errors)
    .filter(([id]) => fields.every((field) => field.id !== id || isEmptyList(field)))
    .flatMap(([, sentence]) => renderError(sentence));
}

/** A sentence may quote what was typed, so it is no `errorMessage`, which would be markdown. */
function renderError(sentence: string | undefined): Element[] {
  if (sentence === undefined) return [];
  return markedLines(asTypedHere(trimmed(sentence, MOST_IN_ERROR))).map((line) =>
    block(line, { color: 'Attention' }),
  );
}

/** What is wrong, the input under its label, and the hint. Nothing where there is nothing to choose: the lines say why. */
function renderField(form: Form, field: Field, { values = {}, errors = {} }: Filled): Element[] {
  if (isEmptyList(field)) return [];
  const { hint } = field;
  const said = hint === undefined ? [] : [block(oneLine(hint), { size: 'Small', isSubtle: true })];
  const input = renderInput(field, values[field.id], !form.fields.some(redraws) && !field.optional);
  return [...renderError(errors[field.id]), input, ...said];
}

/** @param required only where no other button than the form's own sends it: Teams would hold that one back too. */
function renderInput(field: Field, value: string | undefined, required: boolean): InputText | InputChoiceSet {
  const base = {
    id: field.id,
    // Slack says so by itself.
    label: label(field.optional ? `${field.label} (optional)` : field.label, MOST_IN_LABEL),
    ...(required ? { isRequired: true as const, errorMessage: 'Fill this in.' } : {}),
  };
  const { input } = field;
  switch (input.kind) {
    case 'line':
    case 'text':
      return {
        type: 'Input.Text',
        ...base,
        maxLength: input.most,
        ...(input.kind === 'text' ? { isMultiline: true } : {}),
        ...(input.placeholder ? { placeholder: label(input.placeholder, 150) } : {}),
        ...(value ? { value: value.slice(0, input.most) } : {}),
      };
    case 'choice':
      return { type: 'Input.ChoiceSet', ...base, ...choicesOf(input, value) };
    case 'search':
      return {
        type: 'Input.ChoiceSet',
        ...base,
        style: 'filtered',
        choices: input.chosen ? [renderChoice(input.chosen)] : [],
        'choices.data': { type: 'Data.Query', dataset: input.what, associatedInputs: 'auto' },
        placeholder: 'Type to search',
        ...(input.chosen ? { value: input.chosen.value } : {}),
      };
    default:
      return input satisfies never;
  }
}

/** What core has chosen decides where other fields follow from it; elsewhere, what the person had chosen before. */
function choicesOf(
  input: Extract<Field['input'], { kind: 'choice' }>,
  value: string | undefined,
): Pick<InputChoiceSet, 'style' | 'choices' | 'value'> {
  const choices = input.choices.slice(0, MOST_CHOICES).map(renderChoice);
  const wanted = input.redraws ? [input.chosen, value] : [value, input.chosen];
  const chosen = wanted.find((one) => choices.some((choice) => choice.value === one));
  return {
    style: choices.length > MOST_TO_SCROLL ? 'filtered' : 'compact',
    choices,
    ...(chosen === undefined ? {} : { value: chosen }),
  };
}

function renderButtons(form: Form): CardAction[] {
  const execute = (verb: 'fill' | 'submit', title: string): Execute => ({
    type: 'Action.Execute',
    title: label(title),
    verb: `${verb}:${form.form}`,
    data: { id: form.id, form: form.form },
    associatedInputs: 'auto',
  });
  const takesAway = ['deny', 'revoke', 'offboard'].includes(form.form);
  const submit = {
    ...execute('submit', form.submit),
    style: takesAway ? 'destructive' : 'positive',
  } as const;
  return form.fields.some(redraws) ? [execute('fill', SHOW_CHOICES), submit] : [submit];
}

/** Whoever has changed their mind gets the card again, and sends nothing. */
function renderBack(id: string | undefined): CardAction[] {
  if (id === undefined) return [];
  return [{ type: 'Action.Execute', title: BACK, verb: BACK_VERB, data: { id }, associatedInputs: 'none' }];
}

function redraws({ input }: Field): boolean {
  return 'redraws' in input && input.redraws === true;
}

function isEmptyList({ input }: Field): boolean {
  return input.kind === 'choice' && input.choices.length === 0;
}
