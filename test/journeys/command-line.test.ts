import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimDatabase } from '../../src/store/deployment.js';
import { openServer } from '../../src/store/driver.js';
import { migrate } from '../../src/store/migrate.js';
import { type Deployment, openDeployment } from '../support/deployment.js';
import { createDatabase } from '../support/postgres.js';
import { freePort } from '../support/postgres-server.js';
import { CONFIG, MASTER_KEY, passwordOf } from '../support/world.js';

const LEAD = ['--as', 'lena@northwind.example'];

describe('the command line', () => {
  let keyturn: Deployment;
  let folder: string;
  let text: string;
  beforeAll(async () => {
    keyturn = await openDeployment();
    folder = await mkdtemp(join(tmpdir(), 'keyturn-'));
    text = await readFile(CONFIG, 'utf8');
  }, 60_000);
  afterAll(async () => {
    await keyturn.close();
    await rm(folder, { recursive: true });
  });

  async function file(name: string, ...changes: (readonly [string, string])[]): Promise<string> {
    const changed = changes.reduce((all, [from, to]) => {
      if (!all.includes(from)) throw new Error(`the file has no ${from}`);
      return all.replace(from, to);
    }, text);
    const path = join(folder, name);
    await writeFile(path, changed);
    return path;
  }

  test('check names every fault of a broken file at once, with its line and what to write instead', async () => {
    const path = await file(
      'broken.yaml',
      ['timezone: UTC', 'timezone: Mars/Olympus'],
      ['name: Luis Ortega, tier: L1', 'name: Luis Ortega, tier: L9'],
      ['{ from: security, need: 1 }', '{ from: securty, need: 1 }'],
      ['colour: green', 'colour: grean'],
      ['policy: helpdesk }', 'policy: helpdsk }'],
      ['engagement: co-managed', 'engagment: co-managed'],
    );
    const { code, stdout, stderr } = await keyturn.keyturn(['check', '--config', path]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    const faults = stderr.split('\n');
    expect(faults.length).toBeGreaterThanOrEqual(6);
    for (const fault of faults) expect.soft(fault).toMatch(/broken\.yaml:\d+:\d+ {2}\S+: .+\. \S.+\S$/);
    for (const [at, remedy] of [
      [':4:13  operator.timezone', 'Write an IANA name'],
      ['people[luis@northwind.example].tier', 'Did you mean "L1"?'],
      ['policies.two-person.approvals[1].from', 'Did you mean "security"?'],
      ['clients[acme].colour', 'Did you mean "green"?'],
      ['clients[acme].accounts[printer].policy', 'Did you mean "helpdesk"?'],
      ['clients[delta].engagment', 'Did you mean "engagement"?'],
    ] as const)
      expect.soft(faults.find((fault) => fault.includes(at))).toContain(remedy);
    const start = await keyturn.keyturn(['start'], { env: { KEYTURN_CONFIG: path } });
    expect(start).toMatchObject({ code: 1, stderr });
  });

  test('check of a sound file says so, and what can’t be lent', async () => {
    expect(await keyturn.keyturn(['check'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Sound: 9 people, 3 clients/),
    });
    const workspace = /^ +- \{ of: delta, team: .+\n/m.exec(text)?.[0] ?? 'a workspace of Delta';
    const path = await file('unlendable.yaml', [workspace, '']);
    expect((await keyturn.keyturn(['check', '--config', path])).stdout).toContain(
      "delta/registrar: Delta Resale's own people have to approve, and they have no chat that this version speaks",
    );
  });

  test('start without a configuration, a key or an address refuses, naming each', async () => {
    const bare = await keyturn.keyturn(['start'], {
      env: { KEYTURN_CONFIG: null, KEYTURN_MASTER_KEY: null, PUBLIC_URL: null },
    });
    expect(bare.code).toBe(1);
    for (const name of ['KEYTURN_MASTER_KEY', 'PUBLIC_URL'])
      expect(bare.stderr).toContain(`${name} is not set`);
    expect(await keyturn.keyturn(['start'], { env: { KEYTURN_CONFIG: null } })).toMatchObject({
      code: 1,
      stderr: 'KEYTURN_CONFIG is not set. Point it at keyturn.yaml, or name the file with --config.',
    });
    const key = await keyturn.keyturn(['start'], { env: { KEYTURN_MASTER_KEY: 'AAAA' } });
    expect(key).toMatchObject({ code: 1 });
    expect(key.stderr).toContain('KEYTURN_MASTER_KEY');
    const slack = await keyturn.keyturn(['start'], { env: { SLACK_SIGNING_SECRET: '' } });
    expect(slack).toMatchObject({ code: 1 });
    expect(slack.stderr).toContain('SLACK_SIGNING_SECRET');
    const faked = await keyturn.keyturn(['start'], { env: { KEYTURN_ALLOW_TEST_ENDPOINTS: null } });
    expect(faked).toMatchObject({ code: 1 });
    expect(faked.stderr).toContain('SLACK_API_URL');
  });

  test('a verb that isn’t there, or is half written, is answered with how to write it', async () => {
    expect(await keyturn.keyturn(['begin'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^There is no verb "begin"\./),
    });
    expect(await keyturn.keyturn(['secret', 'set', 'acme'])).toMatchObject({ code: 2 });
    expect(await keyturn.keyturn(['help'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/audit verify/),
    });
  });

  test('plan says what the first apply would do; apply does it; doing it again changes nothing', async () => {
    expect(await keyturn.keyturn(['migrate'])).toMatchObject({ code: 0 });
    const plan = await keyturn.keyturn(['plan']);
    expect(plan).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nothing is applied yet: this would be the first version\./),
    });
    expect(await keyturn.rows('select 1 from keyturn.configurations')).toEqual([]);
    expect(await keyturn.keyturn(['apply'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Applied as version 1\./),
    });
    expect(await keyturn.keyturn(['apply', ...LEAD])).toMatchObject({
      code: 0,
      stdout: 'Version 1 is this file already. Nothing was changed.',
    });
  });

  test('a changed file waits for apply, start says so, and only a lead applies it', async () => {
    const path = await file(
      'changed.yaml',
      ['name: Luis Ortega, tier: L1', 'name: Luis Ortega, tier: L2'],
      ['{ from: security, need: 1 }', '{ from: security, need: 2 }'],
    );
    const env = { KEYTURN_CONFIG: path };
    const { stdout } = await keyturn.keyturn(['plan'], { env });
    expect(stdout).toContain('~ person luis@northwind.example: is L1 → L2   (loosens)');
    expect(stdout).toContain('2 changes, 1 makes access easier.');
    const replica = await keyturn.start({ env });
    expect(replica.running.stdout).toContain('keyturn.yaml has changed since it was applied');
    expect(await keyturn.rows('select version from keyturn.configurations')).toEqual([{ version: 1 }]);
    await replica.running.stop();
    expect(await keyturn.keyturn(['apply'], { env })).toMatchObject({ code: 2 });
    expect(await keyturn.keyturn(['apply', '--as', 'tess@northwind.example'], { env })).toMatchObject({
      code: 1,
      stderr: 'Tess Tran is not a lead, and only leads can do that.',
    });
    const proposed = await keyturn.keyturn(['apply', ...LEAD], { env });
    expect(proposed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Not applied yet: it makes access easier.+\(V-[0-9A-Z]{6}\)\./),
    });
    expect(proposed.stdout).toMatch(/--as: omar@northwind\.example\.$/);
    expect(await keyturn.keyturn(['apply', '--as', 'omar@northwind.example'], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Applied as version 2\.$/),
    });
    const applied = await keyturn.rows(
      `select data->>'loosens' as loosens, data->>'proof' as proof from keyturn.audit_events
       where action = 'directory.applied' order by seq`,
    );
    // No factor is configured here: the names are on record, and nothing proves them.
    expect(applied.at(-1)).toEqual({ loosens: 'true', proof: null });
  });

  test('doctor says what is to do, and exits 1', async () => {
    const lost = await keyturn.keyturn(['doctor']);
    expect(lost.code).toBe(1);
    expect(lost.stdout).toContain(
      'DO  acme/router has no password in custody: keyturn secret set acme/router --as <a lead>',
    );
    expect(lost.stdout).toContain('start Keyturn, and let PUBLIC_URL lead to its PORT');
    expect(lost.stdout).toContain('Tess Tran (tess@northwind.example) is linked to no chat yet');
  });

  test('key rotate wraps the data keys anew: afterwards the new key alone opens them', async () => {
    const set = ['secret', 'set', 'acme/printer', ...LEAD];
    expect(await keyturn.keyturn(set, { input: passwordOf('acme', 'printer') })).toMatchObject({ code: 0 });
    const fresh = randomBytes(32).toString('base64');
    const rotating = { KEYTURN_MASTER_KEY: fresh, KEYTURN_MASTER_KEYS_OLD: MASTER_KEY };
    const alone = { KEYTURN_MASTER_KEY: fresh };
    expect(await keyturn.keyturn(['key', 'rotate'], { env: rotating })).toMatchObject({ code: 2 });
    const sealed = await keyturn.rows('select sealed from keyturn.secrets');
    const rotated = await keyturn.keyturn(['key', 'rotate', ...LEAD], { env: rotating });
    expect(rotated).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 data keys were wrapped anew, 0 had the present master key already\./),
    });
    expect(await keyturn.rows('select sealed from keyturn.secrets')).toEqual(sealed);
    const old = await keyturn.keyturn(['doctor']);
    expect(old.stdout).toContain('KEYTURN_MASTER_KEYS_OLD');

    await keyturn.start({ env: alone });
    const tess = keyturn.person('Tess');
    await tess.types('acme/printer 30m toner');
    await tess.receives('Yours until', 'Printer panel');
    expect(await tess.reveals('Printer panel')).toBe(passwordOf('acme', 'printer'));
    const doctor = await keyturn.keyturn(['doctor'], { env: alone });
    expect(doctor.stdout).toContain('ok  the master key opens every data key (1)');
    expect(doctor.stdout).toContain('leads here');
    expect(doctor.stdout).not.toContain('Tess Tran (');
  });

  test('audit verify finds every chain whole; after tampering it names the event and exits 1', async () => {
    const whole = await keyturn.keyturn(['audit', 'verify']);
    expect(whole).toMatchObject({ code: 0, stdout: expect.stringMatching(/All \d chains are whole\./) });
    expect(whole.stdout).toMatch(/^acme: whole, \d+ events, head [0-9a-f]{64}$/m);
    const tamper = (sql: string) => keyturn.rows(sql);
    await expect(tamper(`update keyturn.audit_events set data = '{}'`)).rejects.toThrow('history');
    await tamper('alter table keyturn.audit_events disable trigger append_only');
    await tamper(
      `update keyturn.audit_events set data = data || '{"minutes": 5}' where chain = 'acme' and action = 'request.asked'`,
    );
    await tamper('alter table keyturn.audit_events enable always trigger append_only');
    const broken = await keyturn.keyturn(['audit', 'verify']);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/^acme: BROKEN at event \d+: its content was changed$/m);
    expect(broken.stdout).toMatch(/1 of \d chains are broken\./);
    expect((await keyturn.keyturn(['doctor'])).stdout).toContain('audit chains are broken (acme)');
  });

  test('local mode’s database and the one in earnest never meet', async () => {
    const local = await createDatabase({ migrated: false });
    await migrate(local.url);
    const database = openServer(local.url, () => undefined);
    await claimDatabase(database, 'local');
    await database.close();
    const start = await keyturn.keyturn(['start'], { env: { DATABASE_URL: local.url } });
    expect(start).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/This database belongs to local mode/),
    });
    await expect(claimDatabase(keyturn.database, 'local')).rejects.toThrow(
      'This database is in earnest use; local mode never opens it.',
    );
    await local.drop();
  });

  test('a clock that a test has shifted stops an earnest start', async () => {
    await keyturn.wait(60);
    const env = { KEYTURN_ALLOW_TEST_ENDPOINTS: null, SLACK_API_URL: null };
    expect(await keyturn.keyturn(['start'], { env })).toMatchObject({
      code: 1,
      stderr: 'This database’s clock has been shifted by a test. Use another, or set the shift to zero.',
    });
    await keyturn.wait(-60);
  });

  test('a start that finds its port taken ends, and leaves nothing half alive', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const taken = String((server.address() as AddressInfo).port);
    const free = String(await freePort());
    const env = { PORT: free, ADMIN_PORT: taken };
    const { code, stderr } = await keyturn.keyturn(['start'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(`address already in use 127.0.0.1:${taken}`);
    server.close();
  });
});
