import { describe, expect, test } from 'vitest';
import type { Settings } from '../../src/config/difference/settings.js';
import { settingDifferences } from '../../src/config/difference.js';

const variable = (name: string) => `\${${name}}`;
const PUSH = {
  host: 'api-1.duosecurity.com',
  integration_key: variable('DUO_IKEY'),
  secret_key: variable('DUO_SKEY'),
};
const SLACK = {
  of: 'operator',
  team: 'T0NORTHWIND',
  bot_token: variable('SLACK_BOT_TOKEN'),
  signing_secret: variable('SLACK_SIGNING_SECRET'),
  alerts_channel: 'C0ALERTS',
};
const BEFORE = { mfa: { order: ['duo_push', 'totp'], duo_push: PUSH }, chat: { slack: [SLACK] } };

const found = (after: Settings) =>
  settingDifferences(BEFORE, after).map(({ text, loosens }) => [text, loosens] as const);

describe('what stands at the top of a changed file', () => {
  test('as it was says nothing, and the default of verified pushes is no difference', () => {
    expect(found(structuredClone(BEFORE))).toEqual([]);
    expect(found({ ...BEFORE, mfa: { ...BEFORE.mfa, duo_push: { ...PUSH, verified: 'required' } } })).toEqual(
      [],
    );
  });

  test('to send the digest to fewer people loosens; another time or more people doesn’t', () => {
    const operator = { name: 'Northwind IT', timezone: 'UTC' };
    const from = { ...BEFORE, operator };
    const told = (digest: { at?: string; to?: string[] }, timezone = 'UTC') =>
      settingDifferences(from, { ...BEFORE, operator: { ...operator, timezone, digest } }).map(
        ({ text, loosens }) => [text, loosens] as const,
      );
    expect(told({ at: '08:00', to: ['leads'] })).toEqual([]);
    expect(told({ to: ['leads', 'security'] })).toEqual([
      ['operator itself: digest to leads → leads, security', false],
    ]);
    expect(told({ to: ['lena@northwind.example'] })).toEqual([
      ['operator itself: digest to leads → lena@northwind.example', true],
    ]);
    expect(told({ at: '17:30' }, 'Europe/Berlin')).toEqual([
      ['operator itself: timezone "UTC" → "Europe/Berlin"', false],
      ['operator itself: digest at "08:00" → "17:30"', false],
    ]);
  });

  test('without any second factor loosens', () => {
    expect(found({ chat: BEFORE.chat })).toEqual([['mfa of everybody: gone (was duo_push, totp)', true]]);
  });

  test('with one more factor loosens, and with one less doesn’t', () => {
    const order = ['duo_push', 'duo_universal', 'totp'];
    const universal = {
      host: 'api-1.duosecurity.com',
      client_id: 'D',
      client_secret: variable('DUO_CLIENT_SECRET'),
    };
    const [more] = found({ ...BEFORE, mfa: { ...BEFORE.mfa, order, duo_universal: universal } });
    expect(more).toEqual(['mfa of everybody: order duo_push, totp → duo_push, duo_universal, totp', true]);
    expect(found({ ...BEFORE, mfa: { ...BEFORE.mfa, order: ['duo_push'] } })).toEqual([
      ['mfa of everybody: order duo_push, totp → duo_push', false],
    ]);
  });

  test('with another Duo, or pushes that need no number, loosens', () => {
    const elsewhere = { ...PUSH, host: 'api-2.duosecurity.com' };
    expect(found({ ...BEFORE, mfa: { ...BEFORE.mfa, duo_push: elsewhere } })).toMatchObject([
      [expect.stringMatching(/^mfa of everybody: duo_push .+api-1.+ → .+api-2.+$/), true],
    ]);
    expect(found({ ...BEFORE, mfa: { ...BEFORE.mfa, duo_push: { ...PUSH, verified: 'never' } } })).toEqual([
      ['mfa of everybody: verified pushes required → never', true],
    ]);
  });

  test('with another workspace, one that is reached otherwise, or no channel for alerts loosens', () => {
    const second = { ...SLACK, team: 'T0SECOND' };
    expect(found({ ...BEFORE, chat: { slack: [SLACK, second] } })).toEqual([
      ['chat Slack T0SECOND: new (of operator)', true],
    ]);
    const signed = { ...SLACK, signing_secret: variable('ANOTHER') };
    expect(found({ ...BEFORE, chat: { slack: [signed] } })).toMatchObject([[expect.any(String), true]]);
    const { alerts_channel: _, ...silent } = SLACK;
    expect(found({ ...BEFORE, chat: { slack: [silent] } })).toEqual([
      ['chat Slack T0NORTHWIND: alerts_channel C0ALERTS → none', true],
    ]);
    expect(found({ ...BEFORE, chat: {} })).toEqual([
      ['chat Slack T0NORTHWIND: gone (was of operator)', false],
    ]);
  });

  test('loosens nothing where nothing was before', () => {
    expect(settingDifferences(null, BEFORE).filter((it) => it.loosens)).toEqual([]);
  });
});
