/** Whatever dies, and whenever: the vault knows the password that is in force at the target, and what has ended is taken back. */

import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TryLater } from '../../src/chat/chat.js';
import { Secret } from '../../src/config/secret.js';
import { type Connector, type Elevation, TargetError } from '../../src/connectors/connector.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import type { Store } from '../../src/core/ports.js';
import { targetJobs } from '../../src/jobs/targets.js';
import { shiftClock } from '../../src/store/deployment.js';
import { CAST } from '../fixtures/cast.js';
import { type House, OFFERS, openHouse } from '../support/house.js';

const lent = {
  ...{ client: 'acme', kind: 'password', system: 'acme-box', mayRequest: ['L1', 'L2', 'L3', 'leads'] },
  ...{ policy: 'free', exclusive: true, totp: false, settings: {} },
} as const;

const DIRECTORY: DeclaredDirectory = {
  ...CAST,
  people: CAST.people.map((one) =>
    one.name === 'Tess Tran' ? { ...one, logins: { 'acme-box': 'tess.adm' } } : one,
  ),
  systems: [{ client: 'acme', id: 'acme-box', type: 'webhook', settings: {} }],
  accounts: [
    ...CAST.accounts,
    {
      ...lent,
      ...{ id: 'box', name: 'Box', username: 'root', deliver: ['reveal'], rotate: { afterUse: true } },
    },
    { ...lent, id: 'wheel', name: 'Wheel', deliver: ['elevate'], elevate: { group: 'wheel', as: 'own' } },
    { ...lent, id: 'guest', name: 'Guest', deliver: ['elevate'], elevate: { group: 'wheel', as: 'jit' } },
  ],
};

/** A process dies here. */
class Killed extends Error {}

/** The target, and the one who works on it and may be killed, or cut off, before or after anything it does. */
class World {
  password = 'first';
  readonly members = new Set<string>();
  readonly logins = new Map<string, string>();
  /** Steps until the next death; none where it is 0. */
  fuse = 0;
  /** What it dies of. */
  how: 'killed' | 'cut' = 'killed';
  readonly wrong: string[] = [];

  constructor(readonly house: House) {}

  #tick(where: 'target' | 'database'): void {
    if (this.fuse === 0) return;
    this.fuse -= 1;
    if (this.fuse > 0) return;
    throw this.how === 'killed' || where === 'database'
      ? new Killed()
      : new TargetError('unreachable', 'The box does not answer.');
  }

  /** Something at the target: the line may break before it, or after it and before the answer. */
  async #effect<T>(act: () => T): Promise<T> {
    this.#tick('target');
    const result = act();
    await this.#passwordIsKnown();
    this.#tick('target');
    return result;
  }

  async #passwordIsKnown(): Promise<void> {
    const known = await this.house.database.run<{ sealed: string }>(
      {
        name: '',
        text: `select sealed from keyturn.secrets where account = 'box' union select sealed from keyturn.rotations
          where account = 'box' and sealed is not null`,
      },
      [],
    );
    if (!known.some(({ sealed }) => sealed === this.password)) this.wrong.push(this.password);
  }

  readonly connector: Connector = {
    verify: (_login, secret) =>
      this.#effect(() => (secret.reveal() === this.password ? ('works' as const) : ('refused' as const))),
    rotate: async (_login, to) => {
      await this.#effect(() => {
        this.password = to.reveal();
      });
      return { changed: true };
    },
    elevate: async (what: Elevation, _until, secret) => {
      if (what.as === 'jit') await this.#effect(() => this.logins.set(what.login, secret?.reveal() ?? ''));
      await this.#effect(() => this.members.add(what.login));
      return { member: true };
    },
    withdraw: async (what: Elevation) => {
      await this.#effect(() => this.members.delete(what.login));
      if (what.as === 'jit') await this.#effect(() => this.logins.delete(what.login));
      return { member: false };
    },
    close: async () => undefined,
  };

  /** One process that works until it is done, killed or told to wait. */
  async work(account: string): Promise<boolean> {
    const { ports } = this.house;
    const store: Store = {
      ...ports.store,
      commit: async (change) => {
        this.#tick('database');
        const outcome = await ports.store.commit(change);
        this.#tick('database');
        return outcome;
      },
    };
    const plain = (_place: unknown, sealed: string) => Promise.resolve(new Secret(sealed));
    const { target } = targetJobs({
      ports: Object.assign(Object.create(ports), { store }),
      connect: async () => this.connector,
      log: pino({ level: 'silent' }),
      vault: {
        openSecret: async (client, name, version) => {
          const text =
            'select sealed from keyturn.secrets where client = $1 and account = $2 and version = $3';
          const [row] = await this.house.database.run<{ sealed: string }>({ name: '', text }, [
            client,
            name,
            version,
          ]);
          return new Secret(row?.sealed ?? '');
        },
        sealSecret: async (secret) => secret.reveal(),
        openPrepared: plain,
        sealLogin: async (_client, _login, secret) => secret.reveal(),
        openLogin: async (_client, _login, sealed) => new Secret(sealed),
      },
    });
    try {
      await target(`acme/${account}`);
      return true;
    } catch (error) {
      if (error instanceof Killed || error instanceof TryLater) return false;
      throw error;
    }
  }

  async works(account: string): Promise<void> {
    this.fuse = 0;
    for (let n = 0; n < 20 && !(await this.work(account)); n++) await shiftClock(this.house.database, 1);
  }
}

