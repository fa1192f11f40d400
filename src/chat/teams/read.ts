/** What Teams sent, read strictly: a missing, blank or unexpected field makes the whole of it unreadable. */

import { z } from 'zod';
import { type ButtonAct, type Form, type Menu, SOUGHT, type Sought } from '../../core/cards/card.js';
import type { Act, Values } from '../act.js';
import { BACK_VERB } from './form.js';
import { menuInput } from './render.js';

/** Every button there is; a new one that is missing here doesn't compile. */
const BUTTONS: Readonly<Record<ButtonAct, true>> = {
  approve: true,
  deny: true,
  cancel: true,
  'break-glass': true,
  review: true,
  'allow-glass': true,
  reveal: true,
  connect: true,
  'end-session': true,
  'end-ssh-key': true,
  extend: true,
  return: true,
  revoke: true,
  'new-secret': true,
  'confirm-browser': true,
  'not-me': true,
  prompt: true,
  code: true,
  'give-code': true,
  'another-way': true,
  resume: true,
  'apply-proposal': true,
  'refuse-proposal': true,
  enrol: true,
  'add-factor': true,
  'end-factor': true,
  'end-identity': true,
  offboard: true,
  'drop-sweep': true,
  report: true,
  'sweep-result': true,
  show: true,
  ask: true,
};
const MENUS: Readonly<Record<Menu['act'], true>> = { 'approve-for': true };
/** The fields that each form can have. */
const FIELDS: Readonly<Record<Form['form'], readonly string[]>> = {
  ask: ['client', 'account', 'how', 'long', 'why', 'ticket', 'name'],
  'break-glass': ['glass', 'long', 'why', 'ticket'],
  review: ['verdict', 'why'],
  extend: ['long', 'why'],
  deny: ['why'],
  revoke: ['why'],
  code: ['code'],
  'give-code': ['code'],
  offboard: ['heir'],
};

const opaque = z.string().min(1).max(300);
const input = z.string().max(10_000);
const data = z.record(z.string().max(400), input);
/** Only what somebody pressed: an `automatic` trigger is a client that refreshes by itself. */
const invoke = z.object({
  action: z.object({
    type: z.literal('Action.Execute'),
    verb: z.string().min(1).max(100),
    data,
  }),
  trigger: z.literal('manual').optional(),
});

/** Reads the value of an `adaptiveCard/action` invoke; null where it is nothing that a card of ours sends. Never throws. */
export function readAction(value: unknown): Act | null {
  const read = invoke.safeParse(value);
  if (!read.success) return null;
  const { verb, data: sent } = read.data.action;
  const [kind = '', name = '', ...others] = verb.split(':');
  if (others.length > 0) return null;
  if (verb === BACK_VERB) return readPress('show', sent);
  if (!verb.includes(':')) return readPress(verb, sent);
  if (kind === 'choose') return readChoice(name, sent);
  return kind === 'submit' || kind === 'fill' ? readForm(kind, name, sent) : null;
}

/** Whether somebody wants the card again that a form has taken the place of. Of what {@link readAction} has read. */
export function isBack(value: unknown): boolean {
  return invoke.safeParse(value).data?.action.verb === BACK_VERB;
}

type Sent = Readonly<Record<string, string>>;

/** A client that doesn't know `associatedInputs` sends a menu's choice along with any button; nothing else may come. */
function readPress(button: string, { id, ...others }: Sent): Act | null {
  const stray = Object.keys(others).some((name) => !isMenuInput(name));
  if (!Object.hasOwn(BUTTONS, button) || stray || !isOpaque(id)) return null;
  return { act: 'press', button, id };
}

function readChoice(menu: string, { id, ...others }: Sent): Act | null {
  if (!Object.hasOwn(MENUS, menu) || !isOpaque(id)) return null;
  const value = others[menuInput(menu, id)];
  const stray = Object.keys(others).some((name) => !isMenuInput(name));
  if (stray || value === undefined || value.trim() === '' || value.length > 150) return null;
  return { act: 'choose', menu, id, value };
}

function readForm(kind: 'submit' | 'fill', name: string, { id, form, ...fields }: Sent): Act | null {
  if (!Object.hasOwn(FIELDS, name) || form !== name || id === undefined) return null;
  const isAsk = name === 'ask';
  // What asks for access is about nothing yet; every other form is about something.
  if (isAsk || name === 'break-glass' ? id !== '' : !isOpaque(id)) return null;
  const values = valuesOf(fields, FIELDS[name as Form['form']]);
  if (values === null) return null;
  if (kind === 'fill') return isAsk ? { act: 'fill', values } : null;
  // Teams tells nobody that a choice has changed: an account left over from another client is not what they see.
  if (isAsk && isLeftOver(values)) return { act: 'fill', values };
  return { act: 'submit', form: name, id, values };
}

/** A field that was left empty is one that says nothing. */
function valuesOf(fields: Sent, allowed: readonly string[]): Values | null {
  if (Object.keys(fields).some((name) => !allowed.includes(name))) return null;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === '' ? undefined : value]),
  );
}

function isLeftOver({ client, account }: Values): boolean {
  return client !== undefined && account !== undefined && !account.startsWith(`${client}/`);
}

function isOpaque(id: string | undefined): id is string {
  return opaque.safeParse(id).success && id?.trim() !== '';
}

function isMenuInput(name: string): boolean {
  return Object.keys(MENUS).some((menu) => name.startsWith(menuInput(menu, '')));
}

/** What somebody looks for in a search field, and what else stands in the form. */
export interface Search {
  readonly what: Sought;
  readonly typed: string;
  readonly values: Values;
}

const search = z.object({
  // Teams leaves it out, and botbuilder puts it in.
  kind: z.literal('search').optional(),
  dataset: z.enum(SOUGHT),
  queryText: z.string().max(300),
  data: data.optional(),
});

/** Reads the value of an `application/search` invoke. Never throws. */
export function readSearch(value: unknown): Search | null {
  const read = search.safeParse(value);
  if (!read.success) return null;
  const { dataset, queryText, data: inputs = {} } = read.data;
  const fields = FIELDS[dataset === 'glass' ? 'break-glass' : dataset === 'heir' ? 'offboard' : 'ask'];
  const known = Object.entries(inputs).filter(([name]) => fields.includes(name));
  const values = valuesOf(Object.fromEntries(known), fields);
  return values && { what: dataset, typed: queryText, values };
}
