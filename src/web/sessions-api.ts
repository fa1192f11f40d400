/** `POST` to the page of recorded sessions: what is done, noted and answered. */

import { visitDoors } from './door.js';
import { type Acted, actAtDoor, type Caller, isDoorBody } from './door-acts.js';
import type { FactorDesk } from './door-factor.js';
import { type GateOptions, gated, refuse } from './page-gate.js';
import { sayNo } from './page-refusals.js';
import { end, open, play, type SessionsDesk, sessions } from './sessions-acts.js';
import { readSessionsBody, type SessionsBody } from './sessions-body.js';
import { streamed } from './streamed.js';
import { lookAtVisit } from './visit-acts.js';

export interface SessionsApiOptions extends SessionsDesk, FactorDesk, GateOptions {}

export function sessionsApi(options: SessionsApiOptions) {
  return gated(options, readSessionsBody, async (c, caller, body) => {
    if (body.act === 'play') {
      const playing = await play(options, caller, body.session, body.channel);
      note(options, body.act, playing);
      if ('refused' in playing) return refuse(c, sayNo(playing.refused, playing.door));
      c.header('content-type', 'application/x-ndjson; charset=utf-8');
      return streamed(c, options.log, 'a recording', playing.answer);
    }
    const acted = await act(options, caller, body);
    note(options, body.act, acted);
    return 'refused' in acted ? refuse(c, sayNo(acted.refused, acted.door)) : c.json(acted.answer as object);
  });
}

function act(
  options: SessionsApiOptions,
  caller: Caller,
  body: Exclude<SessionsBody, { act: 'play' }>,
): Promise<Acted<unknown>> {
  if (isDoorBody(body)) return actAtDoor({ ...options, doors: visitDoors(options.ports) }, caller, body);
  switch (body.act) {
    case 'look':
      return lookAtVisit(options, caller);
    case 'sessions':
      return sessions(options, caller, body);
    case 'open':
      return open(options, caller, body.session);
    case 'end':
      return end(options, caller, body.session);
  }
}

/** Counts and logs by the visit's public handle; what was looked for is nowhere. */
function note({ log, metrics }: SessionsApiOptions, what: SessionsBody['act'], acted: Acted<unknown>) {
  const outcome = 'refused' in acted ? acted.refused.code : 'done';
  const level = what === 'look' || what === 'status' ? 'debug' : 'info';
  log[level]({ act: what, outcome, visit: acted.door?.id }, 'sessions');
  if ('refused' in acted) metrics?.refusals.inc({ code: outcome });
}
