/** What the bastion says to whoever sits at the terminal. No apostrophes: a terminal may not know UTF-8. */

import type { SessionEnd } from '../gate.js';

/** Before anybody has signed in, on every connection. */
export const BANNER =
  'Keyturn bastion: sign in as the id of your grant. What your session shows is recorded.';

export const BAD_COMMAND = 'Keyturn: this command is not valid UTF-8, so it was not run.';
export const NO_CHANNEL = 'Keyturn: the target did not open what you asked for.';

const ENDINGS: Record<SessionEnd, string> = {
  left: 'you left',
  'target-left': 'the target closed the connection',
  'grant-over': 'the grant is over',
  'ended-by-lead': 'a lead ended this session',
  idle: 'nothing came or went for too long',
  'not-recordable': 'it can not be recorded',
  'recording-full': 'it has shown as much as is recorded of one; for large files use scp or sftp',
  'bastion-stopped': 'Keyturn is stopping; sign in again in a moment',
  'target-refused': 'the target did not let Keyturn in; tell a lead',
  'wrong-host-key': 'the target is not the one it should be, and nothing was sent to it; the leads know',
};

/** One sentence, as a line of a terminal in any state. */
export function ending(why: SessionEnd): string {
  return line(`Keyturn: this access has ended (${ENDINGS[why]}).`);
}

export function line(sentence: string): string {
  return `\r\n${sentence}\r\n`;
}
