/** What may be typed at the newcomer's played computer: the two lines that Keyturn's cards give, read strictly. */

export interface SshLine {
  readonly kind: 'ssh';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** What is run instead of a shell. */
  readonly command: string | null;
}

export interface PsqlLine {
  readonly kind: 'psql';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

const USER_AT_HOST = /^([\w-]{1,64})@([\w.-]{1,255})$/;
const SETTING = /^(host|port|dbname|user)=(\S{1,255})$/;

/** The line read; null where it is no such line. */
export function readLine(line: string): SshLine | PsqlLine | null {
  const [program, ...rest] = line.trim().split(/\s+/);
  if (program === 'ssh') return readSsh(rest);
  return program === 'psql' ? readPsql(rest.join(' ')) : null;
}

function readSsh(words: readonly string[]): SshLine | null {
  const [flag = '', value = ''] = words;
  const [port, target, rest] = /^-p\d+$/.test(flag)
    ? [flag.slice(2), value, words.slice(2)]
    : flag === '-p'
      ? [value, words[2], words.slice(3)]
      : ['22', flag, words.slice(1)];
  const [, user, host] = USER_AT_HOST.exec(target ?? '') ?? [];
  if (user === undefined || host === undefined || !/^\d{1,5}$/.test(port)) return null;
  return { kind: 'ssh', host, port: Number(port), user, command: rest.length > 0 ? rest.join(' ') : null };
}

/** `host=… port=… dbname=… user=…`, within quotes or without. */
function readPsql(rest: string): PsqlLine | null {
  const found = /^(["']?)([^"']*)\1$/.exec(rest)?.[2]?.trim().split(/\s+/) ?? [];
  const settings = new Map(
    found.flatMap((each) => {
      const [, name, value] = SETTING.exec(each) ?? [];
      return name && value ? [[name, value] as const] : [];
    }),
  );
  const [host, port, database, user] = ['host', 'port', 'dbname', 'user'].map((name) => settings.get(name));
  if (settings.size !== found.length || !host || !database || !user) return null;
  if (port !== undefined && !/^\d{1,5}$/.test(port)) return null;
  return { kind: 'psql', host, port: Number(port ?? 5432), database, user };
}
