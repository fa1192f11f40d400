/** The HTTP side: read, guarded, verified, and only then acted on. Whatever isn't believed is answered with 401 or 403. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity, TurnContext } from 'botbuilder';
import { end, readBody } from '../body.js';
import { NotFromTeams, type TenantAdapter } from './adapter.js';
import { type Envelope, type Expected, readEnvelope, type Unverified } from './guard.js';

export interface Receiving {
  readonly expected: Expected;
  readonly adapter: TenantAdapter;
  readonly turn: (context: TurnContext, envelope: Envelope) => Promise<void>;
  readonly unverified: (kind: Unverified) => void;
  /** A token was not believed, and why: Microsoft's keys out of reach look the same from outside. */
  readonly disbelieved: (why: string) => void;
  readonly fault: (error: unknown) => void;
}

const NOT_IMPLEMENTED = 501;

/** Answers one POST to a tenant's address. Never throws. */
export async function receive(req: IncomingMessage, res: ServerResponse, to: Receiving): Promise<void> {
  try {
    const refuse = (status: number, kind: Unverified) => {
      to.unverified(kind);
      end(res, status);
    };
    if (req.method !== 'POST') return end(res, 405);
    const body = await readBody(req);
    if (body === null) return refuse(413, 'malformed');
    const { authorization = '' } = req.headers;
    if (!/^Bearer \S+$/.test(authorization)) return refuse(401, 'token');
    const activity = parsed(body);
    const read = readEnvelope(activity, to.expected);
    if ('refused' in read) return refuse(403, read.refused);
    await verifyAndAct(res, to, authorization, activity as Activity, read.envelope, refuse);
  } catch {
    // The connection is gone: there is nobody to tell.
    end(res, 400);
  }
}

async function verifyAndAct(
  res: ServerResponse,
  to: Receiving,
  authorization: string,
  activity: Activity,
  envelope: Envelope,
  refuse: (status: number, kind: Unverified) => void,
): Promise<void> {
  try {
    const answer = await to.adapter.take(authorization, activity, (context) => to.turn(context, envelope));
    // botbuilder's word for an invoke that nothing here is for.
    if (answer?.status === NOT_IMPLEMENTED) return refuse(403, 'malformed');
    end(res, answer?.status ?? 200, answer?.body);
  } catch (error) {
    if (error instanceof NotFromTeams) {
      to.disbelieved(error.message);
      return refuse(401, 'token');
    }
    to.fault(error);
    // Its text may tell more than a stranger should know; the log has it.
    end(res, 500);
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}
