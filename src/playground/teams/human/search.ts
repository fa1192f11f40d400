/** Typing into a choice set whose choices the bot finds. */
import { fields, text } from '../../values.js';
import { inputElements } from '../cards/read.js';
import { type Given, typedInto } from '../cards/typed.js';
import { invokeActivity } from '../deliver/activities.js';
import type { Courier } from '../deliver/courier.js';
import type { Tamper } from '../deliver/tamper.js';
import type { Conversation, Tenant } from '../tenant.js';
import type { Fields, Found, Message } from '../types.js';
import { mostFound, readSearchAnswer } from './answers.js';
import { Impossible } from './impossible.js';

export interface Place {
  readonly conversation: Conversation;
  readonly message: Message | undefined;
  readonly card: Fields | undefined;
}

export interface Search {
  /** The input's id, or the dataset that it searches. */
  readonly input: string;
  readonly typed: string;
  /** What stands in the card's other inputs. */
  readonly inputs?: Given;
  readonly tamper?: Tamper;
}

/** Asks the bot, and resolves with what the dropdown shows. A failure leaves the dropdown empty and the card alone. */
export async function search(
  tenant: Tenant,
  courier: Courier,
  user: string,
  { conversation, message, card = {} }: Place,
  { input, typed, inputs = {}, tamper }: Search,
): Promise<Found> {
  const value = queryOf(card, input, typed, inputs);
  const activity = invokeActivity(tenant, user, conversation, 'application/search', value, message);
  const delivered = await courier.deliver(tenant, activity, tamper);
  const { status, ms } = delivered;
  const answer = readSearchAnswer(delivered);
  return 'choices' in answer
    ? { ok: true, status, ms, ...answer, delivered }
    : { ok: false, status, ms, ...answer, choices: [], delivered };
}

/** "Invoke request": learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/dynamic-search */
function queryOf(card: Fields, input: string, typed: string, given: Given): Fields {
  const all = inputElements(card);
  const found = all.find(
    (one) => one['choices.data'] && (one.id === input || queryIn(one).dataset === input),
  );
  if (!found) throw new Impossible(`No input called ${input} searches here.`);
  const { dataset, associatedInputs } = queryIn(found);
  const { values } = typedInto({ inputs: all }, given);
  return {
    queryText: typed,
    queryOptions: { skip: 0, top: mostFound },
    dataset: text(dataset),
    ...(associatedInputs === 'auto' ? { data: values } : {}),
  };
}

const queryIn = (input: Fields): Fields => fields(input['choices.data']);
