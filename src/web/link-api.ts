/** `POST` to a link's page: what is done, noted and answered. */

import {
  type Acted,
  answerFactor,
  ask,
  type Caller,
  enter,
  type LinkDesk,
  look,
  show,
  status,
} from './link-acts.js';
import type { LinkAnswers } from './link-answers.js';
import { type LinkBody, readLinkBody } from './link-body.js';
import { type GateOptions, gated, refuse } from './page-gate.js';
import { sayNo } from './page-refusals.js';

export interface LinkApiOptions extends LinkDesk, GateOptions {}

/** The handler of `POST`, for every path that a link opens. */
export function linkApi(options: LinkApiOptions) {
  return gated(options, readLinkBody, async (c, caller, body) => {
    try {
      const acted = await act(options, caller, body);
      note(options, body.act, acted);
      return 'refused' in acted ? refuse(c, sayNo(acted.refused, acted.facts)) : c.json(acted.answer);
    } catch (err) {
      if (body.act === 'claim') options.metrics?.reveals.inc({ outcome: 'fault' });
      throw err;
    }
  });
}

function act(desk: LinkDesk, caller: Caller, body: LinkBody): Promise<Acted<keyof LinkAnswers>> {
  switch (body.act) {
    case 'look':
      return look(desk, caller);
    case 'ask':
      return ask(desk, caller);
    case 'status':
      return status(desk, caller);
    case 'code':
    case 'prompt':
    case 'another':
      return answerFactor(desk, caller, body);
    case 'claim':
      return show(desk, caller);
    case 'enter':
      return enter(desk, caller, body.password);
  }
}

/** Counts and logs by the link's public handle; polling only where somebody debugs. */
function note({ log, metrics }: LinkApiOptions, what: LinkBody['act'], acted: Acted<keyof LinkAnswers>) {
  const outcome = 'refused' in acted ? acted.refused.code : 'done';
  const level = what === 'look' || what === 'status' ? 'debug' : 'info';
  log[level]({ act: what, outcome, link: acted.facts?.link.id }, 'link');
  if (what === 'claim') metrics?.reveals.inc({ outcome: outcome === 'done' ? 'shown' : outcome });
  if ('refused' in acted) metrics?.refusals.inc({ code: outcome });
}
