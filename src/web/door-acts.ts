/** What a browser does before any door: ask to be let in, wait, and answer its person's factor. */

import { randomInt } from 'node:crypto';
import { browserRefusal, isTaken } from '../core/entrance.js';
import type { Refusal } from '../core/refusals.js';
import type { Door, Doors } from './door.js';
import { askAnother, askFactor, confirmOf, type FactorDesk, openPrompt, typeCode } from './door-factor.js';
import type { LinkAnswers } from './link-answers.js';
import type { LinkBody } from './link-body.js';

/** The two hashes that stand for a link and a browser from here on. */
export interface Caller {
  readonly tokenHash: string;
  readonly browserHash: string;
}

/** `door` is that of the last look, for wording the refusal; null where there is none. */
export type Acted<Answer> =
  | { readonly answer: Answer; readonly door: Door }
  | { readonly refused: Refusal; readonly door: Door | null };

export interface DoorDesk extends FactorDesk {
  readonly doors: Doors;
}

/** The same in every page's posts. */
export type DoorBody = Extract<LinkBody, { act: 'ask' | 'status' | 'code' | 'prompt' | 'another' }>;

export const LINK_OVER = { code: 'link-over' } as const;

export function isDoorBody(body: { readonly act: string }): body is DoorBody {
  return ['ask', 'status', 'code', 'prompt', 'another'].includes(body.act);
}

export function actAtDoor(
  desk: DoorDesk,
  caller: Caller,
  body: DoorBody,
): Promise<Acted<LinkAnswers[DoorBody['act']]>> {
  if (body.act === 'ask') return ask(desk, caller);
  return body.act === 'status' ? status(desk, caller) : answerFactor(desk, caller, body);
}

/** A human's click: asks the door's owner. The same browser keeps its number. */
async function ask(desk: DoorDesk, caller: Caller): Promise<Acted<LinkAnswers['ask']>> {
  const number = String(randomInt(10, 100));
  const asked = await desk.doors.ask(caller.tokenHash, { browserHash: caller.browserHash, number });
  if ('refused' in asked.outcome || !asked.door)
    return { refused: 'refused' in asked.outcome ? asked.outcome.refused : LINK_OVER, door: asked.door };
  // As the browser left it: asked, with its number.
  const door = (await desk.doors.find({ tokenHash: caller.tokenHash })) ?? asked.door;
  return { answer: await askFactor(desk, door), door };
}

/** Whether the owner has said yes to this browser. */
async function status(desk: DoorDesk, caller: Caller): Promise<Acted<LinkAnswers['status']>> {
  const door = await desk.doors.find({ tokenHash: caller.tokenHash });
  if (!door) return { refused: LINK_OVER, door };
  const cannot = door.over ?? browserRefusal(door, caller.browserHash);
  const waiting = cannot?.code === 'not-confirmed' && door.state === 'asked';
  if (cannot && !waiting) return { refused: cannot, door };
  const expiresInSeconds = secondsUntil(door.expiresAt, door.now);
  const asked = await confirmOf(desk, door);
  return { answer: { state: waiting ? 'waiting' : 'confirmed', expiresInSeconds, ...asked }, door };
}

/** What the browser that asked does about the owner's factor. Any other browser is turned away. */
async function answerFactor(
  desk: DoorDesk,
  caller: Caller,
  body: Extract<DoorBody, { act: 'code' | 'prompt' | 'another' }>,
): Promise<Acted<LinkAnswers['code' | 'prompt' | 'another']>> {
  const door = await desk.doors.find({ tokenHash: caller.tokenHash });
  if (!door) return { refused: LINK_OVER, door };
  const cannot = door.over ?? takenByAnother(door, caller);
  if (cannot) return { refused: cannot, door };
  if (body.act === 'prompt') {
    const opened = await openPrompt(desk, door);
    return 'url' in opened ? { answer: opened, door } : { refused: opened.refused, door };
  }
  const refused = body.act === 'code' ? await typeCode(desk, door, body.code) : await askAnother(desk, door);
  if (refused) return { refused, door };
  if (body.act === 'code') return { answer: { state: 'confirmed' }, door };
  return { answer: { confirm: { by: 'asking' }, another: false }, door };
}

/** A scanner that only looks leaves no trace; another browser is told, once one has asked. */
export function takenByAnother(door: Door, { browserHash }: Caller): Refusal | null {
  return isTaken(door, browserHash) ? { code: 'other-browser' } : null;
}

export function secondsUntil(then: Date, now: Date): number {
  return Math.max(0, Math.floor((then.getTime() - now.getTime()) / 1000));
}
