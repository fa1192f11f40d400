import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELP, readWords } from '../../src/core/words.js';
import { readPng } from './png.js';

const APP_ID = '7d9a3c1e-5b20-4f6e-8a41-2c6f0e9b7d53';
const HOST = 'keys.northwind.example';
const GOOD = ['--app-id', APP_ID, '--host', HOST];
const folder = mkdtempSync(join(tmpdir(), 'keyturn-teams-'));
const require = createRequire(import.meta.url);

interface Manifest {
  readonly manifestVersion: string;
  readonly version: string;
  readonly id: string;
  readonly bots: readonly {
    readonly botId: string;
    readonly scopes: readonly string[];
    readonly commandLists: readonly { readonly scopes: string[]; readonly commands: { title: string }[] }[];
  }[];
  readonly icons: Readonly<Record<string, string>>;
  readonly permissions: readonly string[];
  readonly validDomains: readonly string[];
}

let text: string;
let manifest: Manifest;
let files: Record<string, Uint8Array>;

beforeAll(() => {
  files = unzipSync(readFileSync(packed('app.zip', ...GOOD)));
  text = Buffer.from(files['manifest.json'] ?? []).toString('utf8');
  manifest = JSON.parse(text) as Manifest;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the Teams package', () => {
  it('holds the manifest and its icons, and nothing else', () => {
    expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    expect(Object.values(manifest.icons).sort()).toEqual(['color.png', 'outline.png']);
  });

  it('has everything filled in', () => {
    const { version } = require('../../package.json') as { version: string };
    expect(text).not.toMatch(/\{\{|\}\}|undefined/);
    expect(manifest).toMatchObject({ id: APP_ID, version, validDomains: [HOST] });
    expect(manifest.bots.map((bot) => bot.botId)).toEqual([APP_ID]);
  });

  it('is what Microsoft’s schema wants', () => {
    expect(faults(manifest)).toEqual([]);
  });

  it.each([
    ['an id that is none', { id: 'keyturn' }],
    ['a field that nobody knows', { keys: 1 }],
    ['a permission too many', { permissions: ['identity', 'everything'] }],
  ])('would not be with %s', (_, wrong) => {
    expect(faults({ ...manifest, ...wrong })).not.toEqual([]);
  });

  it('suggests only words that Keyturn reads, each with a line in its help', () => {
    const scopes = manifest.bots.flatMap((bot) => bot.commandLists.flatMap((list) => list.scopes));
    expect(scopes).toEqual(manifest.bots.flatMap((bot) => bot.scopes));
    const words = manifest.bots.flatMap((bot) => bot.commandLists.flatMap((list) => list.commands));
    for (const { title } of words) {
      expect(HELP.map(({ usage }) => usage.split(' ')[0])).toContain(title);
      expect(readWords(`${title} R-8F3KQ2`).word).not.toBe('unknown');
    }
  });

  it('asks for no more than to know who writes and to write to them', () => {
    expect(manifest.permissions).toEqual(['identity', 'messageTeamMembers']);
    expect(manifest).not.toHaveProperty('authorization');
    expect(manifest).not.toHaveProperty('webApplicationInfo');
  });

  it('has a coloured icon of the size that Teams wants, without a hole', () => {
    const { width, height, pixels } = icon('color.png');
    expect([width, height]).toEqual([192, 192]);
    expect(pixels.every(([, , , alpha]) => alpha === 255)).toBe(true);
  });

  it('has an outline that is white on nothing', () => {
    const { width, height, pixels } = icon('outline.png');
    expect([width, height]).toEqual([32, 32]);
    expect(pixels.filter(([r, g, b]) => r !== 255 || g !== 255 || b !== 255)).toEqual([]);
    expect(pixels[0]?.[3]).toBe(0);
    expect(pixels.some(([, , , alpha]) => alpha === 255)).toBe(true);
  });

  it('is the same, byte for byte, whenever, wherever and in whatever case it is asked for', () => {
    const shouted = packed('again.zip', '--app-id', APP_ID.toUpperCase(), '--host', HOST.toUpperCase());
    expect(readFileSync(shouted).equals(readFileSync(join(folder, 'app.zip')))).toBe(true);
  });

  it('takes a host with a port', () => {
    expect(
      run('--app-id', APP_ID, '--host', 'keys.northwind.example:8443', '--out', out('port.zip')),
    ).toEqual({
      code: 0,
      says: '',
    });
  });
});

