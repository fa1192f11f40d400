import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { coreFaults, environmentFaults, playgroundFaults } from './support/boundaries.js';
import { sourceFiles } from './support/source.js';

test('core imports nothing outside core, and asks nobody for the time, luck or the world', () => {
  const files = sourceFiles('src/core');
  expect(files.length).toBeGreaterThan(5);
  expect(files.flatMap(coreFaults)).toEqual([]);
});

test('only src/config reads the environment', () => {
  expect(sourceFiles('src').flatMap(environmentFaults)).toEqual([]);
});

test('only the application, the command line and the playground itself import the playground', () => {
  expect(sourceFiles('src').flatMap(playgroundFaults)).toEqual([]);
});

test('a chat is loaded only where it is configured: nothing imports one before it is asked for', () => {
  const files = new Map(sourceFiles('src').map((file) => [file.path, file.text]));
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path) || !files.has(path)) return;
    reached.add(path);
    const imports = (files.get(path) ?? '').matchAll(
      /^(?:import|export)\s(?!type\b)[^;]*?from '(\.[^']+)';/gm,
    );
    for (const [, to = ''] of imports) visit(join(dirname(path), to).replace(/\.js$/, '.ts'));
  };
  for (const entry of ['src/main.ts', 'src/cli/start.ts', 'src/app.ts']) visit(entry);
  expect(reached.size).toBeGreaterThan(100);
  expect([...reached].filter((path) => /^src\/(?:chat\/(?:slack|teams)|playground)\//.test(path))).toEqual(
    [],
  );
});

test.each([
  `import { z } from 'zod';`,
  `import type { Secret } from '../config/secret.js';`,
  `export * from '../store/db.js';`,
  `export { a } from 'node:fs';`,
  `const a = await import('node:os');`,
  `const a = await import(name);`,
  `let a: import('../app.js').App;`,
  `import fs = require('fs');`,
  `const fs = require('fs');`,
  `const now = new Date();`,
  `const now = Date.now();`,
  `const now = Date['now']();`,
  `const now = Date();`,
  `const { now } = { now: Date.now };`,
  `const dice = Math.random();`,
  `console.log(1);`,
  `const mode = process.env.MODE;`,
  `await fetch('https://example.com');`,
  `const id = crypto.randomUUID();`,
  `const world = { process };`,
  `setTimeout(() => {}, 1);`,
])('the rule for core catches: %s', (text) => {
  expect(coreFaults({ path: 'src/core/sample.ts', text })).toEqual([
    expect.stringMatching(/^src\/core\/sample\.ts:1 (imports|uses) /),
  ]);
});

test.each([
  `import { a } from './policy.js';`,
  `import { card } from './cards/card.js';`,
  `const then = new Date(facts.now.getTime() + 1000);`,
  `// new Date() and import 'fs' in a comment; and "Math.random()" below in a text`,
  `const text = 'Math.random() process.env new Date()';`,
  `const a = facts.process; const b = { fetch: 1 }; interface C { console: string }`,
])('the rule for core lets pass: %s', (text) => {
  expect(coreFaults({ path: 'src/core/sample.ts', text })).toEqual([]);
});

test('a core file in a folder may import core above it, and nothing beyond', () => {
  const path = 'src/core/cards/card.ts';
  expect(coreFaults({ path, text: `import { a } from '../policy.js';` })).toEqual([]);
  expect(coreFaults({ path, text: `\n\nimport { a } from '../../config/secret.js';` })).toEqual([
    `src/core/cards/card.ts:3 imports '../../config/secret.js': core imports nothing outside src/core`,
  ]);
});

test.each([
  `const a = process.env.HOME;`,
  `const a = process['env'];`,
  `const { env } = process;`,
  `import { env } from 'node:process';`,
])('the rule for the environment catches: %s', (text) => {
  expect(environmentFaults({ path: 'src/web/server.ts', text })).toHaveLength(1);
  expect(environmentFaults({ path: 'src/config/variables.ts', text })).toEqual([]);
});

test('the rule for the playground knows who may', () => {
  const text = `import { play } from '../playground/play.js';`;
  expect(playgroundFaults({ path: 'src/web/server.ts', text })).toHaveLength(1);
  expect(playgroundFaults({ path: 'src/main.ts', text: text.replace('..', '.') })).toHaveLength(1);
  expect(playgroundFaults({ path: 'src/app.ts', text: text.replace('..', '.') })).toEqual([]);
  expect(playgroundFaults({ path: 'src/cli/start.ts', text })).toEqual([]);
});
