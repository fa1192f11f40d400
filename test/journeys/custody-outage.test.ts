/** Five thousand grants run out while Keyturn itself is down: it is there at once, answers people, and takes back a few at a time. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { answer, fits } from '../connectors/webhook/automation.js';
import { type Deployment, openDeployment } from '../support/deployment.js';
import { CONFIG } from '../support/world.js';

const KEY = 'b3BlbnNzbCByYW5kIC1iYXNlNjQgMzIgdGhlIG91dGFnZQ==';
const ACCOUNTS = 250;
const GRANTS = 5_000;
/** So many ends are waited for here. */
const SEEN = 750;
/** What src/app.ts works on at a time, a replica. */
const AT_ONCE = 4;

describe('an outage of our own', () => {
  let keyturn: Deployment;
  let automation: Server;
  let folder: string;
  let env: Record<string, string>;
  const members = new Set<string>();
  let [underWay, most] = [0, 0];
  beforeAll(async () => {
    keyturn = await openDeployment();
    automation = createServer(async (incoming, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      let text = '';
      for await (const part of incoming) text += part;
      const body = JSON.parse(text) as Record<string, string>;
      const request = { header: String(incoming.headers['keyturn-signature']), text, body };
      const isRight = fits(request, KEY) && body.act === 'withdraw';
      if (isRight) members.delete(`${body.login} ${body.group}`);
      // Answered in a later turn, so that requests that come together are seen together.
      setImmediate(() => {
        underWay -= 1;
        if (isRight) answer(response, { call: body.call, done: true, read_back: { member: false } }, KEY);
        else response.writeHead(401).end();
      });
    });
    await new Promise<void>((resolve) => automation.listen(0, '127.0.0.1', resolve));
    folder = await mkdtemp(join(tmpdir(), 'keyturn-outage-'));
    env = { KEYTURN_CONFIG: join(folder, 'keyturn.yaml') };
    const { port } = automation.address() as AddressInfo;
    const groups = Array.from(
      { length: ACCOUNTS },
      (_, n) =>
        `      - { id: g${n}, name: "Group ${n}", kind: ssh-group, system: acme-auto, group: g${n}, elevate: { as: own }, exclusive: false, may_request: [L1, L2, L3], deliver: [elevate], policy: helpdesk }\n`,
    ).join('');
    const plain = await readFile(CONFIG, 'utf8');
    await writeFile(
      env.KEYTURN_CONFIG as string,
      plain
        .replace(
          /(colour: green\n)/,
          `$1    systems:\n      - { id: acme-auto, type: webhook, url: "http://127.0.0.1:${port}/", secret: vault }\n`,
        )
        .replace(/( {6}- \{ id: front-desk)/, `${groups}$1`)
        .replace('name: Tess Tran,   tier: L2', 'name: Tess Tran,   tier: L2, logins: { acme-auto: tess }'),
    );
    const first = await keyturn.start({ env });
    await keyturn.keyturn(['secret', 'set', 'acme/acme-auto', '--as', 'lena@northwind.example'], {
      env,
      input: KEY,
    });
    await keyturn.fillVault();
    await keyturn.person('Tess').hears('help');
    await first.running.kill('SIGKILL');
    await fill();
  }, 180_000);
  afterAll(async () => {
    await keyturn.close();
    automation.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** History is written here, not lived: its guards are off meanwhile. */
  async function fill(): Promise<void> {
    const place = `'acme', 'g' || n % ${ACCOUNTS}`;
    const id = `lpad(n::text, 6, '0')`;
    const login = `'user' || n`;
    for (const table of ['requests', 'grants'])
      await keyturn.rows(`alter table keyturn.${table} disable trigger all`);
    await keyturn.rows(
      `insert into keyturn.requests (id, client, account, requester, seconds, reason, delivery, policy, policy_version, state, version, asked_at, decide_by, ended_at, kind)
       select 'R-' || ${id}, ${place}, p.id, 3600, 'before the outage', 'elevate', 'helpdesk', 1, 'approved', 2,
         keyturn.now() - interval '2 hours', keyturn.now(), keyturn.now() - interval '2 hours', 'ask'
       from generate_series(0, ${GRANTS - 1}) n, keyturn.people p where p.email = 'tess@northwind.example'`,
    );
    await keyturn.rows(
      `insert into keyturn.grants (id, request, client, account, holder, delivery, seconds, exclusive, state, version, active_at, ends_at, target, made)
       select 'G-' || ${id}, 'R-' || ${id}, ${place}, p.id, 'elevate', 3600, false, 'active', 2,
         keyturn.now() - interval '2 hours', keyturn.now() - interval '1 hour',
         jsonb_build_object('kind', 'elevation', 'system', 'acme-auto', 'group', 'g' || n % ${ACCOUNTS}, 'login', ${login}, 'as', 'own'),
         jsonb_build_object('sealed', null, 'until', keyturn.now(), 'readBack', null, 'trouble', null)
       from generate_series(0, ${GRANTS - 1}) n, keyturn.people p where p.email = 'tess@northwind.example'`,
    );
    for (const table of ['requests', 'grants'])
      await keyturn.rows(`alter table keyturn.${table} enable trigger all`);
    for (let n = 0; n < GRANTS; n++) members.add(`user${n} g${n % ACCOUNTS}`);
  }

  const left = async () =>
    (
      await keyturn.rows<{ n: number }>(
        `select count(*)::int as n from keyturn.grants g left join keyturn.revocations v on v."grant" = g.id
         where g.target is not null and coalesce(v.state, 'due') <> 'done'`,
      )
    )[0]?.n ?? 0;

  test('it is ready while almost all of it is still to be done, people are answered meanwhile, and a few groups at a time lose their members', async () => {
    await keyturn.start({ env });
    expect(await left()).toBeGreaterThan(GRANTS / 2);
    for (const [name, account] of Object.entries({
      Tess: 'printer',
      Luis: 'camera',
      Maya: 'alarm',
      Sana: 'phones',
    }))
      expect(await keyturn.person(name).hears(`acme/${account} 30m routine work`)).toContain('is yours');
    expect(await left()).toBeGreaterThan(0);
    // The benchmark waits for all of it.
    await vi.waitFor(async () => expect(await left()).toBeLessThan(GRANTS - SEEN), {
      timeout: 240_000,
      interval: 1000,
    });
    expect(members.size).toBeLessThan(GRANTS - SEEN);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(AT_ONCE);
  }, 300_000);
});
