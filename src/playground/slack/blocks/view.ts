/** A view's own limits: docs.slack.dev/reference/views */

import { isFields, list } from '../../values.js';
import type { Fields } from '../types.js';
import { checkViewBlocks } from './blocks.js';
import { anything, boolean, Faults, object, only, type Rule, string } from './faults.js';
import { plain } from './objects.js';

/** Bytes of JSON in one view, Slack's `view_too_large`. */
export const viewLimit = 250_000;

const ids = { private_metadata: string(3000), callback_id: string(255), external_id: string(255) };

// Title and both buttons: 24 characters.
const modal = object(
  { type: only('modal'), title: plain(24), blocks: anything },
  {
    submit: plain(24),
    close: plain(24),
    clear_on_close: boolean,
    notify_on_close: boolean,
    submit_disabled: boolean,
    ...ids,
  },
);

const home = object({ type: only('home'), blocks: anything }, { ...ids });

/** Checks a modal or a home view as views.open and views.publish do. */
export function checkView(view: unknown, type: 'modal' | 'home', at = '/view'): Faults {
  const faults = new Faults();
  const rule: Rule = type === 'modal' ? modal : home;
  if (!isFields(view)) faults.add(at, 'must provide an object');
  else if (view.type !== type) faults.add(`${at}/type`, `must be ${type}`);
  else {
    rule(view, at, faults);
    checkViewBlocks(view.blocks ?? [], `${at}/blocks`, faults);
    if (type === 'modal' && hasInputs(view) && view.submit === undefined)
      faults.add(at, 'missing required field: submit');
  }
  return faults;
}

const hasInputs = (view: Fields): boolean =>
  list(view.blocks).some((block) => isFields(block) && block.type === 'input');
