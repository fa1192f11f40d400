/** `POST` to the page that sets up an authenticator. */

import { type EnrolDesk, enrolAct } from './enrol-acts.js';
import { readEnrolBody } from './enrol-body.js';
import { type GateOptions, gated, refuse } from './page-gate.js';
import { sayNo } from './page-refusals.js';

export interface EnrolApiOptions extends EnrolDesk, GateOptions {}

export function enrolApi(options: EnrolApiOptions) {
  return gated(options, readEnrolBody, async (c, caller, body) => {
    const done = await enrolAct(options, caller, body);
    const outcome = 'refused' in done ? done.refused.code : 'done';
    options.log.info({ act: body.act, outcome }, 'enrol');
    if (!('refused' in done)) return c.json(done.answer);
    options.metrics?.refusals.inc({ code: outcome });
    return refuse(c, sayNo(done.refused, done.facts));
  });
}
