/** The shapes that texts in keyturn.yaml take, each with what to write. */

import { z } from 'zod';
import { durationPattern, parseDuration } from '../duration.js';

interface Shape {
  /** Completes "… is not". */
  readonly is: string;
  readonly write: string;
  readonly pattern: RegExp;
}

export const shapes = {
  id: {
    is: 'an id',
    write: 'Use lower case letters, digits and dashes, such as acme-web1.',
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/,
  },
  name: {
    is: 'a name',
    write: 'Write 1 to 200 characters on one line, without a space at either end.',
    pattern: /^(?!\s)[^\p{Cc}]{0,199}[^\p{Cc}\s]$/u,
  },
  email: {
    is: 'an e-mail address',
    write: 'Write it like lena@northwind.example.',
    pattern: /^[^\s@,;:<>"()[\]\\]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/,
  },
  reference: {
    is: 'a group, tier or e-mail address',
    write: 'Name a group, a tier (L1, L2, L3, leads), contacts or an e-mail address.',
    pattern: /^\S{1,320}$/,
  },
  domain: {
    is: 'a domain',
    write: 'Write it like beacon.example.',
    pattern: /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/,
  },
  duration: {
    is: 'a duration',
    write: 'Write a whole number and s, m, h or d: 90s, 15m, 4h, 30d. At most 366d.',
    pattern: durationPattern,
  },
  time: {
    is: 'a time of day',
    write: 'Write hours and minutes, such as "08:00".',
    pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  },
  slackTeam: {
    is: 'a Slack team id',
    write: 'Write the id that begins with T, from the address of the workspace: T01ABCDEF.',
    pattern: /^[TE][A-Z0-9]{2,}$/,
  },
  slackChannel: {
    is: 'a Slack channel id',
    write:
      'Write the id that begins with C or G, not the name: it stands at the foot of the channel’s details.',
    pattern: /^[CG][A-Z0-9]{2,}$/,
  },
  tenant: {
    is: 'a Microsoft 365 tenant id',
    write: 'Write it like 5f1c2a30-0000-4000-8000-00000000beac.',
    pattern: /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
  },
  teamsChannel: {
    is: 'a Teams channel id',
    write:
      'Write the id that begins with 19: and ends with @thread.tacv2: it stands in the channel’s link, with %3A for : and %40 for @.',
    pattern: /^19:[A-Za-z0-9_-]+@thread\.(?:tacv2|skype)$/,
  },
  host: {
    is: 'a host name',
    write: 'Write the host alone, without https:// and without a path: web1.acme.example.',
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/,
  },
  hostKey: {
    is: 'the fingerprint of a host key',
    write: 'Write what this prints: ssh-keyscan HOST | ssh-keygen -lf -',
    pattern: /^SHA256:[A-Za-z0-9+/]{43}=?$/,
  },
  unixName: {
    is: 'a Unix user or group name',
    write: 'Write up to 32 letters, digits, dots, dashes and underscores, such as keyturn.',
    pattern: /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/,
  },
  ldapUrl: {
    is: 'an ldaps:// address',
    write:
      'Write it like ldaps://dc1.acme.example, or add start_tls: true. Plain ldap:// would show passwords on the wire.',
    // Plain ldap:// passes here, and the checks ask for start_tls beside it.
    pattern: /^ldaps?:\/\/[^\s/@]+\/?$/,
  },
  postgresUrl: {
    is: 'a postgres:// address without a password',
    write: 'Write it like postgres://keyturn@db.acme.example/books. The password belongs in the vault.',
    // No parameters but those that ask for what is done anyhow: others could hold a password or weaken TLS.
    pattern:
      /^postgres(?:ql)?:\/\/(?:[^\s:/@?#]+@)?[^\s/@?#]+\/[^\s/@?#]+(?:\?sslmode=(?:require|verify-ca|verify-full))?$/,
  },
  webhookUrl: {
    is: 'an https:// address without a password',
    write: 'Write it like https://hooks.acme.example/keyturn. The secret belongs in the vault.',
    // Plain http:// passes here, and the checks ask for a loopback host.
    pattern: /^https?:\/\/[^\s/@?#]+(?:\/[^\s@?#]*)?$/,
  },
  certificates: {
    is: 'a certificate in PEM',
    write:
      'Write the text between and with -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----, after ca: |',
    pattern: /^\s*(?:-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/,
  },
  awsAccount: {
    is: 'an AWS account number',
    write: 'Write its 12 digits in quotes: "111122223333".',
    pattern: /^\d{12}$/,
  },
  awsRegion: { is: 'an AWS region', write: 'Write it like us-east-1.', pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/ },
  roleArn: {
    is: 'the ARN of an IAM role',
    write: 'Write it like "arn:aws:iam::111122223333:role/KeyturnAdmin".',
    pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/,
  },
  policyArn: {
    is: 'the ARN of an IAM policy',
    write: 'Write it like "arn:aws:iam::111122223333:policy/PartnerBoundary".',
    pattern: /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/\S+$/,
  },
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof shapes;

/** Text of one of the shapes. The schema's message is the shape's name, which `explain` words. */
export function shaped(name: ShapeName) {
  return z.string().regex(shapes[name].pattern, { error: name });
}

/** Text of any kind that isn't empty. What it may hold is checked where its meaning is known. */
export function anyText() {
  return z.string();
}

/** `${NAME}`, as a pattern for editors. */
export const variablePattern = '\\$\\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\\}';

/** A text that keyturn.yaml may only name a variable for. */
export function secretText(example: string) {
  const description = `By variable only, such as \${${example}}.`;
  return z.string().meta({ description, pattern: `^${variablePattern}$` });
}

/** A duration, as seconds. */
export function duration() {
  return shaped('duration').transform((value, context) => {
    const length = parseDuration(value);
    if (length === undefined) context.addIssue({ code: 'custom', message: 'duration' });
    return length ?? 0;
  });
}

/** An object with these keys and no other: an unknown key is a fault. The message lists the keys for `explain`. */
export function exactly<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  });
}

/** A list that must not be empty. */
export function some<Item extends z.ZodType>(item: Item) {
  return z.array(item).min(1);
}
