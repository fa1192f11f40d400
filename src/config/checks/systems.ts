/** What a client's systems say of themselves holds together: nothing goes unencrypted, and nobody signs in half. */

import { certificatesIn } from '../certificates.js';
import { parseDuration } from '../duration.js';
import type { Complaint, Json, Path } from '../fault.js';
import { field, find, text } from '../reading.js';
import { shapes } from '../schema/shapes.js';

const latestAlarm = 86_400;

export function systemFaults(document: Json): Complaint[] {
  return find(document, ['clients', '*', 'systems', '*']).flatMap(({ path, value }) => [
    ...startTls(path, value),
    ...plainWebhook(path, value),
    ...sshUser(path, value),
    ...certificates(path, value),
    ...lateAlarm(path, value),
  ]);
}

/** Plain ldap:// would carry the bind password before anything is encrypted. */
function startTls(path: Path, system: Json): Complaint[] {
  if (text(system, 'type') !== 'active-directory') return [];
  const url = text(system, 'url') ?? '';
  const starts = field(system, 'start_tls') === true;
  if (url.startsWith('ldap://') && !starts) {
    const message = `this is not ${shapes.ldapUrl.is}.`;
    return [{ path: [...path, 'url'], message, remedy: shapes.ldapUrl.write }];
  }
  if (!url.startsWith('ldaps://') || !starts) return [];
  const message = 'ldaps:// is encrypted from the first byte, so there is nothing to start.';
  return [{ path: [...path, 'start_tls'], onKey: true, message, remedy: 'Take start_tls out.' }];
}

function plainWebhook(path: Path, system: Json): Complaint[] {
  const url = text(system, 'url') ?? '';
  if (text(system, 'type') !== 'webhook' || !url.startsWith('http://') || !URL.canParse(url)) return [];
  if (isLoopback(new URL(url).hostname)) return [];
  const message = 'plain http:// would show passwords on the wire.';
  return [
    { path: [...path, 'url'], message, remedy: 'Write https://. Only on this machine may it be http://.' },
  ];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Whoever signs in needs something to sign in with, and the other way round. */
function sshUser(path: Path, system: Json): Complaint[] {
  if (text(system, 'type') !== 'ssh') return [];
  const user = field(system, 'user') !== undefined;
  const complaints = ['secret', 'sudo'].flatMap((key) => {
    if (user || field(system, key) === undefined) return [];
    const message = `${key} belongs to a user, and there is none.`;
    const remedy = `Add user: whom Keyturn signs in as, or take ${key} out.`;
    return [{ path: [...path, key], onKey: true, message, remedy }];
  });
  if (!user || field(system, 'secret') !== undefined) return complaints;
  const message = 'this user has nothing to sign in with.';
  return [{ path: [...path, 'user'], message, remedy: 'Add secret: vault.' }];
}

function certificates(path: Path, system: Json): Complaint[] {
  const ca = text(system, 'ca');
  // What isn't PEM at all is the schema's to report.
  if (ca === undefined || !shapes.certificates.pattern.test(ca) || certificatesIn(ca) !== null) return [];
  const message = 'a certificate in here can’t be read.';
  return [{ path: [...path, 'ca'], message, remedy: 'Copy it again, whole and unchanged.' }];
}

/** Whoever is told a week later might as well not be told. */
function lateAlarm(path: Path, system: Json): Complaint[] {
  const after = parseDuration(text(system, 'alarm_after'));
  if (after === undefined || after <= latestAlarm) return [];
  return [{ path: [...path, 'alarm_after'], message: 'this is too late.', remedy: 'Write at most 1d.' }];
}
