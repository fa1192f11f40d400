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
  const document = walk.plain(yaml.contents, []);
  const place = (offset: number) => position(lines, offset);
  return { document, complaints: walk.complaints, locate: (it) => locate(it, document, file, walk, place) };
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

function locate(
  complaint: Complaint,
  document: Json,
  file: string,
  walk: Walk,
  place: (offset: number) => { line: number; column: number },
): Fault {
  const { path, message, remedy, onKey = false } = complaint;
  return { file, ...place(walk.offset(path, onKey)), path: printPath(document, path), message, remedy };
}

/** Turns nodes into plain values and notes the offset of every key and value. */
class Walk {
  readonly complaints: Complaint[] = [];
  readonly #keys = new Map<string, number>();
  readonly #values = new Map<string, number>();

  /** A missing value is shown at the nearest thing around it that is there. */
  offset(path: Path, onKey: boolean): number {
    const place = JSON.stringify(path);
    const exact = onKey ? this.#keys.get(place) : this.#values.get(place);
    if (exact !== undefined) return exact;
    for (let length = path.length; length >= 0; length--) {
      const around = JSON.stringify(path.slice(0, length));
      const offset = this.#keys.get(around) ?? this.#values.get(around);
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  plain(node: unknown, path: Path): Json {
    const offset = (node as Node | null)?.range?.[0];
    if (offset !== undefined) this.#values.set(JSON.stringify(path), offset);
    if (path.length > deepest)
      return this.#complain(path, 'this is nested too deeply.', 'Check the brackets.');
    this.#refuseExtras(node, path);
    if (isMap(node)) return this.#mapping(node.items, path);
    if (isSeq(node)) return node.items.map((item, index) => this.plain(item, [...path, index]));
    return isScalar(node) ? this.#scalar(node.value, path) : null;
  }

  #mapping(items: readonly { key: unknown; value: unknown }[], path: Path): Json {
    const pairs = new Map<string, Json>();
    for (const { key, value } of items) {
      const name = isScalar(key) ? String(key.value) : '';
      const inside = [...path, name];
      const offset = (key as Node | null)?.range?.[0];
      if (offset !== undefined) this.#keys.set(JSON.stringify(inside), offset);
      // An object would swallow this key, and nothing may be swallowed.
      if (name === '' || name === '__proto__') {
        this.#complain(inside, 'this is not a name.', 'Write a plain word before the colon.', true);
      } else if (pairs.has(name)) {
        this.#complain(inside, `"${name}" is here twice.`, 'Keep one of them.', true);
      } else {
        pairs.set(name, this.plain(value, inside));
      }
    }
    return Object.fromEntries(pairs);
  }

  #scalar(value: unknown, path: Path): Json {
    if (typeof value === 'string' && /[\p{Cs}\p{Bidi_Control}]|(?![\n\t])\p{Cc}/u.test(value)) {
      return this.#complain(path, 'this text has a character that can’t be seen.', 'Type it again by hand.');
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return this.#complain(path, 'this is not a number that can be stored.', 'Write an ordinary number.');
    }
    return typeof value === 'bigint' ? String(value) : ((value as Json | undefined) ?? null);
  }

  /** Anchors and tags let a line mean something that isn't written on it; a reviewer should see what is meant. */
  #refuseExtras(node: unknown, path: Path) {
    if (isAlias(node)) this.#complain(path, 'an alias (*name) can’t be used here.', 'Write the value again.');
    const { anchor, tag } = (node ?? {}) as { anchor?: string; tag?: string };
    if (anchor) this.#complain(path, 'an anchor (&name) can’t be used here.', 'Take it out.');
    if (tag) this.#complain(path, 'a tag (!name) can’t be used here.', 'Take it out.');
  }

  #complain(path: Path, message: string, remedy: string, onKey = false): null {
    this.complaints.push({ path, message, remedy, onKey });
    return null;
  }
}
