/** How a domain is reached: encrypted, by whoever can show that it is the domain, or not at all. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import { makeCertificate } from '../../support/samba-tls.js';
import { inTemporaryFolder } from '../../support/temporary.js';
import { troubleOf } from '../../support/trouble.js';
import { type Corp, HASTY_MS, OWN_PASSWORD, openCorp } from './world.js';

const PASSWORD = new Secret('A-person-s-7-password');

describe('a domain is reached', () => {
  let corp: Corp;
  beforeAll(async () => {
    corp = await openCorp();
    await corp.directory.makeUser('tess', PASSWORD.reveal());
  }, 120_000);
  afterAll(() => corp?.close());

  const startTls = (more: Readonly<Record<string, unknown>> = {}) => ({
    url: `ldap://${corp.plainLine.host}:${corp.plainLine.port}`,
    start_tls: true,
    ...more,
  });
  const otherAuthority = () =>
    inTemporaryFolder(async (folder) => (await makeCertificate(folder, '127.0.0.1')).ca);
  const trouble = (call: Promise<unknown>) => troubleOf(call, [OWN_PASSWORD, PASSWORD.reveal()]);

  test('by LDAPS, and by StartTLS', async () => {
    expect(await corp.open().verify('tess', PASSWORD)).toBe('works');
    const connector = corp.open(startTls());
    expect(await connector.verify('tess', PASSWORD)).toBe('works');
    const to = await connector.newPassword?.('tess');
    if (!to) throw new Error('no password was drawn');
    expect(await connector.rotate('tess', to, PASSWORD)).toMatchObject({ login: 'tess', signsIn: true });
    expect(await corp.directory.signIn('tess', to.reveal())).toBe('works');
    await connector.rotate('tess', PASSWORD, to);
  });

  test('never where another authority signed its certificate', async () => {
    const ca = await otherAuthority();
    expect(await trouble(corp.open({ ca }).verify('tess', PASSWORD))).toBe('untrusted');
    expect(await trouble(corp.open(startTls({ ca })).verify('tess', PASSWORD))).toBe('untrusted');
  });

  test('never where only the machine’s own authorities are trusted, and they don’t know it', async () => {
    expect(await trouble(corp.open({ ca: undefined }).verify('tess', PASSWORD))).toBe('untrusted');
  });

  test('never by a name that its certificate doesn’t have', async () => {
    const url = `ldaps://localhost:${corp.line.port}`;
    expect(await trouble(corp.open({ url }).verify('tess', PASSWORD))).toBe('untrusted');
    const plain = `ldap://localhost:${corp.plainLine.port}`;
    expect(await trouble(corp.open(startTls({ url: plain })).verify('tess', PASSWORD))).toBe('untrusted');
  });

  test('never by LDAPS where what answers speaks no TLS', async () => {
    const url = `ldaps://${corp.plainLine.host}:${corp.plainLine.port}`;
    expect(['untrusted', 'unreachable']).toContain(
      await trouble(corp.open({ url }).verify('tess', PASSWORD)),
    );
  });

  test('never in the clear', () => {
    const { url } = startTls();
    expect(() => corp.open({ url })).toThrow(expect.objectContaining({ trouble: 'untrusted' }));
    expect(() => corp.open({ url, start_tls: false })).toThrow(/in the clear/);
    expect(() => corp.open({ url: 'http://127.0.0.1' })).toThrow(/in the clear/);
  });

  test('not while Keyturn has no password for it, or a blank one, which a domain would let in as nobody', async () => {
    expect(await trouble(corp.open({}, null).verify('tess', PASSWORD))).toBe('not-allowed');
    expect(await trouble(corp.open({}, '').verify('tess', PASSWORD))).toBe('not-allowed');
  });

  test.each(['drops', 'silent'] as const)('in time or not at all, by StartTLS too (%s)', async (how) => {
    const connector = corp.open(startTls(), OWN_PASSWORD, HASTY_MS);
    corp.plainLine.takeDown(how);
    try {
      expect(await trouble(connector.verify('tess', PASSWORD))).toBe('unreachable');
    } finally {
      corp.plainLine.bringUp();
    }
  });

  test('by StartTLS cut off anywhere, it is unreachable and then reachable again', async () => {
    const connector = corp.open(startTls());
    let cuts = 0;
    for (let n = 1; ; n += 1) {
      corp.plainLine.cutAt(n);
      const asked = await connector
        .verify('tess', PASSWORD)
        .catch((error: unknown) => trouble(Promise.reject(error)));
      if (!corp.plainLine.mend()) {
        expect(asked).toBe('works');
        break;
      }
      cuts += 1;
      expect(['unreachable', 'works']).toContain(asked);
      expect(await connector.verify('tess', PASSWORD)).toBe('works');
    }
    expect(cuts).toBeGreaterThan(8);
  });

  test('no more once the connector is closed, and what is under way then ends', async () => {
    const connector = corp.open();
    corp.line.takeDown('silent');
    try {
      const asked = trouble(connector.verify('tess', PASSWORD));
      const since = performance.now();
      await connector.close();
      expect(await asked).toBe('unreachable');
      expect(performance.now() - since).toBeLessThan(1_000);
    } finally {
      corp.line.bringUp();
    }
    await expect(connector.verify('tess', PASSWORD)).rejects.toThrow(/closed/);
  });
});
