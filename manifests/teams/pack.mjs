/**
 * Makes the package that Teams takes as an app: one for each tenant that is listed under chat.teams.
 *
 *   npm run teams-app -- --app-id GUID --host HOST [--out FILE]
 *
 * The same words give the same bytes.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';

const USAGE = 'npm run teams-app -- --app-id GUID --host HOST [--out keyturn-teams.zip]';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Teams reaches it from outside, so it has a dot and ends in letters: no localhost and no number. */
const HOST = /^(?=.{1,253}(?::|$))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(?::\d{1,5})?$/;
/** A zip keeps no earlier day, and keeps it in local time. */
const DAY = new Date(1980, 0, 1);

class Refused extends Error {}

try {
  const { appId, host, out } = wanted();
  writeFileSync(out, packed(appId, host));
  console.log(`${out}: upload it in the Teams admin center, under Teams apps, Manage apps.`);
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function wanted() {
  const { 'app-id': appId = '', host = '', out } = read();
  return { appId: readAppId(appId.trim().toLowerCase()), host: readHost(host.trim().toLowerCase()), out };
}

function read() {
  try {
    const text = { type: 'string' };
    const out = { ...text, default: 'keyturn-teams.zip' };
    return parseArgs({ options: { 'app-id': text, host: text, out } }).values;
  } catch (error) {
    throw new Refused(`${error.message}\nWrite: ${USAGE}`);
  }
}

function readAppId(appId) {
  if (GUID.test(appId) && /[1-9a-f]/.test(appId)) return appId;
  const fault = appId === '' ? '--app-id is missing.' : `${JSON.stringify(appId)} is not an app id.`;
  throw new Refused(
    `${fault} Write the Microsoft App ID, which stands under Configuration of the Azure Bot ` +
      'and is app_id in keyturn.yaml, such as 7d9a3c1e-5b20-4f6e-8a41-2c6f0e9b7d53.',
  );
}

function readHost(host) {
  if (HOST.test(host) && URL.canParse(`https://${host}`)) return host;
  const fault =
    host === '' ? '--host is missing.' : `${JSON.stringify(host)} is not a host that Teams can reach.`;
  throw new Refused(
    `${fault} Write the host of PUBLIC_URL alone, without https:// and without a path, ` +
      'such as keys.northwind.example.',
  );
}

function packed(appId, host) {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const values = { APP_ID: appId, PUBLIC_HOST: host, VERSION: version };
  const template = beside('manifest.json').toString('utf8');
  const files = {
    'manifest.json': Buffer.from(template.replace(/\{\{(\w+)\}\}/g, (all, name) => values[name] ?? all)),
    'color.png': beside('color.png'),
    'outline.png': beside('outline.png'),
  };
  return zipSync(files, { level: 9, mtime: DAY });
}

function beside(name) {
  return readFileSync(new URL(name, import.meta.url));
}
