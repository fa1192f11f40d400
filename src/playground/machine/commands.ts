/** What the played server knows to do. Nothing is run anywhere: each command only says something. */

import { FileError, Files, homeOf, parentOf, wholePath } from './files.js';
import { longName } from './sftp.js';
import { STREAMS } from './streams.js';

/** Where a command runs. */
export interface Place {
  readonly login: string;
  /** What the machine calls itself. */
  readonly name: string;
  readonly files: Files;
  folder: string;
  readonly terminal: { readonly columns: number; readonly rows: number };
  /** Shows something; lines end with a line feed. */
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Ctrl-C, or nobody there any more. */
  readonly stop: AbortSignal;
}

/** Gives the exit code. */
export type Command = (args: readonly string[], place: Place) => number | Promise<number>;

const UP_SINCE = Date.now() - 41 * 86_400_000;

export const HELP = `This machine is played: it knows these, and nothing else.

  look     whoami id hostname pwd cd ls cat head
           tail uptime date df free uname
  change   echo touch mkdir rm passwd
  service  systemctl status nginx
           systemctl restart nginx
  goes on  ping db1
           watch uptime
           tail -f /var/log/nginx/access.log
  leave    exit, or Ctrl-D

Ctrl-C ends what goes on. scp and sftp work too;
there are no pipes and no redirections.
`;

export const COMMANDS: Readonly<Record<string, Command>> = {
  help: (_args, { say }) => done(say, HELP),
  whoami: (_args, { say, login }) => done(say, `${login}\n`),
  id: (_args, { say, login }) => {
    const n = login === 'root' ? 0 : 1001;
    return done(say, `uid=${n}(${login}) gid=${n}(${login}) groups=${n}(${login})\n`);
  },
  hostname: (_args, { say, name }) => done(say, `${name}\n`),
  pwd: (_args, { say, folder }) => done(say, `${folder}\n`),
  date: (_args, { say }) => done(say, `${new Date().toUTCString()}\n`),
  echo: (args, { say }) => done(say, `${args.join(' ')}\n`),
  true: () => 0,
  false: () => 1,
  clear: (_args, { say }) => done(say, '\u001b[H\u001b[2J\u001b[3J'),
  uname: (_args, { say, name }) => done(say, `Linux ${name} 6.1.0-played x86_64 GNU/Linux\n`),
  uptime: (_args, { say }) => done(say, uptime()),
  df: (_args, { say }) => done(say, DISKS),
  free: (_args, { say }) => done(say, MEMORY),
  cd: (args, place) =>
    each('cd', [args[0] ?? homeOf(place.login)], place, (path) => {
      if (!Files.mayRead(place.login, path)) throw new FileError('Permission denied');
      if (!place.files.entry(path).isFolder) throw new FileError('Not a directory');
      place.folder = path;
    }),
  ls: (args, place) => {
    const isLong = args.some((arg) => /^-\w*l/.test(arg));
    const named = args.filter((arg) => !arg.startsWith('-'));
    return each('ls', named.length > 0 ? named : ['.'], place, (path) => {
      const entries = readable(path, place).isFolder ? place.files.list(path) : [place.files.entry(path)];
      if (isLong) place.say(entries.map((entry) => `${longName(entry)}\n`).join(''));
      else if (entries.length > 0) place.say(`${entries.map(shortName).join('  ')}\n`);
    });
  },
  cat: (args, place) =>
    each('cat', args, place, (path) => {
      readable(path, place);
      place.say(place.files.read(path).toString('utf8'));
    }),
  head: (args, place) => part(args, place, 'head', (lines, count) => lines.slice(0, count)),
  tail: (args, place) => {
    const code = part(args, place, 'tail', (lines, count) => lines.slice(-count));
    return code === 0 && args.some((arg) => /^-\w*f/.test(arg)) ? STREAMS.follow(args, place) : code;
  },
  touch: (args, place) =>
    each('touch', args, place, (path) => {
      if (!place.files.exists(writable(path, place))) place.files.create(path);
    }),
  mkdir: (args, place) => each('mkdir', args, place, (path) => place.files.makeFolder(writable(path, place))),
  rm: (args, place) =>
    each('rm', args, place, (path) => {
      if (!place.files.isFolder(writable(path, place))) return place.files.remove(path);
      if (args.some((arg) => /^-\w*r/.test(arg))) place.files.removeFolder(path);
      else throw new FileError('Is a directory');
    }),
  systemctl: ([verb, unit = ''], place) => {
    if (unit.replace(/\.service$/, '') !== 'nginx')
      return fault(place, `systemctl: only nginx runs here.`, 5);
    if (verb === 'status') return done(place.say, status());
    if (place.login !== 'root') return fault(place, 'systemctl: Access denied', 4);
    return verb === 'restart' || verb === 'reload'
      ? 0
      : fault(place, 'systemctl: status, restart or reload', 1);
  },
  ping: STREAMS.ping,
  watch: STREAMS.watch((line, place) => run(line, place)),
};

