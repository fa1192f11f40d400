/**
 * Memberships that end by themselves, as a Windows forest of 2016 or later has them. Samba has none, so what is sent
 * is looked at, and answered as MS-ADTS says, by a directory that is only played.
 */

import { type Change, type Entry, EqualityFilter } from 'ldapts';
import { describe, expect, test } from 'vitest';
import { join } from '../../../src/connectors/active-directory/membership.js';
import type { Session } from '../../../src/connectors/active-directory/session.js';
import { readDomain } from '../../../src/connectors/active-directory/settings.js';

const GROUP = 'CN=Domain Admins,CN=Users,DC=corp,DC=test';
const TESS = 'CN=Tess,CN=Users,DC=corp,DC=test';
const FEATURE =
  'CN=Privileged Access Management Feature,CN=Optional Features,CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,DC=corp,DC=test';

describe('in a forest with the Privileged Access Management feature', () => {
  test('a person is in the group for the seconds that are left', async () => {
    const played = forest();
    expect(await join(played.session, GROUP, TESS, inSeconds(7200))).toMatchObject({
      ...{ member: true, standing: false, endsByItself: true },
    });
    expect(played.links).toEqual([expect.stringMatching(/^<TTL=(?:7200|7199),CN=Tess,/)]);
  });

  test('done again with a later end, the membership ends later', async () => {
    const played = forest();
    await join(played.session, GROUP, TESS, inSeconds(60));
    expect(await join(played.session, GROUP, TESS, inSeconds(3600))).toMatchObject({
      ...{ standing: false, endsByItself: true },
    });
    expect(played.links).toEqual([expect.stringMatching(/^<TTL=(?:3600|3599),CN=Tess,/)]);
  });

  test('a membership without an end is the person’s own, and is left as it is', async () => {
    const played = forest({ links: [TESS] });
    expect(await join(played.session, GROUP, TESS, inSeconds(60))).toMatchObject({
      ...{ standing: true, endsByItself: false },
    });
    expect(played.links).toEqual([TESS]);
  });

  test('where the domain won’t have an end, the person is in the group without one', async () => {
    const played = forest({ takesTimes: false });
    expect(await join(played.session, GROUP, TESS, inSeconds(60))).toMatchObject({
      ...{ member: true, standing: false, endsByItself: false },
    });
    expect(played.links).toEqual([TESS]);
  });

  test('where the feature isn’t on, no end is sent', async () => {
    const played = forest({ on: false });
    expect(await join(played.session, GROUP, TESS, inSeconds(60))).toMatchObject({ endsByItself: false });
    expect(played.sent).toEqual([TESS]);
  });
});

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}

interface Forest {
  readonly session: Session;
  readonly links: string[];
  /** Every value of `member` that was to be added. */
  readonly sent: string[];
}

function forest({ on = true, takesTimes = true, links = [] as string[] } = {}): Forest {
  const sent: string[] = [];
  const bare = (link: string) => link.replace(/^<[^>]*>,/, '').replace(/^<TTL=\d+,(.*)>$/, '$1');
  const apply = (changes: Change[]): Error | null => {
    const next = [...links];
    for (const { operation, modification } of changes) {
      const value = String(modification.values[0]);
      if (operation === 'add') sent.push(value);
      if (operation === 'add' && value.startsWith('<TTL=') && !takesTimes) return refusal(34);
      const at = next.findIndex((link) => bare(link) === bare(value));
      if (operation === 'add' && at !== -1) return refusal(68);
      if (operation === 'add') next.push(value);
      else next.splice(at, 1);
    }
    links.splice(0, links.length, ...next);
    return null;
  };
  const read: Session['read'] = async (dn, attributes, filter, controls) => {
    if (dn === '') return { dn, configurationNamingContext: 'CN=Configuration,DC=corp,DC=test' };
    if (dn === FEATURE) return { dn, 'msDS-EnabledFeatureBL': on ? 'CN=Partitions' : [] };
    if (dn === GROUP && filter instanceof EqualityFilter)
      return found(
        links.some((link) => bare(link) === filter.value),
        dn,
      );
    if (dn === TESS && filter)
      return found(
        links.some((link) => bare(link) === TESS),
        dn,
      );
    expect([dn, attributes, controls?.[0]?.type]).toEqual([GROUP, ['member'], '1.2.840.113556.1.4.2309']);
    return { dn, member: links.map((link) => link.replace(/^(<TTL=\d+),(.*)>$/, '$1>,$2')) };
  };
  const never = () => Promise.reject(new Error('nothing else is done to a directory here'));
  const session: Session = {
    domain: readDomain({
      ...{ client: 'corp', id: 'corp-ad', type: 'active-directory' },
      settings: { url: 'ldaps://dc1.corp.test', base_dn: 'DC=corp,DC=test', bind_dn: 'CN=keyturn' },
    }),
    ...{ find: never, add: never, modify: never, remove: never },
    read,
    attempt: async (_dn, changes) => apply(changes),
  };
  return { session, links, sent };
}

function found(is: boolean, dn: string): Entry | null {
  return is ? { dn } : null;
}

function refusal(code: number): Error {
  return Object.assign(new Error(`refused with ${code}`), { code });
}
