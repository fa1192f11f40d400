/** Secrets stand in the environment, not in keyturn.yaml: its text is stored in the database, version by version. */

import type { Complaint, Json, Path } from './fault.js';
import { eachText, find, text, valueAt } from './reading.js';

/** Fields whose value may only be named by a variable. */
export const secretFields: ReadonlySet<string> = new Set([
  'bot_token',
  'signing_secret',
  'app_token',
  'app_password',
  'secret_key',
  'client_secret',
]);

/** Settings without which a door would stand open: empty is a refusal to start, never "not used". */
const required: readonly { at: readonly string[]; names: readonly string[] }[] = [
  { at: ['chat', 'slack', '*'], names: ['bot_token', 'signing_secret'] },
  { at: ['chat', 'teams', '*'], names: ['app_id', 'app_password'] },
  { at: ['mfa', 'duo_push'], names: ['host', 'integration_key', 'secret_key'] },
  { at: ['mfa', 'duo_universal'], names: ['host', 'client_id', 'client_secret'] },
];

const onlyVariable = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-)?\}$/;
const tokenShapes =
  /\bxox[a-z]-|\bxapp-|-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[A-Z0-9]{16}\b|\bgh[pousr]_\w{20}/;

/** Whether a text plainly is a credential, whatever setting it was typed under. */
export function looksLikeToken(value: string): boolean {
  return tokenShapes.test(value);
}

/** Secrets typed into the document, which is the one before substitution. */
export function writtenSecrets(document: Json): Complaint[] {
  const complaints: Complaint[] = [];
  eachText(document, (value, key, place) => {
    const name = String(key);
    if (secretFields.has(name)) {
      if (!onlyVariable.test(value)) complaints.push(written(place(), name));
    } else if (looksLikeToken(value)) {
      const remedy = 'Take it out of the file, and have it replaced: it has been seen.';
      complaints.push({ path: place(), message: 'this looks like a token or a key.', remedy });
    }
  });
  return complaints;
}

function written(path: Path, name: string): Complaint {
  const variable = name.toUpperCase();
  const message = `${name} is written out here, and this file is stored in the database.`;
  const remedy = `Write ${name}: \${${variable}} and set ${variable}, or ${variable}_FILE, in the environment.`;
  return { path, message, remedy };
}

/** Required secrets that are empty, left at a default, or the wrong one, in the substituted document. */
export function weakSecrets(filled: Json, document: Json): Complaint[] {
  return [...required.flatMap((place) => requiredFaults(filled, document, place)), ...appTokens(filled)];
}

function requiredFaults(filled: Json, document: Json, place: (typeof required)[number]): Complaint[] {
  return find(filled, place.at).flatMap(({ path, value }) =>
    place.names.flatMap((name) => {
      const held = text(value, name);
      const complaint =
        held === undefined ? undefined : weakness(held, name, variableOf(document, [...path, name]));
      return complaint === undefined ? [] : [{ path: [...path, name], ...complaint }];
    }),
  );
}

function weakness(held: string, name: string, variable: string) {
  const set = `Set ${variable} to the one that the provider shows.`;
  if (held === '') return { message: `${name} is empty.`, remedy: set };
  if (held.trim() !== held) {
    return { message: `${name} begins or ends with a space or a line break.`, remedy: set };
  }
  if (isPlaceholder(held)) return { message: `${name} is a placeholder, not a real one.`, remedy: set };
  if (name === 'bot_token' && /^(?:xapp|xoxp)-/.test(held)) {
    return {
      message: 'this is not a bot token.',
      remedy: `Set ${variable} to the one that begins with xoxb-.`,
    };
  }
  return undefined;
}

function appTokens(filled: Json): Complaint[] {
  return find(filled, ['chat', 'slack', '*', 'app_token']).flatMap(({ path, value }) => {
    if (typeof value !== 'string' || value === '') return [];
    const remedy = 'Set it to the app-level token that begins with xapp-, or leave it empty for HTTP.';
    if (isPlaceholder(value))
      return [{ path, message: 'app_token is a placeholder, not a real one.', remedy }];
    return /^xox/.test(value) ? [{ path, message: 'this is not an app-level token.', remedy }] : [];
  });
}

function variableOf(document: Json, path: Path): string {
  const value = valueAt(document, path);
  return (typeof value === 'string' && onlyVariable.exec(value)?.[1]) || 'it';
}

const placeholders = new Set(
  (
    'changeme changethis replaceme fixme todo tbd secret secretkey signingsecret bottoken token key apikey ' +
    'password passw0rd pass default placeholder example sample dummy foobar foo test testing none null ' +
    'undefined empty insert fillin mysecret supersecret letmein admin qwerty xoxb xoxbtoken'
  ).split(' '),
);

/** Whether a value is what examples and templates have where a real one belongs. */
export function isPlaceholder(value: string): boolean {
  const bare = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (bare === '' || placeholders.has(bare) || /^(.)\1*$/.test(bare) || /^0?123456/.test(bare)) return true;
  return /^<.*>$/.test(value) || /^(?:xoxb|xapp)?your/.test(bare) || /change-?me|x{8}/i.test(value);
}