/** Runs one line, and gives its exit code. */
export async function run(line: string, place: Place): Promise<number> {
  const words = wordsOf(line);
  if (words === null)
    return fault(place, 'This machine is played: it knows no pipes, redirections and variables.', 2);
  const [name = '', ...args] = words;
  if (name === '') return 0;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command)
    return fault(place, `${name}: command not found. This machine is played; help says what it knows.`, 127);
  return command(args, place);
}

/** The words of a line, with quotes; null for what only a real shell understands. */
export function wordsOf(line: string): string[] | null {
  const words: string[] = [];
  const pieces = /\s*((?:'[^']*'|"[^"$`\\]*"|[^\s'"|&;<>$`\\()*?])+)/gy;
  let at = 0;
  for (const found of line.matchAll(pieces)) {
    words.push((found[1] ?? '').replace(/'([^']*)'|"([^"]*)"/g, (_all, one, two) => one ?? two ?? ''));
    at = found.index + found[0].length;
  }
  return line.slice(at).trim() === '' ? words : null;
}

function done(say: Place['say'], text: string): number {
  say(text);
  return 0;
}

function fault({ complain }: Place, text: string, code: number): number {
  complain(`${text}\n`);
  return code;
}

/** Does it for each path that was named, and says where it can't. */
function each(name: string, args: readonly string[], place: Place, act: (path: string) => void): number {
  const named = args.filter((arg) => !arg.startsWith('-'));
  if (named.length === 0) return fault(place, `${name}: which file?`, 1);
  let code = 0;
  for (const typed of named) {
    try {
      act(wholePath(typed, place.folder, homeOf(place.login)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      code = fault(place, `${name}: ${typed}: ${error.why}`, 1);
    }
  }
  return code;
}

function readable(path: string, { files, login }: Place) {
  if (!Files.mayRead(login, path)) throw new FileError('Permission denied');
  return files.entry(path);
}

function writable(path: string, { files, login }: Place): string {
  if (!Files.mayWrite(login, path)) throw new FileError('Permission denied');
  if (!files.isFolder(parentOf(path))) throw new FileError('No such file or directory');
  return path;
}

const shortName = ({ name, isFolder }: { name: string; isFolder: boolean }) => (isFolder ? `${name}/` : name);

type Choose = (lines: string[], count: number) => string[];

/** Some lines of a file: ten, or as many as `-n 3` or `-3` says. */
function part(args: readonly string[], place: Place, name: string, choose: Choose): number {
  const typed = /(?:^|\s)-(?:\w*n\s*)?(\d{1,6})(?=\s|$)/.exec(args.join(' '))?.[1];
  const paths = args.filter((arg) => !/^(?:-.*|\d+)$/.test(arg));
  return each(name, paths, place, (path) => {
    readable(path, place);
    const lines = place.files
      .read(path)
      .toString('utf8')
      .split(/(?<=\n)/);
    const chosen = choose(lines, Number(typed ?? 10)).join('');
    place.say(chosen === '' || chosen.endsWith('\n') ? chosen : `${chosen}\n`);
  });
}

export function uptime(now = new Date()): string {
  const days = Math.floor((now.getTime() - UP_SINCE) / 86_400_000);
  return ` ${now.toISOString().slice(11, 19)} up ${days} days,  1 user,  load average: 0.08, 0.05, 0.01\n`;
}

const DISKS = `Filesystem      Size  Used Avail Use% Mounted on
/dev/vda1        40G   31G  6.9G  82% /
tmpfs           2.0G  1.2M  2.0G   1% /run
/dev/vdb1       100G   57G   38G  61% /var/www
`;

const MEMORY = `               total        used        free   available
Mem:         4025436     1312208      401772     2421080
Swap:        1048572           0     1048572
`;

function status(): string {
  const since = new Date(UP_SINCE).toISOString().slice(0, 10);
  return `● nginx.service - The web server of the shop
     Loaded: loaded (enabled)
     Active: active (running) since ${since}
   Main PID: 812 (nginx)
      Tasks: 3
     Memory: 9.4M
`;
}
