/** `POST` to the page of a report: what is done, noted and answered. */

import { visitDoors } from './door.js';
import { type Acted, actAtDoor, isDoorBody } from './door-acts.js';
import type { FactorDesk } from './door-factor.js';
import { type GateOptions, gated, refuse } from './page-gate.js';
import { sayNo } from './page-refusals.js';
import { streamed } from './streamed.js';
import { csv, lookAtVisit, report, type VisitDesk } from './visit-acts.js';
import { readVisitBody, type VisitBody } from './visit-body.js';

export interface VisitApiOptions extends VisitDesk, FactorDesk, GateOptions {}

export function visitApi(options: VisitApiOptions) {
  const desk = { ...options, doors: visitDoors(options.ports) };
  return gated(options, readVisitBody, async (c, caller, body) => {
    if (body.act === 'csv') {
      const taken = await csv(desk, caller, body);
      note(options, body.act, taken);
      if ('refused' in taken) return refuse(c, sayNo(taken.refused, taken.door));
      const { name, parts } = taken.answer;
      c.header('content-type', 'text/csv; charset=utf-8');
      c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
      return streamed(c, options.log, 'a CSV', parts);
    }
    const acted = isDoorBody(body)
      ? await actAtDoor(desk, caller, body)
      : body.act === 'look'
        ? await lookAtVisit(desk, caller)
        : await report(desk, caller, body);
    note(options, body.act, acted);
    return 'refused' in acted ? refuse(c, sayNo(acted.refused, acted.door)) : c.json(acted.answer);
  });
}

/** Counts and logs by the visit's public handle; polling only where somebody debugs. */
function note({ log, metrics }: VisitApiOptions, what: VisitBody['act'], acted: Acted<unknown>) {
  const outcome = 'refused' in acted ? acted.refused.code : 'done';
  const level = what === 'look' || what === 'status' ? 'debug' : 'info';
  log[level]({ act: what, outcome, visit: acted.door?.id }, 'visit');
  if ('refused' in acted) metrics?.refusals.inc({ code: outcome });
}
