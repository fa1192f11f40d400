/** `POST` to the page of a report: what is done, noted and answered. */

import { visitDoors } from './door.js';
import { type Acted, actAtDoor, isDoorBody } from './door-acts.js';
import type { FactorDesk } from './door-factor.js';
import { type Ctx, type GateOptions, gated, refuse } from './page-gate.js';
import { sayNo } from './page-refusals.js';
import { CutOff, csv, lookAtVisit, report, type VisitDesk } from './visit-acts.js';
import { readVisitBody, type VisitBody } from './visit-body.js';

export interface VisitApiOptions extends VisitDesk, FactorDesk, GateOptions {}

export function visitApi(options: VisitApiOptions) {
  const desk = { ...options, doors: visitDoors(options.ports) };
  return gated(options, readVisitBody, async (c, caller, body) => {
    if (body.act === 'csv') {
      const taken = await csv(desk, caller, body);
      note(options, body.act, taken);
      return 'refused' in taken
        ? refuse(c, sayNo(taken.refused, taken.door))
        : stream(options, c, taken.answer);
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

/** As fast as the browser takes it, and no faster. A fault in the middle breaks it off: half a file is an error. */
function stream(
  { log }: VisitApiOptions,
  c: Ctx,
  { name, parts }: { readonly name: string; readonly parts: AsyncIterable<string> },
): Response {
  const bytes = new TextEncoder();
  const each = parts[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await each.next();
        if (done) return controller.close();
        controller.enqueue(bytes.encode(value));
      } catch (err) {
        log[err instanceof CutOff ? 'info' : 'error']({ err }, 'a CSV was broken off');
        controller.error(err);
      }
    },
    async cancel() {
      await each.return?.();
    },
  });
  c.header('content-type', 'text/csv; charset=utf-8');
  c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  return c.body(body);
}

/** Counts and logs by the visit's public handle; polling only where somebody debugs. */
function note({ log, metrics }: VisitApiOptions, what: VisitBody['act'], acted: Acted<unknown>) {
  const outcome = 'refused' in acted ? acted.refused.code : 'done';
  const level = what === 'look' || what === 'status' ? 'debug' : 'info';
  log[level]({ act: what, outcome, visit: acted.door?.id }, 'visit');
  if ('refused' in acted) metrics?.refusals.inc({ code: outcome });
}
