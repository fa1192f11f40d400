/** One judgement of one command by what is stored now: what it is about decides which facts it is judged by. */

import { attemptAsk, attemptGlass, attemptRotate, attemptSecret } from './attempts/on-account.js';
import { attemptBrowser } from './attempts/on-browser.js';
import { attemptGiveCode } from './attempts/on-code.js';
import { attemptConfiguration } from './attempts/on-configuration.js';
import { attemptKey, attemptOwn, attemptResume } from './attempts/on-person.js';
import { attemptReport } from './attempts/on-report.js';
import { attemptExtend, attemptOnRequest, attemptReview } from './attempts/on-request.js';
import { attemptEndSession } from './attempts/on-session.js';
import { attemptFinish, attemptLeave, attemptSweep } from './attempts/on-sweep.js';
import { type Attempt, unknown } from './attempts/record.js';
import type { Command } from './command.js';
import type { Actor } from './people.js';
import type { Ports } from './ports.js';

export async function attempt(ports: Ports, actor: Actor, command: Command): Promise<Attempt> {
  if (actor.met && command.verb !== 'complete-identity')
    return unknown(ports, actor, command.verb, { code: 'link-first' });
  switch (command.verb) {
    case 'ask':
      return attemptAsk(ports, actor, command);
    case 'break-glass':
      return attemptGlass(ports, actor, command);
    case 'set-secret':
      return attemptSecret(ports, actor, command.sealed);
    case 'rotate':
      return attemptRotate(ports, actor, command);
    case 'review':
      return attemptReview(ports, actor, command);
    case 'extend':
      return attemptExtend(ports, actor, command);
    case 'confirm-browser':
      return attemptBrowser(ports, actor, command.link, command.itIsMe);
    case 'give-code':
      return attemptGiveCode(ports, actor, command);
    case 'add-ssh-key':
      return attemptKey(ports, actor, command.key);
    case 'end-session':
      return attemptEndSession(ports, actor, command.id);
    case 'resume':
      return attemptResume(ports, actor, command.id);
    case 'complete-identity':
    case 'end-identity':
    case 'offer-factor':
    case 'end-factor':
    case 'end-ssh-key':
    case 'rotate-keys':
      return attemptOwn(ports, actor, command);
    case 'apply':
    case 'apply-proposal':
    case 'refuse-proposal':
      return attemptConfiguration(ports, actor, command);
    case 'offboard':
    case 'confirm-sweep':
    case 'drop-sweep':
      return attemptSweep(ports, actor, command);
    case 'leave':
      return attemptLeave(ports, actor, command);
    case 'finish-sweep':
      return attemptFinish(ports, actor, command.id);
    case 'read-report':
    case 'open-visit':
    case 'export-audit':
      return attemptReport(ports, actor, command);
    default:
      return attemptOnRequest(ports, actor, command);
  }
}
