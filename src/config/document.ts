/** YAML text to a plain document that remembers where everything stood. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import type { Complaint, Fault, Json, Path } from './fault.js';
import { printPath } from './reading.js';

/** A thousand accounts take about 250 kB; anything above this is not a configuration. */
const longest = 4 * 1024 * 1024;
const deepest = 32;

export interface ParsedDocument {
  readonly document: Json;
  /** Faults found while reading: doubled keys, anchors, tags, characters that can't be seen. */
  readonly complaints: readonly Complaint[];
  /** Gives a complaint its file, line and column. */
  locate(complaint: Complaint): Fault;
}

/** Reads YAML 1.2. Either the whole document with its places, or what stops it from being read. */
export function parse(source: string, file: string): ParsedDocument | { readonly faults: Fault[] } {
  if (source.length > longest) {
    return stop(file, 'the file is larger than 4 MB.', 'Bring accounts in with: keyturn import accounts');
  }
  const lines = new LineCounter();
  let yaml: ReturnType<typeof parseDocument>;
  try {
    yaml = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  } catch {
    // The parser is recursive: thousands of nested brackets exhaust its stack.
    return stop(file, 'the file is nested too deeply to read.', 'Check that every bracket is closed.');
  }
  // After the first, the parser has lost its place, and what else it says is an echo.
  const [error] = [...yaml.errors, ...yaml.warnings];
  if (error !== undefined) return { faults: [syntaxFault(error, source, file, lines)] };
  const walk = new Walk();
  const document = walk.plain(yaml.contents);
  return {
    document,
    complaints: walk.complaints,
    locate: ({ path, message, remedy, onKey = false }) => {
      const place = position(lines, offsetOf(yaml.contents, path, onKey));
      return { file, ...place, path: printPath(document, path), message, remedy };
    },
  };
}

function stop(file: string, message: string, remedy: string) {
  return { faults: [{ file, line: 1, column: 1, path: '', message, remedy }] };
}

function position(lines: LineCounter, offset: number) {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The parser's own messages may quote the file, which may be holding a token by mistake. */
function syntaxFault(error: YAMLError, source: string, file: string, lines: LineCounter): Fault {
  const start = Math.min(error.pos[0], source.length);
  const message = syntaxMessages[error.code] ?? 'this is not YAML.';
  return { file, ...position(lines, start), path: '', message, remedy: syntaxRemedy(error, source, start) };
}

const syntaxMessages: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'this is indented differently from what belongs together with it.',
  BAD_SCALAR_START: 'a text can’t begin with this character unless it is in quotes.',
  BAD_DQ_ESCAPE: 'this is no escape in double quotes; write \\\\ for a backslash.',
  BLOCK_AS_IMPLICIT_KEY: 'there are two things with a colon on one line.',
  MISSING_CHAR: 'a bracket, a quote or a comma is missing.',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after this.',
  MULTIPLE_DOCS: 'a second document begins here.',
  TAB_AS_INDENT: 'this is indented with a tab.',
  TAG_RESOLVE_FAILED: 'a tag (!name) can’t be used here.',
  UNEXPECTED_TOKEN: 'this doesn’t belong here.',
};

function syntaxRemedy(error: YAMLError, source: string, offset: number): string {
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what to type in the file
  if (/[{,]\s*[\w-]+:\s*\$\{/.test(line)) return 'Inside { } put a variable in quotes: "${NAME}".';
  if (error.code === 'TAB_AS_INDENT') return 'Indent with spaces.';
  if (error.code === 'MULTIPLE_DOCS') return 'Keep everything in one document, without --- between.';
  return 'Check the quotes, brackets and indentation here and on the line before.';
}

/** Where a key or a value stands. What is missing is shown at the nearest thing around it that is there. */
function offsetOf(root: unknown, path: Path, onKey: boolean): number {
  const trail: { key?: number | undefined; value?: number | undefined }[] = [{ value: start(root) }];
  let node = root;
  for (const part of path) {
    const found = inside(node, part);
    if (found === undefined) break;
    node = found.value;
    trail.push({ key: start(found.key), value: start(found.value) });
  }
  const exact = trail.length > path.length ? trail.at(-1)?.[onKey ? 'key' : 'value'] : undefined;
  const around = trail.map(({ key, value }) => key ?? value).findLast((offset) => offset !== undefined);
  return exact ?? around ?? 0;
}

/** A key's or a position's nodes. Of a key that is there twice the first value counts, and the last is too many. */
function inside(node: unknown, part: string | number): { key?: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const index = Number(part);
    return index in node.items ? { value: node.items[index] } : undefined;
  }
  if (!isMap(node)) return undefined;
  const named = node.items.filter(({ key }) => nameOf(key) === part);
  return named.length > 0 ? { key: named.at(-1)?.key, value: named[0]?.value } : undefined;
}

function start(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

/** Turns nodes into plain values. */
class Walk {
  readonly complaints: Complaint[] = [];
  /** Where it is now. */
  readonly #path: (string | number)[] = [];

  plain(node: unknown): Json {
    if (this.#path.length > deepest)
      return this.#complain('this is nested too deeply.', 'Check the brackets.');
    this.#refuseExtras(node);
    if (isMap(node)) return this.#mapping(node.items);
    if (isSeq(node)) return node.items.map((item, index) => this.#at(index, item));
    return isScalar(node) ? this.#scalar(node.value) : null;
  }

  #at(part: string | number, node: unknown): Json {
    this.#path.push(part);
    const value = this.plain(node);
    this.#path.pop();
    return value;
  }

  #mapping(items: readonly { key: unknown; value: unknown }[]): Json {
    const pairs = new Map<string, Json>();
    for (const { key, value } of items) {
      const name = nameOf(key);
      // An object would swallow this key, and nothing may be swallowed.
      if (name === '' || name === '__proto__') {
        this.#complainOf(name, 'this is not a name.', 'Write a plain word before the colon.');
      } else if (pairs.has(name)) {
        this.#complainOf(name, `"${name}" is here twice.`, 'Keep one of them.');
      } else {
        pairs.set(name, this.#at(name, value));
      }
    }
    return Object.fromEntries(pairs);
  }

  #scalar(value: unknown): Json {
    if (typeof value === 'string' && /[\p{Cs}\p{Bidi_Control}]|(?![\n\t])\p{Cc}/u.test(value)) {
      return this.#complain('this text has a character that can’t be seen.', 'Type it again by hand.');
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return this.#complain('this is not a number that can be stored.', 'Write an ordinary number.');
    }
    return typeof value === 'bigint' ? String(value) : ((value as Json | undefined) ?? null);
  }

  /** Anchors and tags let a line mean something that isn't written on it; a reviewer should see what is meant. */
  #refuseExtras(node: unknown) {
    if (isAlias(node)) this.#complain('an alias (*name) can’t be used here.', 'Write the value again.');
    const { anchor, tag } = (node ?? {}) as { anchor?: string; tag?: string };
    if (anchor) this.#complain('an anchor (&name) can’t be used here.', 'Take it out.');
    if (tag) this.#complain('a tag (!name) can’t be used here.', 'Take it out.');
  }

  #complain(message: string, remedy: string): null {
    this.complaints.push({ path: [...this.#path], message, remedy });
    return null;
  }

  #complainOf(key: string, message: string, remedy: string): void {
    this.complaints.push({ path: [...this.#path, key], message, remedy, onKey: true });
  }
}
