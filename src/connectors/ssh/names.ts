/** Names that may go to a shell of the target. Anything else is refused before a connection is opened. */

import { TargetError } from '../connector.js';

/** What useradd takes, with the capitals, dots and closing `$` that other tools make. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/;

/** @throws TargetError `refused`. The name itself is not repeated: a password typed as a name stays out of sentences. */
export function unixName(what: 'login' | 'group', name: string): string {
  if (NAME.test(name)) return name;
  throw new TargetError(
    'refused',
    `The ${what} that is configured can’t be a ${what} of a Unix system: letters, digits, _ . and -, at most 32 of them. Correct it in keyturn.yaml.`,
  );
}

/** Every argument in single quotes, where a shell reads nothing but the closing quote. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
