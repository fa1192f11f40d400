/** The rules of the house as functions from a file to what is wrong in it, each as one readable line. */

import { at, type Found, importsOf, type Node, nodesOf, type SourceFile, target } from './source.js';

const OUTSIDE_WORLD = new Set([
  ...[
    'process',
    'console',
    'fetch',
    'globalThis',
    'global',
    'window',
    'document',
    'navigator',
    'performance',
  ],
  ...['crypto', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'WebSocket'],
]);
const MAY_PLAY = /^src\/(app\.ts$|cli\/|playground\/)/;

/** Core decides from what it is given: it imports only itself, and asks nobody for the time or for luck. */
export function coreFaults(file: SourceFile): string[] {
  const imports = importsOf(file).flatMap(({ node, specifier }) => {
    const shown = specifier === null ? 'something computed' : `'${specifier}'`;
    const inside = specifier !== null && target(file, specifier)?.startsWith('src/core/');
    return inside ? [] : [`${at(file, node)} imports ${shown}: core imports nothing outside src/core`];
  });
  const reaches = nodesOf(file).flatMap((found) => {
    const what = impurity(found);
    return what
      ? [`${at(file, found.node)} uses ${what}: core gets the time, ids and the world as arguments`]
      : [];
  });
  return [...imports, ...reaches];
}

export function environmentFaults(file: SourceFile): string[] {
  if (file.path.startsWith('src/config/')) return [];
  const reads = nodesOf(file).filter(({ node }) => isEnvironment(node));
  const imported = importsOf(file).filter(({ specifier }) => /^(node:)?process$/.test(specifier ?? ''));
  return [...reads, ...imported].map(
    ({ node }) => `${at(file, node)} reads the environment: only src/config reads process.env`,
  );
}

export function playgroundFaults(file: SourceFile): string[] {
  if (MAY_PLAY.test(file.path)) return [];
  return importsOf(file)
    .filter(({ specifier }) => /^src\/playground(\/|$)/.test(target(file, specifier ?? '') ?? ''))
    .map(({ node }) => `${at(file, node)} imports the playground: only src/app.ts and src/cli may`);
}

function impurity({ node, around }: Found): string | null {
  const [parent] = around;
  if (node.type === 'NewExpression' && named(node.callee, 'Date') && empty(node))
    return 'new Date() without an argument';
  if (node.type === 'CallExpression' && named(node.callee, 'Date')) return 'Date()';
  if (member(node, 'Date', 'now')) return 'Date.now()';
  if (member(node, 'Math', 'random')) return 'Math.random()';
  if (node.type !== 'Identifier' || !OUTSIDE_WORLD.has(String(node.name))) return null;
  return parent && isOnlyAName(node, parent) ? null : String(node.name);
}

/** `x.process`, `{ process: 1 }` and a type's field called `process` reach for nothing. */
function isOnlyAName(node: Node, parent: Node): boolean {
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed;
  return parent.key === node && !parent.computed;
}

function isEnvironment(node: Node): boolean {
  if (member(node, 'process', 'env')) return true;
  return node.type === 'VariableDeclarator' && named(node.init, 'process');
}

function member(node: Node, object: string, property: string): boolean {
  if (node.type !== 'MemberExpression' || !named(node.object, object)) return false;
  const key = node.property as Node;
  return key.name === property || key.value === property;
}

function named(node: unknown, name: string): boolean {
  return (node as Node | null)?.type === 'Identifier' && (node as Node).name === name;
}

function empty(node: Node): boolean {
  return (node.arguments as unknown[]).length === 0;
}
