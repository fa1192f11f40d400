/** Commands that go on until Ctrl-C, or until the session is cut. */

import { setTimeout as after } from 'node:timers/promises';
import type { Command, Place } from './commands.js';
import { accessLine } from './first-files.js';

const INTERRUPTED = 130;
const SECOND = 1_000;

/** False once it is to stop. */
async function goesOn({ stop }: Place, ms: number): Promise<boolean> {
  await after(ms, undefined, { signal: stop }).catch(() => undefined);
  return !stop.aborted;
}

/** One answer a second; `-c 3` ends it after three. */
const ping: Command = async (args, place) => {
  const host = args.filter((arg) => !/^(?:-.*|\d+)$/.test(arg)).at(-1);
  const most = Number(/-c\s*(\d{1,4})/.exec(args.join(' '))?.[1] ?? Number.POSITIVE_INFINITY);
  if (!host) {
    place.complain('ping: which host? db1, for example.\n');
    return 2;
  }
  place.say(`PING ${host} (10.20.0.21) 56(84) bytes of data.\n`);
  let sent = 0;
  do {
    sent += 1;
    const ms = (0.3 + ((sent * 7) % 10) / 40).toFixed(3);
    place.say(`64 bytes from ${host} (10.20.0.21): icmp_seq=${sent} ttl=64 time=${ms} ms\n`);
  } while (sent < most && (await goesOn(place, SECOND)));
  place.say(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${sent} received, 0% packet loss\n`,
  );
  return place.stop.aborted ? INTERRUPTED : 0;
};

/** A command again and again, on a screen that is cleared for it. */
const watch =
  (run: (line: string, place: Place) => Promise<number>): Command =>
  async (args, place) => {
    const line = args.filter((arg) => !/^(?:-.*|\d+)$/.test(arg)).join(' ');
    if (line === '' || line.startsWith('watch')) {
      place.complain('watch: which command? uptime, for example.\n');
      return 1;
    }
    do {
      place.say(`\u001b[H\u001b[2JEvery 2.0s: ${line}\n\n`);
      await run(line, place);
    } while (await goesOn(place, 2 * SECOND));
    return INTERRUPTED;
  };

/** The shop is visited, and its log grows. */
const follow: Command = async (_args, place) => {
  for (let n = 40; await goesOn(place, 0.6 * SECOND); n++) place.say(accessLine(n));
  return INTERRUPTED;
};

export const STREAMS = { ping, watch, follow };
