/** The newcomer's own computer, played: a prompt that knows the two lines that Keyturn's cards give. */

import { INTERRUPTED } from '../typing/keyboard.js';
import { readLine } from './lines.js';
import { psql } from './psql.js';
import type { Reach, Seat } from './seat.js';
import { ssh } from './ssh.js';

export const PROMPT = 'you@laptop:~$ ';

const WELCOME = `This terminal plays your own computer.
Paste the line from a card: ssh … or psql …
It works in a terminal of your own just as well.

`;

const HELP = `ssh -p PORT G-……@HOST   the line after Connect
psql "host=… user=…"    the line of a database
clear, exit
Arrow up brings a line back, Ctrl-C ends what runs.
`;

/** Resolves when they leave. */
export async function sitDown(seat: Seat, reach: Reach): Promise<void> {
  const known = new Set<string>();
  if (seat.handed) seat.keyboard.read(`${seat.handed.line.replace(/\p{Cc}/gu, '')}\r`);
  else seat.say(WELCOME);
  for (;;) {
    const typed = await seat.keyboard.ask(PROMPT);
    if (typed === null || /^\s*(?:exit|logout)\s*$/.test(String(typed))) return;
    if (typed !== INTERRUPTED) await run(typed.trim(), seat, reach, known);
  }
}

async function run(typed: string, seat: Seat, reach: Reach, known: Set<string>): Promise<void> {
  const line = readLine(typed);
  const handed = seat.handed?.line.trim() === typed ? seat.handed : null;
  if (line?.kind === 'ssh') await ssh(line, { seat, reach, handed, known });
  else if (line?.kind === 'psql') await psql(line, { seat, reach });
  else if (typed === 'clear') seat.say('\u001b[H\u001b[2J\u001b[3J');
  else if (typed === 'help') seat.say(HELP);
  else if (/^(?:ssh|psql)\b/.test(typed))
    seat.say(`That isn’t the line from a card. help shows what it looks like.\n`);
  else if (typed !== '') seat.say('This computer is played: it knows ssh, psql, help, clear and exit.\n');
}
