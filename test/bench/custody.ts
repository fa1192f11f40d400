/** How soon a client's domain is as Keyturn has it on record: passwords changed a minute, and from a revoke to what was read back. */

import { Attribute, Change, Client } from 'ldapts';
import { change } from '../../src/core/judged.js';
import { perform } from '../../src/core/perform.js';
import { asked, askedByKeyturn } from '../../src/core/rotate.js';
import { LDAPS } from '../support/samba.js';
import { type DomainStage, LOGINS, openDomainStage } from './domain-stage.js';
import { type Figure, type Measurement, percentile } from './figure.js';

let opened: Promise<DomainStage> | undefined;

/** Both figures are of the same domain. */
function stageOf(): Promise<DomainStage> {
  opened ??= openDomainStage();
  return opened;
}

const settled = 'select count(*)::int as n from keyturn.rotations where state = $1';

async function until(stage: DomainStage, text: string, values: unknown[], n: number): Promise<void> {
  for (;;) {
    const [row] = await stage.database.run<{ n: number }>({ name: '', text }, values);
    if (row?.n === n) return;
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** What a script does that resets, and looks whether it worked: one after the other over one connection. */
async function plainResets({ domain, directory, logins }: DomainStage): Promise<number> {
  const admin = new Client({ url: `ldaps://${domain.address}:${LDAPS}`, tlsOptions: { ca: [domain.ca] } });
  await admin.bind(domain.adminDn, domain.adminPassword);
  const started = performance.now();
  for (const login of logins) {
    const password = `A-plain-reset-of-${login}-2`;
    const attribute = new Attribute({
      type: 'unicodePwd',
      values: [Buffer.from(`"${password}"`, 'utf16le')],
    });
    await admin.modify(
      `CN=${login},${directory.usersDn}`,
      new Change({ operation: 'replace', modification: attribute }),
    );
    if ((await directory.signIn(login, password)) !== 'works') throw new Error(`${login} was not reset`);
  }
  const seconds = (performance.now() - started) / 1000;
  await admin.unbind();
  return seconds;
}

export const rotations: Measurement = {
  id: 'rotations_per_minute',
  async measure(): Promise<Figure> {
    const stage = await stageOf();
    const { ports, directory, logins } = stage;
    const facts = await ports.facts.facts();
    const rows = logins.map((id) =>
      asked(facts, { client: 'acme', id }, 'schedule', null, ports.fresh.rotationId()),
    );
    const started = performance.now();
    await ports.store.commit(change(facts, askedByKeyturn(rows)));
    await until(stage, settled, ['done'], LOGINS);
    const seconds = (performance.now() - started) / 1000;
    for (const login of logins) {
      if ((await directory.signIn(login, await stage.passwordOf(login))) !== 'works')
        throw new Error(`the vault doesn't know the password of ${login}`);
    }
    const plain = await plainResets(stage);
    const [value, baseline] = [(LOGINS / seconds) * 60, (LOGINS / plain) * 60];
    return {
      ...{ id: 'rotations_per_minute', value, baseline, unit: 'a minute', goal: 120, aim: '≥ 120' },
      met: value >= 120,
      notes: [`${LOGINS} logins of a Samba domain; baseline: one reset and one sign-in each, by a script`],
    };
  },
};

const GRANTS = 60;

export const readBack: Measurement = {
  id: 'read_back_p99_ms',
  async measure(): Promise<Figure> {
    const stage = await stageOf();
    const { ports, database, directory, group, logins } = stage;
    const { directory: people } = await ports.facts.facts();
    const ours: number[] = [];
    for (let n = 0; n < GRANTS; n++) {
      const login = logins[n % LOGINS] as string;
      const actor = {
        person: people.byEmail(`${login}@operator.example`)?.id as string,
        via: 'slack',
      } as const;
      const asked = {
        client: 'acme',
        account: `group${n % LOGINS}`,
        seconds: 3600,
        reason: 'bench',
        ticket: null,
      };
      const outcome = await perform(ports, actor, { verb: 'ask', ...asked });
      if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
      const id = `G${outcome.done.slice(1)}`;
      const active = `select count(*)::int as n from keyturn.grants where id = $1 and state = 'active'`;
      await until(stage, active, [id], 1);
      const started = performance.now();
      await perform(ports, actor, { verb: 'return', id });
      const done = `select count(*)::int as n from keyturn.revocations where "grant" = $1 and state = 'done'`;
      await until(stage, done, [id], 1);
      ours.push(performance.now() - started);
      if (await directory.memberOf(login, group)) throw new Error(`${login} is still in the group`);
    }
    const theirs = await plainWithdrawals(stage);
    await database.run({ name: '', text: 'select 1' }, []);
    const [value, baseline] = [percentile(ours, 0.99), percentile(theirs, 0.99)];
    return {
      ...{
        id: 'read_back_p99_ms',
        value,
        baseline,
        unit: 'ms',
        goal: 2000,
        aim: '< 2000',
        met: value < 2000,
      },
      notes: [
        `median ${percentile(ours, 0.5).toFixed(0)} ms; baseline: taken out of the group and looked up by a script, median ${percentile(theirs, 0.5).toFixed(0)} ms`,
      ],
    };
  },
};

async function plainWithdrawals({ domain, directory, group, logins }: DomainStage): Promise<number[]> {
  const admin = new Client({ url: `ldaps://${domain.address}:${LDAPS}`, tlsOptions: { ca: [domain.ca] } });
  await admin.bind(domain.adminDn, domain.adminPassword);
  const took: number[] = [];
  for (const login of logins) {
    const dn = `CN=${login},${directory.usersDn}`;
    await directory.addMember(group, dn);
    const started = performance.now();
    const member = new Attribute({ type: 'member', values: [dn] });
    await admin.modify(group, new Change({ operation: 'delete', modification: member }));
    await directory.memberOf(login, group);
    took.push(performance.now() - started);
  }
  await admin.unbind();
  return took;
}
