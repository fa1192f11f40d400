/** Every check of a document, in one pass, so that every fault is told at once. */

import { clientFaults } from './checks/clients.js';
import { elevationFaults } from './checks/elevation.js';
import { namesOf } from './checks/names.js';
import { contactFaults, peopleFaults } from './checks/people.js';
import { policyFaults } from './checks/policies.js';
import { quorumFaults } from './checks/quorum.js';
import { referenceFaults } from './checks/references.js';
import { settingFaults } from './checks/settings.js';
import { explain } from './explain.js';
import type { Complaint, Json, Path } from './fault.js';
import { type Declared, schema } from './schema/schema.js';
import { weakSecrets, writtenSecrets } from './secrets.js';
import { substitute } from './substitute.js';
import type { Variables } from './variables.js';

/**
 * What a document declares once its variables are filled in, or all that is wrong with it.
 * `unreadable` are complaints from reading the text; what lies under them isn't complained about again.
 */
export function examine(
  document: Json,
  variables: Variables,
  unreadable: readonly Complaint[] = [],
): { readonly declared: Declared } | { readonly complaints: Complaint[] } {
  const { value: filled, complaints: unfilled } = substitute(document, variables);
  const parsed = schema.safeParse(filled);
  const early = [...unreadable, ...unfilled, ...writtenSecrets(document)];
  const names = namesOf(filled);
  const meaning = [
    ...weakSecrets(filled, document),
    ...referenceFaults(filled, names),
    ...peopleFaults(filled, names),
    ...contactFaults(filled),
    ...policyFaults(filled),
    ...settingFaults(filled, names),
    ...clientFaults(filled, names),
  ];
  const shape = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(issue, document));
  const complaints = unrepeated(early, meaning, shape);
  const unsound = new Set(complaints.flatMap(({ path }) => [key([]), ...prefixes(path)]));
  const sound = (path: Path) => !unsound.has(key(path));
  complaints.push(...quorumFaults(filled, names, sound), ...elevationFaults(filled, names, sound));
  return parsed.success && complaints.length === 0 ? { declared: parsed.data } : { complaints };
}

/** One fault is told once. What couldn't be read hides what lies under it; a meaning hides the shape of the same place. */
function unrepeated(early: readonly Complaint[], meaning: readonly Complaint[], shape: readonly Complaint[]) {
  const unread = new Set(early.map(({ path }) => key(path)));
  const read = ({ path }: Complaint) => unread.size === 0 || !prefixes(path).some((it) => unread.has(it));
  const told = new Set(meaning.map(({ path }) => key(path)));
  return [...early, ...meaning.filter(read), ...shape.filter((it) => read(it) && !told.has(key(it.path)))];
}

function key(path: Path): string {
  return JSON.stringify(path);
}

/** Keys of everything around a place, and of the place itself. */
function prefixes(path: Path): string[] {
  return path.map((_, end) => key(path.slice(0, end + 1)));
}
