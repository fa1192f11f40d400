/** What Keyturn can change by itself, by the type of a system, known without loading a connector. */

import type { Abilities } from './lendable.js';

/** A type that isn't here is changed by hand. */
export const abilities: Readonly<Record<string, Abilities>> = {
  'active-directory': { rotate: true, elevate: true, disable: true },
  ssh: { rotate: true, elevate: true, disable: false },
  postgres: { rotate: true, elevate: true, disable: false },
  webhook: { rotate: true, elevate: true, disable: false },
};

const NONE: Abilities = { rotate: false, elevate: false, disable: false };

/** What Keyturn can do on a system of this type; nothing at all where it has no connector, or there is no system. */
export function abilitiesOf(type: string | undefined): Abilities {
  return type !== undefined && Object.hasOwn(abilities, type) ? (abilities[type] ?? NONE) : NONE;
}
