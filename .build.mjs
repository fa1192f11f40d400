/**
 * Bundles the program for Node, the pages' scripts for browsers, and the benchmarks, into dist/. Entries that do not
 * exist are left out.
 */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';

const PAGES = 'src/web/pages';

const program = present([{ in: 'src/main.ts', out: 'main' }]);
const pages = [
  ...present([{ in: 'src/playground/page/main.tsx', out: 'playground' }]),
  ...list(PAGES, /\.(client\.tsx?|css)$/).map((file) => ({
    in: join(PAGES, file),
    out: basename(file).replace(/\.(client\.tsx?|css)$/, ''),
  })),
];
// Each stands by itself, so that measuring changes nothing about the program.
const bench = present(
  [
    ...['main', 'fake-slack', 'played-slack', 'played-teams', 'played-duo'],
    ...['bare-bolt', 'bare-start', 'bare-chats', 'bare-pglite', 'bastion', 'bare-relay'],
  ].map((name) => ({
    in: `test/bench/${name}.ts`,
    out: name,
  })),
);

const both = { bundle: true, format: 'esm', sourcemap: true, metafile: true, logLevel: 'warning' };
// These are many small modules: in one file they load in a third of the time. The others stay packages.
const inside = new Set(['drizzle-orm', 'zod', 'hono', '@hono/node-server', 'jose']);
const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const outside = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !inside.has(name));
const forNode = { ...both, platform: 'node', target: 'node20', external: outside };
const results = await attempt([
  build({
    ...forNode,
    entryPoints: program,
    outdir: 'dist',
    splitting: true,
    chunkNames: '[name]-[hash]',
  }),
  build({
    ...both,
    entryPoints: pages,
    outdir: 'dist/assets',
    platform: 'browser',
    target: 'es2022',
    minify: true,
  }),
  ...(bench.length === 0 ? [] : [build({ ...forNode, entryPoints: bench, outdir: 'dist/bench' })]),
]);

const written = new Set(
  results.flatMap((result) => Object.keys(result.metafile.outputs)).map((file) => resolve(file)),
);
for (const file of list('dist', /\.(js|css|map)$/, true)) {
  if (!written.has(resolve('dist', file))) rmSync(join('dist', file));
}

function present(entries) {
  return entries.filter((entry) => existsSync(entry.in));
}

function list(folder, name, recursive = false) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive }).filter((file) => name.test(file));
}

/** esbuild has already said what is wrong, with its place. */
async function attempt(builds) {
  try {
    return await Promise.all(builds);
  } catch {
    process.exit(1);
  }
}
