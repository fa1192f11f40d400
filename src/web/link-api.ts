/** `POST` to a link's page: what is done, noted and answered. */

import { askForCode, type CodeDesk, contactCode, liveCode } from './code-acts.js';
import { linkDoors } from './door.js';
import { type Acted, actAtDoor, type Caller, type DoorDesk, isDoorBody } from './door-acts.js';
import { enter, look, show } from './link-acts.js';
import type { LinkAnswers } from './link-answers.js';
import { type LinkBody, readLinkBody } from './link-body.js';
import { type GateOptions, gated, refuse } from './page-gate.js';
import { sayNo } from './page-refusals.js';

export interface LinkApiOptions extends CodeDesk, GateOptions {}

/** The handler of `POST`, for every path that a link opens. */
export function linkApi(options: LinkApiOptions) {
  const desk = { ...options, doors: linkDoors(options.ports) };
  return gated(options, readLinkBody, async (c, caller, body) => {
    try {
      const acted = await act(desk, caller, body);
      note(options, body.act, acted);
      return 'refused' in acted ? refuse(c, sayNo(acted.refused, acted.door)) : c.json(acted.answer);
    } catch (err) {
      if (body.act === 'claim') options.metrics?.reveals.inc({ outcome: 'fault' });
      throw err;
    }
  });
}

type AnyAnswer = LinkAnswers[keyof LinkAnswers];

function act(desk: CodeDesk & DoorDesk, caller: Caller, body: LinkBody): Promise<Acted<AnyAnswer>> {
  if (isDoorBody(body)) return actAtDoor(desk, caller, body);
  switch (body.act) {
    case 'look':
      return look(desk, caller);
    case 'claim':
      return show(desk, caller);
    case 'live-code':
      return liveCode(desk, caller);
    case 'ask-contacts':
      return askForCode(desk, caller);
    case 'contact-code':
      return contactCode(desk, caller);
    case 'enter':
      return enter(desk, caller, body.password);
  }
}

/** What a page asks again and again. */
const POLLING: readonly LinkBody['act'][] = ['look', 'status', 'live-code', 'contact-code'];

/** Counts and logs by the link's public handle; polling only where somebody debugs. */
function note({ log, metrics }: LinkApiOptions, what: LinkBody['act'], acted: Acted<AnyAnswer>) {
  const outcome = 'refused' in acted ? acted.refused.code : 'done';
  const level = POLLING.includes(what) ? 'debug' : 'info';
  log[level]({ act: what, outcome, link: acted.door?.id }, 'link');
  if (what === 'claim') metrics?.reveals.inc({ outcome: outcome === 'done' ? 'shown' : outcome });
  if ('refused' in acted) metrics?.refusals.inc({ code: outcome });
}
