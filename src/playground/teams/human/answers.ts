/** The answers of a bot to an invoke, read as strictly as Teams reads them. */
import { fields, isFields, text } from '../../values.js';
import { faultsOf } from '../cards/check.js';
import { adaptive } from '../tenant.js';
import type { Choice, Delivered, Dialog, Fields } from '../types.js';
import { complaintOf, somethingWrong } from './seen.js';

/** What the person sees, and for testers what was wrong. */
export interface Complaint {
  readonly error: string;
  readonly fault: string;
}

const wrong = (fault: string): Complaint => ({ error: somethingWrong, fault });

/** The body of a good answer, or the complaint about it. The HTTP status is 200, whatever the body says. */
function bodyOf(delivered: Delivered): Fields | Complaint {
  if (delivered.error) return { error: complaintOf(delivered), fault: delivered.error };
  if (delivered.status !== 200) return wrong(`HTTP ${delivered.status}`);
  return isFields(delivered.body) ? delivered.body : wrong('the answer is not a JSON object');
}

const isComplaint = (given: Fields | Complaint): given is Complaint => 'fault' in given;

export type ActionAnswer = { readonly card: Fields } | { readonly message: string } | Complaint;

/**
 * The answer to `adaptiveCard/action`: a card in the place of the pressed one, a message, or an error with a message.
 * "Response format" of the Universal Action Model: learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model
 */
export function readActionAnswer(delivered: Delivered): ActionAnswer {
  const body = bodyOf(delivered);
  if (isComplaint(body)) return body;
  const { statusCode, type, value } = body;
  if (type === adaptive && statusCode === 200) return readCard(value);
  if (type === 'application/vnd.microsoft.activity.message' && statusCode === 200)
    return text(value) ? { message: text(value) } : wrong('the message is empty');
  if (type === 'application/vnd.microsoft.error' && (statusCode === 400 || statusCode === 500))
    return readError(value);
  return wrong(`nothing that Teams knows: statusCode ${statusCode}, type ${text(type) || 'missing'}`);
}

function readCard(value: unknown): ActionAnswer {
  const faults = faultsOf(value);
  return faults.length > 0 ? wrong(faults.join('; ')) : { card: fields(value) };
}

function readError(value: unknown): Complaint {
  const { code, message } = fields(value);
  if (!text(code) || !text(message)) return wrong('the error has no code or no message');
  return { error: text(message), fault: text(code) };
}

/** A dropdown shows so many: learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/dynamic-search */
export const mostFound = 15;

/** The answer to `application/search`. */
export function readSearchAnswer(delivered: Delivered): { readonly choices: readonly Choice[] } | Complaint {
  const body = bodyOf(delivered);
  if (isComplaint(body)) return body;
  const { type, value, statusCode = 200 } = body;
  if (type !== 'application/vnd.microsoft.search.searchResponse' || statusCode !== 200)
    return wrong(`no search response: statusCode ${statusCode}, type ${text(type) || 'missing'}`);
  const { results } = fields(value);
  if (!Array.isArray(results)) return wrong('value.results is not a list');
  const choices = results.map((one) => ({ title: text(fields(one).title), value: text(fields(one).value) }));
  if (choices.some((one) => !one.title || !one.value)) return wrong('a result has no title or no value');
  return { choices: choices.slice(0, mostFound) };
}

export type TaskAnswer = { readonly dialog: Omit<Dialog, 'opener'> | undefined } | Complaint;

/**
 * The answer to `task/fetch` and `task/submit`: a card, a page or a message to show, or, to a submission, nothing.
 * learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots
 */
export function readTaskAnswer(delivered: Delivered, mayClose: boolean): TaskAnswer {
  const isEmpty = delivered.body === undefined || delivered.body === null;
  if (mayClose && delivered.status === 200 && isEmpty) return { dialog: undefined };
  const body = bodyOf(delivered);
  if (isComplaint(body)) return body;
  const { task } = body;
  if (mayClose && (task === undefined || task === null)) return { dialog: undefined };
  const { type, value } = fields(task);
  if (type === 'message')
    return text(value) ? { dialog: { title: '', message: text(value) } } : wrong('the message is empty');
  return type === 'continue' ? readDialog(fields(value)) : wrong(`there is no task ${text(type) || 'type'}`);
}

function readDialog({ title, card, url }: Fields): TaskAnswer {
  if (/^https:/.test(text(url))) return { dialog: { title: text(title), url: text(url) } };
  const { contentType, content } = fields(card);
  if (contentType !== adaptive) return wrong('the dialog has no adaptive card and no https url');
  const faults = faultsOf(content);
  if (faults.length > 0) return wrong(faults.join('; '));
  return { dialog: { title: text(title), card: fields(content) } };
}
