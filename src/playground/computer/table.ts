/** What a query gave, as psql shows it: columns aligned, numbers on the right. */

export interface Result {
  /** What the server says was done: `SELECT`, `UPDATE`. */
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  /** As the server writes them. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** int8, int2, int4, oid, float4, float8, money, numeric: pg_type.dat */
const NUMBERS = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);
const MOST_ROWS = 200;
const WIDEST = 60;

/** Ends with a line feed. */
export function showResult({ command, rowCount, fields, rows }: Result): string {
  if (fields.length === 0) return `${tagOf(command, rowCount)}\n`;
  const shown = rows.slice(0, MOST_ROWS).map((row) => row.map(cell));
  const widths = fields.map(({ name }, n) =>
    Math.max(cell(name).length, ...shown.map((row) => (row[n] ?? '').length)),
  );
  const head = fields.map(({ name }, n) => ` ${centred(cell(name), widths[n] ?? 0)} `).join('|');
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  const body = shown.map((row) =>
    fields.map((field, n) => padded(row[n] ?? '', widths[n] ?? 0, field)).join('|'),
  );
  const left = rows.length - shown.length;
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${left > 0 ? `, ${left} of them not shown` : ''})`;
  return `${[head.trimEnd(), rule, ...body.map((line) => line.trimEnd()), count].join('\n')}\n\n`;
}

function tagOf(command: string, rowCount: number | null): string {
  if (command === 'INSERT') return `INSERT 0 ${rowCount ?? 0}`;
  return /^(?:UPDATE|DELETE|MERGE|COPY|SELECT)$/.test(command) ? `${command} ${rowCount ?? 0}` : command;
}

/** One line of it; a server's words steer no terminal. */
function cell(value: string | null): string {
  const line = (value ?? '').replace(/\p{Cc}+/gu, ' ');
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}

function centred(text: string, width: number): string {
  const before = Math.floor((width - text.length) / 2);
  return text.padStart(text.length + before).padEnd(width);
}

function padded(text: string, width: number, { dataTypeID }: { readonly dataTypeID: number }): string {
  return ` ${NUMBERS.has(dataTypeID) ? text.padStart(width) : text.padEnd(width)} `;
}

/** Statements that are whole, and what is left to go on with: a semicolon within quotes or a comment ends none. */
export function statements(text: string): { readonly whole: string[]; readonly rest: string } {
  const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*\n?|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|[^;]/g;
  const whole: string[] = [];
  let at = 0;
  let from = 0;
  while (at < text.length) {
    if (text[at] === ';') {
      whole.push(text.slice(from, at + 1).trim());
      at += 1;
      from = at;
      continue;
    }
    pieces.lastIndex = at;
    const found = pieces.exec(text);
    const piece = found && found.index === at ? found[0] : (text[at] ?? '');
    // A quote that isn't closed yet: all that follows belongs to it.
    if (/^['"]$/.test(piece) || (text.startsWith('/*', at) && piece.length === 1)) break;
    at += piece.length;
  }
  return { whole, rest: text.slice(from).trimStart() };
}
