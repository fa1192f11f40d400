/** `ssh` of the newcomer's played computer: a real SSH client, which reaches the bastion of this process and nothing else. */

import ssh2 from 'ssh2';
import { fingerprintOf } from '../../connectors/ssh/keys.js';
import { ALGORITHMS } from '../../connectors/ssh/sign-in.js';
import type { SshLine } from './lines.js';
import { type Handed, isWithin, type Reach, type Seat } from './seat.js';

const HOST = '127.0.0.1';
/** As OpenSSH asks. */
const MOST_PROMPTS = 3;
const FAILED = 255;

/** Runs to the end of the session, and gives its exit code. @param known host keys that were said to be right. */
export async function ssh(
  line: SshLine,
  { seat, reach, handed, known }: { seat: Seat; reach: Reach; handed: Handed | null; known: Set<string> },
): Promise<number> {
  const bastion = reach.bastion();
  if (!bastion || !isWithin(line, bastion.port)) {
    const where = bastion ? `${HOST} port ${bastion.port}, Keyturn’s bastion` : 'nothing: no bastion is open';
    seat.say(`ssh: this terminal is played. It reaches only\n${where}.\n`);
    return FAILED;
  }
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    const talk = { line, seat, handed, known };
    let why: string | null = null;
    let code: number | null = null;
    let signedIn = false;
    client.on('banner', (message) => seat.say(`${message.trim()}\n`));
    client.on('error', (error: Error & { level?: string }) => {
      why ??= error.level === 'client-authentication' ? 'Permission denied (publickey,password).' : null;
    });
    client.on('ready', () => {
      signedIn = true;
      open(client, talk, (exit) => {
        code = exit;
        client.end();
      });
    });
    client.on('close', () => {
      seat.left.removeEventListener('abort', drop);
      const by = code === null ? ' by remote host' : '';
      seat.say(
        `${why ?? `Connection to ${line.host}${signedIn ? '' : ` port ${line.port}`} closed${by}.`}\n`,
      );
      resolve(code ?? FAILED);
    });
    const drop = () => client.destroy();
    seat.left.addEventListener('abort', drop);
    client.connect({
      ...{ host: HOST, port: line.port, username: line.user, algorithms: ALGORITHMS },
      // The time that somebody takes to find their ticket is the bastion's to limit.
      readyTimeout: 0,
      hostVerifier: (key: Buffer, verify: (isRight: boolean) => void) =>
        void isRightKey(fingerprintOf(key), talk).then((isRight) => {
          if (!isRight) why = 'Host key verification failed.';
          verify(isRight);
        }),
      authHandler: passwords(talk),
    });
  });
}

interface Talk {
  readonly line: SshLine;
  readonly seat: Seat;
  readonly handed: Handed | null;
  readonly known: Set<string>;
}

/** Compared with the one on the card, where the card was handed over; else asked, once. */
async function isRightKey(shown: string, { line, seat, handed, known }: Talk): Promise<boolean> {
  if (handed?.hostKey) {
    const isSame = handed.hostKey === shown;
    seat.say(
      isSame
        ? `Its host key is the one on the card: ${shown}\n`
        : `Its host key is ${shown}, and the card says ${handed.hostKey}. Nothing was sent.\n`,
    );
    return isSame;
  }
  if (known.has(shown)) return true;
  seat.say(
    `The host [${line.host}]:${line.port} was never seen before.\nThe fingerprint of its key is\n${shown}\nCompare it with the one on the card.\n`,
  );
  const said = await seat.keyboard.ask('Is it the same? Continue connecting (yes/no)? ');
  if (said !== 'yes') return false;
  known.add(shown);
  return true;
}

/** First nothing, so that the server says what it takes; then what is typed, three times at most. */
function passwords({ line, seat, handed }: Talk): ssh2.AuthHandlerMiddleware {
  let asked = -1;
  const ask = async (): Promise<string | null> => {
    const question = `${line.user}@${line.host}'s password: `;
    if (asked === 1 && handed?.ticket) {
      seat.say(`${question}(the ticket on the card)\n`);
      return handed.ticket;
    }
    if (asked > 1) seat.say('Permission denied, please try again.\n');
    if (asked > 1 && handed?.ticket)
      seat.say(
        'Does the phone ask? Approve there first, then\npress Enter: it tries the card’s ticket again.\n',
      );
    const typed = await seat.keyboard.ask(question, false);
    if (typeof typed !== 'string') return null;
    return typed === '' ? (handed?.ticket ?? '') : typed;
  };
  return (_left, _partial, next) => {
    asked += 1;
    if (asked === 0) return void next({ type: 'none', username: line.user });
    if (asked > MOST_PROMPTS) return void next(false as never);
    void ask().then((password) =>
      next(password === null ? (false as never) : { type: 'password', username: line.user, password }),
    );
  };
}

function open(client: ssh2.Client, { line, seat }: Talk, over: (code: number | null) => void): void {
  const started = (error: Error | undefined, stream: ssh2.ClientChannel) => {
    if (error) {
      seat.say(`${error.message}\n`);
      return over(FAILED);
    }
    join(stream, seat, over);
  };
  const { columns: cols, rows } = seat.size;
  if (line.command === null) client.shell({ term: 'xterm-256color', cols, rows }, started);
  else client.exec(line.command, { pty: { term: 'xterm-256color', cols, rows } }, started);
}

/** Keys go there and what is said comes back, until that side is over. */
function join(stream: ssh2.ClientChannel, seat: Seat, over: (code: number | null) => void): void {
  const giveBack = seat.lend({
    key: (typed) => void stream.write(typed),
    resized: () => stream.setWindow(seat.size.rows, seat.size.columns, 0, 0),
  });
  let code: number | null = null;
  for (const from of [stream, stream.stderr])
    from.on('data', (part: Buffer) => {
      from.pause();
      void seat.show(part).then(() => from.resume());
    });
  stream.on('error', () => {});
  stream.on('exit', (exit: number | null) => {
    code = exit ?? FAILED;
  });
  stream.on('close', () => {
    giveBack();
    over(code);
  });
}