const death = fc.record({ after: fc.integer({ min: 1, max: 14 }), how: fc.constantFrom('killed', 'cut') });

describe('what is done at a target, and processes that die over it', () => {
  let house: House;
  let world: World;
  beforeAll(async () => {
    house = await openHouse('embedded', DIRECTORY, { ...OFFERS, deliveries: ['reveal', 'elevate'] });
    world = new World(house);
    world.password = 'sealed';
  }, 60_000);
  afterAll(() => house.close());

  const rows = <Row>(text: string, values: unknown[] = []) =>
    house.database.run<Row>({ name: '', text }, values);

  async function takes(account: string): Promise<string> {
    // What a failed run has left is no part of the next one.
    for (const { id } of await rows<{ id: string }>(`select id from keyturn.grants where state <> 'ended'`))
      await ends(id);
    await world.works(account);
    const [client, id] = ['acme', account];
    const outcome = await house.act('Tess', {
      ...{ verb: 'ask', client, account: id, seconds: 3600, reason: 'routine work', ticket: null },
    });
    if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
    return `G${outcome.done.slice(1)}`;
  }

  /** They were shown the newest version. */
  async function sees(grant: string): Promise<void> {
    await rows(
      `insert into keyturn.exposures (id, "grant", client, account, person, secret_version, at)
       select 'E-' || g.id, g.id, g.client, g.account, g.holder, (select max(version) from keyturn.secrets s
         where s.client = g.client and s.account = g.account), keyturn.now() from keyturn.grants g where g.id = $1`,
      [grant],
    );
  }

  const ends = async (grant: string) => {
    expect(await house.act('Tess', { verb: 'return', id: grant })).toHaveProperty('done');
  };

  const stateOf = async (grant: string) =>
    (
      await rows<{ state: string; ended: string }>(
        `select v.state, g.state as ended from keyturn.grants g left join keyturn.revocations v on v."grant" = g.id where g.id = $1`,
        [grant],
      )
    )[0];

  test('at every instant the password in force is one that the vault can produce, and in the end it is a new one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(death, { maxLength: 4 }), fc.boolean(), async (deaths, byHand) => {
        const before = world.password;
        const grant = await takes('box');
        await sees(grant);
        await ends(grant);
        for (const [n, { after, how }] of deaths.entries()) {
          Object.assign(world, { fuse: after, how });
          await world.work('box');
          // A lead is quicker than Keyturn, at the target and in the vault.
          if (byHand && n === 1 && (await stateOf(grant))?.state !== 'done') {
            world.fuse = 0;
            const facts = await house.ports.store.accountFacts('acme', 'box');
            const version = (facts.secret?.version ?? 0) + 1;
            const password = `by hand ${version}`;
            world.password = password;
            const sealed = {
              client: 'acme',
              account: 'box',
              version,
              sealed: password,
              by: null,
              at: facts.now,
            };
            expect(await house.act('Lena', { verb: 'set-secret', sealed })).toHaveProperty('done');
          }
        }
        await world.works('box');
        expect(world.wrong).toEqual([]);
        expect(await stateOf(grant)).toEqual({ state: 'done', ended: 'ended' });
        expect(world.password).not.toBe(before);
        const [newest] = await rows<{ sealed: string }>(
          `select sealed from keyturn.secrets where account = 'box' order by version desc limit 1`,
        );
        expect(newest?.sealed).toBe(world.password);
      }),
      { numRuns: 60 },
    );
  }, 240_000);

  test.each(['wheel', 'guest'])(
    'a grant that ends at any moment of being set up leaves nothing at the target (%s)',
    async (account) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(death, { maxLength: 3 }),
          fc.nat(3),
          fc.boolean(),
          async (deaths, at, done) => {
            const grant = await takes(account);
            if (done) await world.works(account);
            for (const [n, { after, how }] of deaths.entries()) {
              if (n === at) await ends(grant);
              Object.assign(world, { fuse: after, how });
              await world.work(account);
            }
            world.fuse = 0;
            if (at >= deaths.length) await ends(grant);
            expect((await stateOf(grant))?.ended).toBe('ended');
            await world.works(account);
            expect(await stateOf(grant)).toEqual({ state: 'done', ended: 'ended' });
            expect([...world.members]).toEqual([]);
            expect([...world.logins.keys()]).toEqual([]);
          },
        ),
        { numRuns: 40 },
      );
    },
    240_000,
  );

  test('a grant that can’t be set up within an hour is given up, and what may stand there is taken back', async () => {
    const grant = await takes('wheel');
    Object.assign(world, { fuse: 1, how: 'cut' });
    expect(await world.work('wheel')).toBe(false);
    await shiftClock(house.database, 3601);
    await world.works('wheel');
    expect(await stateOf(grant)).toEqual({ state: 'done', ended: 'ended' });
    const [row] = await rows<{ reason: string }>(
      `select end_reason as reason from keyturn.grants where id = $1`,
      [grant],
    );
    expect(row?.reason).toBe('It could not be set up at the target within an hour.');
  });
});
