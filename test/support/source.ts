/** Reads the project's own source as a tree, so that rules about it can be tested. */

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = /\.(ts|tsx)$/;

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

export interface SourceFile {
  /** From the repository's top, as in `src/core/policy.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Found {
  readonly node: Node;
  /** The nodes around it, the nearest first. */
  readonly around: readonly Node[];
}

export interface Import {
  readonly node: Node;
  /** Null when it is computed at run time. */
  readonly specifier: string | null;
}

export function sourceFiles(folder: string): SourceFile[] {
  const names = readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => SOURCE.test(name))
    .map((name) => `${folder}/${name}`)
    .sort()
    .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }));
}

export function nodesOf(file: SourceFile): Found[] {
  const found: Found[] = [];
  const visit = (value: unknown, around: readonly Node[]): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, around);
    else if (isNode(value)) {
      found.push({ node: value, around });
      for (const child of Object.values(value)) visit(child, [value, ...around]);
    }
  };
  visit(parseAst(file.text, { lang: file.path.endsWith('x') ? 'tsx' : 'ts' }, file.path), []);
  return found;
}

/** Every way to import: types, re-exports, `import()`, `import('…').Type` and `require()` too. */
export function importsOf(file: SourceFile): Import[] {
  return nodesOf(file).flatMap(({ node }) => {
    if (node.type === 'CallExpression' && (node.callee as Node).name === 'require')
      return [{ node, specifier: literal((node.arguments as unknown[])[0]) }];
    if (node.type === 'TSExternalModuleReference') return [{ node, specifier: literal(node.expression) }];
    const imports = /^(Import(Declaration|Expression)|Export(Named|All)Declaration|TSImportType)$/.test(
      node.type,
    );
    return imports && node.source ? [{ node, specifier: literal(node.source) }] : [];
  });
}

/** Where a relative import leads, from the repository's top; null for a package. */
export function target(file: SourceFile, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : null;
}

/** `src/core/ask.ts:12`, as editors open it. */
export function at(file: SourceFile, node: Node): string {
  return `${file.path}:${file.text.slice(0, node.start).split('\n').length}`;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function literal(node: unknown): string | null {
  return isNode(node) && typeof node.value === 'string' ? node.value : null;
}
