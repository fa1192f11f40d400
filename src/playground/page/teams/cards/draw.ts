/** Draws an Adaptive Card, and reads what stands in it. */

import {
  type Action,
  AdaptiveCard,
  type CardElement,
  CardObjectRegistry,
  ExecuteAction,
  GlobalRegistry,
  GlobalSettings,
  type Input,
  SerializationContext,
  Strings,
  SubmitAction,
} from 'adaptivecards';
import type { Inputs, Json, TeamsOutcome } from '../../teams-contract.js';
import { ChoiceSearch } from './ChoiceSearch.js';
import { HOST_CONFIG } from './host-config.js';
import { LinkAction } from './LinkAction.js';

/** What a card does when somebody does something to it. */
export interface Handlers {
  readonly press: (action: Action, card: AdaptiveCard) => void;
  readonly search: (dataset: string, query: string, inputs: Inputs) => Promise<TeamsOutcome>;
  /** The actions behind the three dots, and the button that asks for them. */
  readonly menu: (actions: readonly Action[], button: HTMLElement | undefined) => void;
}

export interface Drawn {
  readonly element: HTMLElement;
  /** Ends what still runs in it. */
  readonly release: () => void;
}

const elements = new CardObjectRegistry<CardElement>();
const actions = new CardObjectRegistry<Action>();
GlobalRegistry.populateWithDefaultElements(elements);
GlobalRegistry.populateWithDefaultActions(actions);
elements.register('Input.ChoiceSet', ChoiceSearch);
actions.register(LinkAction.JsonTypeName, LinkAction);
Strings.defaults.overflowButtonText = () => '•••';
GlobalSettings.setTabIndexAtCardRoot = false;
GlobalSettings.useMarkdownInRadioButtonAndCheckbox = false;
// Texts are shown as they are written: this page has no markdown of Teams' kind.
AdaptiveCard.onProcessMarkdown = (_text, result) => {
  result.didProcess = false;
};

/** The card as an element. Where Teams could not draw it, its fallback text stands in, as there. */
export function drawCard(json: Json, on: Handlers): Drawn {
  const card = new AdaptiveCard();
  card.hostConfig = HOST_CONFIG;
  const context = new SerializationContext();
  context.setElementRegistry(elements);
  context.setActionRegistry(actions);
  card.parse(json, context);
  card.onExecuteAction = (action) => on.press(action, card);
  card.onInputValueChanged = (input) => complaintOf(input)?.remove();
  card.onDisplayOverflowActionMenu = (behind, button) => {
    on.menu(behind, button);
    return true;
  };
  const searches = card.getAllInputs().filter((input) => input instanceof ChoiceSearch);
  for (const one of searches)
    one.search = (dataset, query) =>
      on.search(dataset, query, filled(card.getAllInputs().filter((other) => other !== one)));
  const element = (card.shouldFallback() ? undefined : card.render()) ?? fallback(card);
  return { element, release: () => searches.forEach((one) => void one.release()) };
}

function fallback(card: AdaptiveCard): HTMLElement {
  const words = document.createElement('p');
  words.className = 't-fallback';
  words.textContent = card.fallbackText ?? 'This card can’t be shown.';
  return words;
}

/** What pressing an action sends to the bot; nothing where it sends nothing. */
export function sentBy(action: Action): { verb: string; data: Json; inputs: Inputs } | undefined {
  if (!(action instanceof ExecuteAction || action instanceof SubmitAction)) return undefined;
  const { data } = action.toJSON() as { readonly data?: Json };
  return {
    verb: action instanceof ExecuteAction ? (action.verb ?? '') : '',
    data: data ?? {},
    inputs: filled(Object.values(action.getReferencedInputs() ?? {})),
  };
}

function filled(inputs: readonly Input[]): Inputs {
  return Object.fromEntries(
    inputs.flatMap((input) => (input.id && input.isSet() ? [[input.id, String(input.value)]] : [])),
  );
}

/** Shows below each input what is wrong with it, and looks at the first. */
export function complain(card: AdaptiveCard, errors: Readonly<Record<string, string>>): void {
  const wrong = card.getAllInputs().filter(({ id }) => id !== undefined && errors[id] !== undefined);
  for (const input of wrong) {
    complaintOf(input)?.remove();
    const line = document.createElement('p');
    line.className = 't-complaint';
    line.role = 'alert';
    line.textContent = errors[input.id ?? ''] ?? '';
    input.renderedElement?.append(line);
  }
  wrong[0]?.focus();
}

function complaintOf(input: Input): Element | null | undefined {
  return input.renderedElement?.querySelector('.t-complaint');
}
