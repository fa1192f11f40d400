/** `keyturn <verb>`: which verbs there are, and who does them. */

import { parseArgs } from 'node:util';
import type { Verb } from './args.js';
import { Told } from './told.js';

interface Entry {
  readonly usage: string;
  readonly does: string;
  /** Loaded when called, so that a small verb starts fast. */
  readonly load: () => Promise<Verb>;
}

const VERBS: Readonly<Record<string, Entry>> = {
  start: {
    usage: 'start [--local]',
    does: 'runs Keyturn; --local plays all of it on this machine, with nothing to set up',
    load: async () => (await import('./start.js')).start,
  },
  migrate: {
    usage: 'migrate',
    does: 'brings the database to this version’s shape (start does it too)',
    load: async () => (await import('./migrate.js')).migrateVerb,
  },
  check: {
    usage: 'check [--config FILE]',
    does: 'names every fault of keyturn.yaml, and what can’t be lent',
    load: async () => (await import('./check.js')).check,
  },
  plan: {
    usage: 'plan [--config FILE]',
    does: 'says what apply would change',
    load: async () => (await import('./apply.js')).plan,
  },
  apply: {
    usage: 'apply --as EMAIL [--config FILE]',
    does: 'makes the file the configuration in force; what makes access easier waits for a second lead',
    load: async () => (await import('./apply.js')).applyVerb,
  },
  secret: {
    usage: 'secret set CLIENT/ACCOUNT|CLIENT/SYSTEM --as EMAIL',
    does: 'puts a password into custody, or what Keyturn signs in with at a system, from standard input or a prompt; --totp the seed of its codes (--qr PNG)',
    load: async () => (await import('./secret.js')).secret,
  },
  rotate: {
    usage: 'rotate CLIENT/ACCOUNT --as EMAIL [--yes]',
    does: 'has Keyturn change a password at its system now; says first what hangs on it',
    load: async () => (await import('./rotate.js')).rotate,
  },
  'break-glass': {
    usage: 'break-glass CLIENT/ACCOUNT DURATION REASON… --as EMAIL',
    does: 'takes access at once, with the database and one’s factor alone: for when chats are down',
    load: async () => (await import('./break-glass.js')).breakGlass,
  },
  enrol: {
    usage: 'enrol [EMAIL] --as EMAIL',
    does: 'lets oneself, or somebody else, enrol an authenticator',
    load: async () => (await import('./enrol.js')).enrol,
  },
  offboard: {
    usage: 'offboard EMAIL --as EMAIL [--to EMAIL] [--yes]',
    does: 'says what it would end, and ends all that somebody has; --to takes over; a lead’s takes two leads',
    load: async () => (await import('./offboard.js')).offboard,
  },
  report: {
    usage: 'report account|person|client WHICH --as EMAIL',
    does: 'who had what, when, why and what came of it (--from DAY --to DAY --csv)',
    load: async () => (await import('./report.js')).report,
  },
  audit: {
    usage: 'audit verify|export --as EMAIL',
    does: 'recomputes every hash of the audit trail · writes it as JSON lines (--from DAY --to DAY --chain CLIENT)',
    load: async () => (await import('./audit.js')).audit,
  },
  key: {
    usage: 'key rotate --as EMAIL',
    does: 'wraps the data keys with the present master key',
    load: async () => (await import('./key.js')).key,
  },
  doctor: {
    usage: 'doctor',
    does: 'asks whether everything it needs can be reached, and says what to do',
    load: async () => (await import('./doctor.js')).doctor,
  },
};

/** Runs one command line. Prints to the terminal; never throws. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parse(argv);
    const [name = '', ...words] = positionals;
    if (values.help || name === 'help' || name === '') {
      console.log(usage());
      return name === '' && !values.help ? 2 : 0;
    }
    const entry = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
    if (!entry) throw new Told(`There is no verb "${name}".\n\n${usage()}`, 2);
    const verb = await entry.load();
    const { as, config, by, code, from, to, chain, qr } = values;
    return await verb({
      words,
      local: values.local === true,
      as,
      config,
      by,
      code,
      from,
      to,
      chain,
      qr,
      totp: values.totp === true,
      yes: values.yes === true,
      csv: values.csv === true,
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof Told ? error.exitCode : 1;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        local: { type: 'boolean' },
        as: { type: 'string' },
        config: { type: 'string' },
        by: { type: 'string' },
        code: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        csv: { type: 'boolean' },
        chain: { type: 'string' },
        totp: { type: 'boolean' },
        qr: { type: 'string' },
        yes: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Told(`${(error as Error).message}\n\n${usage()}`, 2);
  }
}

const PROVING = [
  'Where second factors are configured, a verb with --as waits until that person has confirmed it:',
  '  --by duo_push|duo_universal|totp  asks this factor instead of their first',
  '  --code DIGITS                     gives the code of their authenticator, for scripts',
];

function usage(): string {
  const width = Math.max(...Object.values(VERBS).map((v) => v.usage.length));
  const lines = Object.values(VERBS).map((v) => `  keyturn ${v.usage.padEnd(width)}  ${v.does}`);
  return ['Keyturn lends out clients’ privileged accounts in chat.', '', ...lines, '', ...PROVING].join('\n');
}
