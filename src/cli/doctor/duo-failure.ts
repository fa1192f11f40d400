/** Why Duo didn't answer as it should, and what an operator does about it. */

import type { Failed, Failure } from '../../mfa/provider.js';

/** Which of the two entries below `mfa`, and where its Duo is looked for. */
export interface Application {
  readonly application: 'duo_push' | 'duo_universal';
  readonly host: string;
}

const keys = {
  duo_push: "copy integration key and secret key anew from the Auth API application in Duo's admin panel",
  // Its refusal doesn't tell a bad key from a bad clock.
  duo_universal:
    "copy client ID and client secret anew from the Web SDK application in Duo's admin panel; if they are right, have this machine's clock follow NTP",
} as const;

/** The failures that a call without a person can have. */
const sentences: Partial<Record<Failure, (at: Application) => string>> = {
  unreachable: ({ application, host }) =>
    `Duo can't be reached at ${host}: check the host of mfa.${application}, let HTTPS to it pass the firewall, and look at status.duo.com`,
  untrusted: ({ application, host }) =>
    `what answers at ${host} has a certificate that isn't Duo's: check the host of mfa.${application}, and have proxies that open TLS let it pass unopened`,
  'too-slow': ({ host }) =>
    `Duo takes too long to answer at ${host}: check firewall and proxy between here and there, look at status.duo.com, and run doctor again`,
  'rate-limited': ({ application, host }) =>
    `Duo asks for patience at ${host}: run doctor again in a minute, and if it stays so, find out what else calls Duo with the keys of mfa.${application}`,
  refused: ({ application }) => `Duo doesn't accept the keys of mfa.${application}: ${keys[application]}`,
  garbage: ({ application, host }) =>
    `what answers at ${host} doesn't speak as Duo does: check the host of mfa.${application}, and whether a proxy or a sign-in page answers in its place`,
};

/** One sentence with what to do, then what was seen: whoever runs `doctor` reads the log as well. */
export function sayDuoFailure({ failed, detail }: Failed, at: Application): string {
  const sentence =
    sentences[failed]?.(at) ?? `Duo gave no answer that counts at ${at.host}: run doctor again`;
  return `${sentence} (${detail})`;
}
