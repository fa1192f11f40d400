/** Whether the files that blocks show are there, are pictures, and have been looked through. */

import { isFields } from '../../values.js';
import type { Files } from '../files.js';
import { Faults } from './faults.js';

/** Looks at every `slack_file` in the blocks. */
export function checkFiles(blocks: unknown, at: string, files: Files): Faults {
  const faults = new Faults();
  walk(blocks, at, files, faults);
  return faults;
}

function walk(value: unknown, at: string, files: Files, faults: Faults): void {
  if (Array.isArray(value)) value.forEach((one, n) => void walk(one, `${at}/${n}`, files, faults));
  else if (isFields(value))
    for (const [name, inner] of Object.entries(value)) {
      if (name !== 'slack_file') walk(inner, `${at}/${name}`, files, faults);
      else if (!isFields(inner) || !files.picture(String(inner.id)))
        faults.add(`${at}/slack_file`, 'invalid slack file');
    }
}
