/** `${NAME}` and `${NAME:-default}` in any text of the document. */

import type { Complaint, Json, Path } from './fault.js';
import { readVariable, type Variables } from './variables.js';

const reference = /\$\{([^}]*)(\}?)/g;
const inside = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** A copy of the document with every variable replaced; what couldn't be is left empty and complained about. */
export function substitute(document: Json, variables: Variables): { value: Json; complaints: Complaint[] } {
  const complaints: Complaint[] = [];
  const fill = (value: Json, place: Place | null): Json => {
    if (typeof value === 'string') {
      return value.includes('${') ? fillText(value, pathOf(place), variables, complaints) : value;
    }
    if (Array.isArray(value)) return value.map((item, part) => fill(item, { above: place, part }));
    if (value === null || typeof value !== 'object') return value;
    const filled = Object.entries(value).map(([part, item]) => [part, fill(item, { above: place, part })]);
    return Object.fromEntries(filled);
  };
  return { value: fill(document, null), complaints };
}

/** A path that costs nothing until somebody asks for it. */
interface Place {
  readonly above: Place | null;
  readonly part: string | number;
}

function pathOf(place: Place | null): Path {
  return place === null ? [] : [...pathOf(place.above), place.part];
}

function fillText(text: string, path: Path, variables: Variables, complaints: Complaint[]): string {
  return text.replace(reference, (_, content: string, closed: string) => {
    const [, name, fallback] = inside.exec(content) ?? [];
    if (name === undefined || closed === '') {
      const message = 'this is not a variable.';
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what to type in the file
      complaints.push({ path, message, remedy: 'Write ${NAME}, or ${NAME:-} when it may be empty.' });
      return '';
    }
    const variable = readVariable(variables, name);
    if ('fault' in variable) complaints.push({ path, ...variable.fault });
    else if ('missing' in variable && fallback === undefined) complaints.push(notSet(path, name));
    const value = 'value' in variable ? variable.value : '';
    return value === '' ? (fallback ?? '') : value;
  });
}

function notSet(path: Path, name: string): Complaint {
  const remedy = `Set ${name}, or ${name}_FILE with the path of a file that holds it.`;
  return { path, message: `the variable ${name} is not set.`, remedy };
}
