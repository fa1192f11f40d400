/** Which real servers this machine can run for tests. In CI a missing one is a failure; elsewhere it is said and left out. */

import { accessSync, constants } from 'node:fs';

interface Needed {
  readonly program: string;
  readonly packages: string;
  /** What isn't tried without it. */
  readonly systems: string;
  /** The test files that need it. */
  readonly tests: readonly string[];
}

/** Samba's domain controller, and sshd in a world of its own: both take a superuser. */
const SERVERS: readonly Needed[] = [
  {
    program: '/usr/sbin/samba',
    packages: 'samba samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind openssl',
    systems: 'Active Directory',
    tests: [
      'test/connectors/active-directory/{contract,groups,logins,passwords,reaching}.test.ts',
      'test/journeys/*-domain.test.ts',
    ],
  },
  {
    program: '/usr/sbin/sshd',
    packages: 'openssh-server openssh-client procps',
    systems: 'SSH',
    tests: [
      'test/connectors/ssh/*.test.ts',
      'test/broker/ssh/*-sshd.test.ts',
      'test/journeys/*-sshd.test.ts',
    ],
  },
];

/** Test files whose server can't be run here, each server named once on standard error. */
export function leftOut(): string[] {
  if (process.env.CI !== undefined) return [];
  return SERVERS.flatMap(({ program, packages, systems, tests }) => {
    if (process.getuid?.() === 0 && isThere(program)) return [];
    process.stderr.write(`${systems} is not tried: that takes ${packages}, and to be root.\n`);
    return tests;
  });
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
