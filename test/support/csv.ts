/** A reader of CSV by RFC 4180, for what we write of it. */

/** Every record as its cells. @throws where it is no such text. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const [cell, next] = readCell(text, at);
      row.push(cell);
      at = next + 1;
      if (text[next] === ',') continue;
      if (text.slice(next, next + 2) !== '\r\n') throw new Error(`a record ends badly at ${next}`);
      at = next + 2;
      break;
    }
    rows.push(row);
  }
  return rows;
}

function readCell(text: string, from: number): [cell: string, next: number] {
  if (text[from] !== '"') {
    const end = /[",\r\n]|$/.exec(text.slice(from))?.index ?? 0;
    return [text.slice(from, from + end), from + end];
  }
  let cell = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') {
      cell += '"';
      at++;
    } else return [cell, at + 1];
  }
  throw new Error('a quoted cell has no end');
}
