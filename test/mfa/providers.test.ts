/** From settings to the factors that can be asked, in front of a Duo over real HTTPS. */

import { describe, expect, it, vi } from 'vitest';
import type { MfaSettings } from '../../src/config/config.js';
import { Secret } from '../../src/config/secret.js';
import { type DuoEndpoints, openProviders, type Providers } from '../../src/mfa/providers.js';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { authApi, closeLater, redirected, startDuo, webSdk } from './support.js';

const publicUrl = 'https://keyturn.northwind.example';

const settings = (host = 'api-keyturn1.duosecurity.com') => ({
  order: ['duo_push', 'totp', 'duo_universal'] as const,
  duoPush: {
    host,
    integrationKey: authApi.integrationKey,
    secretKey: new Secret(authApi.secretKey),
    verified: 'required' as const,
  },
  duoUniversal: { host, clientId: webSdk.clientId, clientSecret: new Secret(webSdk.clientSecret) },
});

const played = (duo: FakeDuo): DuoEndpoints => ({ duoApiUrl: duo.url, duoCa: duo.ca });

async function open(mfa: MfaSettings | null, endpoints: DuoEndpoints = {}): Promise<Providers> {
  return closeLater(await openProviders(mfa, publicUrl, endpoints));
}

describe('the factors', () => {
  it('are none where none is configured', async () => {
    expect(await open(null)).toMatchObject({ order: [], push: null, universal: null });
  });

  it('are in the order of the settings, and those of Duo only where they have settings', async () => {
    const { duoPush, order } = settings();
    expect(await open(settings())).toMatchObject({ order, push: {}, universal: {} });
    expect(await open({ order: ['totp', 'duo_push'], duoPush })).toMatchObject({
      order: ['totp', 'duo_push'],
      push: { method: 'duo_push' },
      universal: null,
    });
  });

  it('speak to a played Duo instead of the configured host, and trust its authority', async () => {
    const duo = await startDuo();
    const { push, universal } = await open(settings(), played(duo));
    expect(await push?.check()).toBeTypeOf('number');
    expect(await universal?.check()).toBe('ok');
    expect(duo.calls).toMatchObject([{ path: '/auth/v2/check' }, { path: '/oauth/v1/health_check' }]);
  });

  it('otherwise speak to the configured host, and trust Duo’s own authorities alone', async () => {
    const duo = await startDuo();
    const { push, universal } = await open(settings(duo.host));
    expect(await push?.check()).toMatchObject({ failed: 'untrusted' });
    expect(await universal?.check()).toMatchObject({ failed: 'untrusted' });
  });

  it('bring the browser back to the address that people know', async () => {
    const duo = await startDuo();
    const { universal } = await open(settings(), played(duo));
    const { url } = redirected(await universal?.start('lena', 'the state of one question'));
    const back = await duo.prompt(url, 'allow');
    expect(back.origin + back.pathname).toBe(`${publicUrl}/mfa/duo/callback`);
  });

  it('are closed together', async () => {
    const { push, universal, close } = await open(settings());
    const closing = [push, universal].map((one) => vi.spyOn(one as { close(): void }, 'close'));
    close();
    for (const closed of closing) expect(closed).toHaveBeenCalledOnce();
  });
});

it.each([
  ['client_id', { clientId: 'DISHORT' }, 'The Client ID is invalid'],
  ['client_secret', { clientSecret: new Secret('short-canary') }, 'The Client Secret is invalid'],
])('a %s that can’t be right is refused with the setting’s name, and not repeated', async (_, bent, why) => {
  const { duoUniversal, order } = settings();
  const opening = open({ order, duoUniversal: { ...duoUniversal, ...bent } });
  await expect(opening).rejects.toThrow(
    new Error(
      `mfa.duo_universal can't be used (${why}): copy client_id and client_secret anew from the Web SDK application in Duo's admin panel`,
    ),
  );
});

it('a deployment loads only those clients of Duo that it has settings for', async () => {
  const loaded: string[] = [];
  const standIn = (name: string) => () => {
    loaded.push(name);
    return { [name]: class {} };
  };
  vi.resetModules();
  vi.doMock('../../src/mfa/duo-push.js', standIn('DuoPush'));
  vi.doMock('../../src/mfa/duo-universal.js', standIn('DuoUniversal'));
  const anew = await import('../../src/mfa/providers.js');
  const { order, duoPush } = settings();
  await anew.openProviders({ order: ['totp'] }, publicUrl, {});
  expect(loaded).toEqual([]);
  await anew.openProviders({ order, duoPush }, publicUrl, {});
  expect(loaded).toEqual(['DuoPush']);
  await anew.openProviders(settings(), publicUrl, {});
  expect(loaded).toEqual(['DuoPush', 'DuoUniversal']);
});
