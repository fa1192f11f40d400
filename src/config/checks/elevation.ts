/** Lending a group to people's own logins needs somebody who has one there. */

import type { Complaint, Json, Path } from '../fault.js';
import { field, find, text, texts } from '../reading.js';
import { type Names, staffBehind } from './names.js';
import { staffOf } from './quorum.js';

/**
 * Accounts with `elevate: { as: own }` that nobody could use. `sound` says whether a part of the
 * document is free of other faults: a misspelt person is reported once.
 */
export function elevationFaults(document: Json, names: Names, sound: (path: Path) => boolean): Complaint[] {
  if (!sound(['people']) || !sound(['groups'])) return [];
  return find(document, ['clients', '*']).flatMap((client) => {
    const works = staffOf(client.value, names);
    return find(client.value, ['accounts', '*']).flatMap(({ path, value }) => {
      const at = [...client.path, ...path];
      const elevate = field(value, 'elevate');
      const system = text(value, 'system');
      if (elevate === undefined || text(elevate, 'as') !== 'own' || system === undefined) return [];
      if (!sound([...client.path, 'staff']) || !sound(at)) return [];
      return whoCould(value, works, names).some((email) =>
        names.staffByEmail.get(email)?.logins.includes(system),
      )
        ? []
        : [withoutLogin([...at, 'elevate', 'as'], system)];
    });
  });
}

/** The operator's people who may ask for it. A client's contacts have no logins here. */
function whoCould(account: Json, works: ReadonlySet<string> | null, names: Names): string[] {
  const asking = texts(account, 'may_request').flatMap((reference) => [...staffBehind(reference, names)]);
  return asking.filter((email) => works === null || works.has(email));
}

function withoutLogin(path: Path, system: string): Complaint {
  const message = `nobody in may_request has a login of their own on ${system}.`;
  const remedy = `Add logins: { ${system}: LOGIN } to a person who may ask, or write as: jit.`;
  return { path, message, remedy };
}
