import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { authApi, startDuo, webSdk } from '../mfa/support.js';
import { type Deployment, openDeployment } from '../support/deployment.js';
import { CONFIG, leaks } from '../support/world.js';

/** The host is Duo's own: where a played Duo stands is the environment's to say. */
const DUO = `mfa:
  order: [duo_push, duo_universal, totp]
  duo_push: { host: api-keyturn1.duosecurity.com, integration_key: "\${DUO_IKEY}", secret_key: "\${DUO_SKEY}" }
  duo_universal: { host: api-keyturn1.duosecurity.com, client_id: "\${DUO_CLIENT_ID}", client_secret: "\${DUO_CLIENT_SECRET}" }`;

describe('doctor, of an operator with Duo', () => {
  let keyturn: Deployment;
  let folder: string;
  beforeAll(async () => {
    keyturn = await openDeployment();
    folder = await mkdtemp(join(tmpdir(), 'keyturn-'));
    expect(await keyturn.keyturn(['migrate'])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await keyturn.close();
    await rm(folder, { recursive: true });
  });

  async function fileWith(mfa: string): Promise<string> {
    const text = await readFile(CONFIG, 'utf8');
    expect(text).not.toMatch(/^mfa:/m);
    const path = join(folder, 'keyturn.yaml');
    await writeFile(path, `${text}\n${mfa}\n`);
    return path;
  }

  /** The lines that doctor prints about second factors, beside this Duo; whatever is to do, it exits 1. */
  async function doctor(duo: FakeDuo, bent: Readonly<Record<string, string | null>> = {}): Promise<string[]> {
    const env = {
      KEYTURN_CONFIG: await fileWith(DUO),
      DUO_IKEY: authApi.integrationKey,
      DUO_SKEY: authApi.secretKey,
      DUO_CLIENT_ID: webSdk.clientId,
      DUO_CLIENT_SECRET: webSdk.clientSecret,
      DUO_API_URL: duo.url,
      DUO_CA: duo.ca,
      ...bent,
    };
    const { code, stdout, stderr } = await keyturn.keyturn(['doctor'], { env });
    expect(stderr).toBe('');
    expect(code).toBe(1);
    return stdout.split('\n').filter((line) => line.includes('Duo'));
  }

  test('all is well where Duo answers, accepts the keys and has the same time', async () => {
    const duo = await startDuo();
    expect(await doctor(duo)).toEqual([
      `ok  Duo answers at ${duo.host}`,
      "ok  this machine's clock agrees with Duo's",
      'ok  Duo accepts the keys of mfa.duo_push',
      'ok  Duo accepts the keys of mfa.duo_universal',
    ]);
  });

  test('a wrong secret key is named with where to copy it from, and never printed', async () => {
    const duo = await startDuo();
    expect(await doctor(duo, { DUO_SKEY: 'wrong-secret-key-of-the-auth-api-0000001' })).toEqual([
      `ok  Duo answers at ${duo.host}`,
      "ok  this machine's clock agrees with Duo's",
      "DO  Duo doesn't accept the keys of mfa.duo_push: copy integration key and secret key anew from the Auth API application in Duo's admin panel (40103 Invalid signature in request credentials)",
      'ok  Duo accepts the keys of mfa.duo_universal',
    ]);
    expect(leaks(keyturn.printed.join('\n'), 'wrong-secret-key')).toEqual([]);
  });

  test('a port where nobody listens is out of reach, with what to check', async () => {
    const lines = await doctor(await startDuo(), { DUO_API_URL: 'https://localhost:1' });
    const unreachable = (entry: string) =>
      expect.stringMatching(
        `^DO  Duo can't be reached at localhost:1: check the host of mfa.${entry}, let HTTPS to it pass the firewall, and look at status.duo.com \\(ECONNREFUSED`,
      );
    expect(lines).toEqual([unreachable('duo_push'), unreachable('duo_universal')]);
  });

  test('a server under another authority than Duo’s is not trusted, and gets no call', async () => {
    const duo = await startDuo();
    const untrusted = (entry: string) =>
      expect.stringMatching(
        `^DO  what answers at ${duo.host} has a certificate that isn't Duo's: check the host of mfa.${entry}, and have proxies that open TLS let it pass unopened \\(`,
      );
    expect(await doctor(duo, { DUO_CA: null })).toEqual([untrusted('duo_push'), untrusted('duo_universal')]);
    expect(duo.calls).toEqual([]);
  });

  test('a clock three minutes from Duo’s is said while the keys are still accepted', async () => {
    const duo = await startDuo({ clock: () => Date.now() + 180_000 });
    expect(await doctor(duo)).toEqual([
      `ok  Duo answers at ${duo.host}`,
      expect.stringMatching(
        /^DO {2}this machine's clock is 1(7\d|80) seconds behind Duo's, and from five minutes on Duo refuses every call: have it follow NTP$/,
      ),
      'ok  Duo accepts the keys of mfa.duo_push',
      'ok  Duo accepts the keys of mfa.duo_universal',
    ]);
  });

  test('a clock ten minutes from Duo’s is the fault, and not the keys', async () => {
    const duo = await startDuo({ clock: () => Date.now() + 600_000 });
    const [answers, clock, ...others] = await doctor(duo);
    expect(answers).toBe(`ok  Duo answers at ${duo.host}`);
    expect(clock).toMatch(
      /^DO {2}this machine's clock is (59\d|600) seconds behind Duo's, so Duo refuses every call, whatever its keys: have it follow NTP$/,
    );
    // The Universal Prompt's refusal names no reason, so this sentence names both.
    expect(others).toEqual([
      expect.stringContaining("if they are right, have this machine's clock follow NTP (Duo answers 400)"),
    ]);
  });

  test('no second factor at all is said, with what approvals rest on', async () => {
    const { stdout } = await keyturn.keyturn(['doctor', '--config', await fileWith('')]);
    expect(stdout).toContain(
      'ok  no second factor is configured, as no policy asks for one: approvals rest on chat alone. For better, add mfa: { order: [totp] } at the top of keyturn.yaml and take mfa: false out of its policies',
    );
  });

  test('DUO_CA without leave to use test endpoints stops doctor before anything is asked', async () => {
    const duo = await startDuo();
    const env = { KEYTURN_ALLOW_TEST_ENDPOINTS: null, SLACK_API_URL: null, DUO_CA: duo.ca };
    expect(await keyturn.keyturn(['doctor'], { env })).toMatchObject({
      code: 1,
      stderr:
        'DUO_CA is set, and whoever has the key of that authority could answer as Duo. Unset it. In tests, set KEYTURN_ALLOW_TEST_ENDPOINTS=1.',
    });
  });
});
