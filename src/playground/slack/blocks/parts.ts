/** Taking blocks apart: what both checking and reading need. */

import { fields, isFields, list } from '../../values.js';
import type { Fields } from '../types.js';

/** The interactive elements of one block, with where they sit. */
export function elementsOf(found: Fields): { element: Fields; at: string }[] {
  const single = (name: string) => (isFields(found[name]) ? [{ element: found[name], at: `/${name}` }] : []);
  const many =
    found.type === 'actions'
      ? list(found.elements).map((element, n) => ({ element: fields(element), at: `/elements/${n}` }))
      : [];
  const accessory = found.type === 'section' ? single('accessory') : [];
  const input = found.type === 'input' ? single('element') : [];
  return [...many, ...accessory, ...input].filter(({ element }) => element.type !== 'image');
}

/** All options of an element, in groups or not. */
export const optionsOf = (found: Fields): unknown[] => [
  ...list(found.options),
  ...list(found.option_groups).flatMap((group) => list((group as Fields | null)?.options)),
];