describe('what can’t be packed', () => {
  const written = () => readdirSync(folder);

  it.each([
    ['', '--app-id is missing.'],
    ['keyturn', '"keyturn" is not an app id.'],
    [`${APP_ID}0`, `"${APP_ID}0" is not an app id.`],
    ['00000000-0000-0000-0000-000000000000', '"00000000-0000-0000-0000-000000000000" is not an app id.'],
  ])('is the app id “%s”, and it is said where to find one', (appId, fault) => {
    const there = written();
    const { code, says } = run('--app-id', appId, '--host', HOST, '--out', out('no.zip'));
    expect({ code, says }).toEqual({
      code: 1,
      says:
        `${fault} Write the Microsoft App ID, which stands under Configuration of the Azure Bot ` +
        'and is app_id in keyturn.yaml, such as 7d9a3c1e-5b20-4f6e-8a41-2c6f0e9b7d53.\n',
    });
    expect(written()).toEqual(there);
  });

  it.each([
    ['', '--host is missing.'],
    [
      'https://keys.northwind.example',
      '"https://keys.northwind.example" is not a host that Teams can reach.',
    ],
    ['keys.northwind.example/path', '"keys.northwind.example/path" is not a host that Teams can reach.'],
    ['keys.northwind.example:99999', '"keys.northwind.example:99999" is not a host that Teams can reach.'],
    ['*.example', '"*.example" is not a host that Teams can reach.'],
    ['localhost', '"localhost" is not a host that Teams can reach.'],
    ['127.0.0.1', '"127.0.0.1" is not a host that Teams can reach.'],
    ['x.example", "y', '"x.example\\", \\"y" is not a host that Teams can reach.'],
  ])('is the host “%s”, and it is said what to write', (host, fault) => {
    const there = written();
    expect(run('--app-id', APP_ID, '--host', host, '--out', out('no.zip'))).toEqual({
      code: 1,
      says: `${fault} Write the host of PUBLIC_URL alone, without https:// and without a path, such as ${HOST}.\n`,
    });
    expect(written()).toEqual(there);
  });

  it('is an option that there isn’t', () => {
    const { code, says } = run(...GOOD, '--tenant', 'x');
    expect(code).toBe(1);
    expect(says).toContain("Unknown option '--tenant'");
    expect(says).toContain('npm run teams-app -- --app-id GUID --host HOST [--out keyturn-teams.zip]');
  });
});

function run(...args: string[]): { code: number | null; says: string } {
  const { status, stderr } = spawnSync(process.execPath, ['manifests/teams/pack.mjs', ...args], {
    encoding: 'utf8',
  });
  return { code: status, says: stderr };
}

function out(name: string): string {
  return join(folder, name);
}

function packed(name: string, ...args: string[]): string {
  expect(run(...args, '--out', out(name))).toEqual({ code: 0, says: '' });
  return out(name);
}

/** By the schema as Microsoft publishes it. Where an address may lead is in its patterns. */
function faults(sample: Manifest): unknown[] {
  const path = `@microsoft/app-manifest/build/json-schemas/teams/v${manifest.manifestVersion}/MicrosoftTeams.schema.json`;
  const validate = new Ajv({ strict: false, allErrors: true, formats: { uri: URL.canParse } }).compile(
    require(path),
  );
  validate(sample);
  return validate.errors ?? [];
}

function icon(name: string) {
  return readPng(Buffer.from(files[name] ?? []));
}
