/** Custody without anybody asking: passwords whose time has come, logins that no grant stands behind, work that nobody remembers. */

import cron from 'node-cron';
import type { Logger } from 'pino';
import type { Connector } from '../connectors/connector.js';
import { TargetError } from '../connectors/connector.js';
import type { System } from '../core/accounts.js';
import { event, KEYTURN } from '../core/audit.js';
import { change } from '../core/judged.js';
import { asked, askedByKeyturn } from '../core/rotate.js';
import { grantsBehind, noticeTargets, rotationsDue } from '../store/custody.js';
import type { Database } from '../store/driver.js';
import type { StorePorts } from '../store/store.js';

export interface UpkeepDesk {
  readonly database: Database;
  readonly ports: StorePorts;
  readonly connect: (system: System) => Promise<Connector | null>;
  readonly log: Logger;
}

const MOST_AT_ONCE = 200;

/** Asks for a new password wherever the present one is older than it may become. Returns for how many. */
export async function askWhatIsOld({ database, ports }: UpkeepDesk): Promise<number> {
  let count = 0;
  for (const { client, account } of await rotationsDue(database, MOST_AT_ONCE)) {
    const facts = await ports.store.targetFacts(client, account);
    if (facts.rotation || facts.live.length > 0) continue;
    const row = asked(facts, { client, id: account }, 'schedule', null, ports.fresh.rotationId());
    if ((await ports.store.commit(change(facts, askedByKeyturn([row])))) === 'done') count += 1;
  }
  return count;
}

/**
 * Removes the logins that were made for grants and that no grant stands behind: made by a process that died before it
 * was on record, or brought back from a backup of the target. Returns which.
 */
export async function removeOrphans(desk: UpkeepDesk): Promise<string[]> {
  const { directory } = await desk.ports.facts.facts();
  const groups = new Map<System, string>();
  for (const account of directory.accounts) {
    const system = directory.system(account.client, account.system);
    if (system && account.elevate?.as === 'jit') groups.set(system, account.elevate.group);
  }
  const removed: string[] = [];
  for (const [system, group] of groups)
    removed.push(...(await removeFrom(desk, system, group).catch((error) => away(desk, system, error))));
  return removed;
}

async function removeFrom(desk: UpkeepDesk, system: System, group: string): Promise<string[]> {
  const connector = await desk.connect(system);
  if (!connector) return [];
  const removed: string[] = [];
  try {
    const there = (await connector.jitLogins?.()) ?? [];
    const behind = await grantsBehind(
      desk.database,
      there.map(({ grant }) => grant),
    );
    for (const { login, grant } of there.filter((one) => !behind.has(one.grant))) {
      const readBack = (await connector.withdraw?.({ grant, group, login, as: 'jit' })) ?? {};
      const facts = await desk.ports.facts.facts();
      const data = { login, system: system.id, ...readBack };
      await desk.ports.store.commit(
        change(facts, { audit: [event(KEYTURN, system.client, 'orphan.removed', grant, data)] }),
      );
      removed.push(`${system.client}/${system.id} ${login}`);
    }
  } finally {
    await connector.close();
  }
  return removed;
}

function away({ log }: UpkeepDesk, { client, id }: System, error: unknown): string[] {
  const level = error instanceof TargetError ? 'warn' : 'error';
  log[level]({ err: error, system: `${client}/${id}` }, 'upkeep: orphans could not be looked for');
  return [];
}

export interface Upkeep {
  stop(): Promise<void>;
}

/** Looks at once and then each minute; for orphans at once and then each ten minutes. */
export function startUpkeep(desk: UpkeepDesk): Upkeep {
  const complain = (err: unknown) => desk.log.error({ err }, 'upkeep');
  let running: Promise<unknown> = noticeTargets(desk.database)
    .then(() => removeOrphans(desk))
    .catch(complain);
  const minutely = cron.schedule(
    '20 * * * * *',
    () =>
      (running = running
        .then(() => noticeTargets(desk.database))
        .then(() => askWhatIsOld(desk))
        .catch(complain)),
    { noOverlap: true },
  );
  const seldom = cron.schedule(
    '50 */10 * * * *',
    () => (running = running.then(() => removeOrphans(desk)).catch(complain)),
    {
      noOverlap: true,
    },
  );
  return {
    stop: async () => {
      await minutely.stop();
      await seldom.stop();
      await running;
    },
  };
}
