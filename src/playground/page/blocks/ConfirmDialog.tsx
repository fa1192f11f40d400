/** Slack's "are you sure" of a button or a choice. */

import { Dialog } from '../ui/Dialog.js';
import { TextView } from './Text.js';
import type { Confirm } from './types.js';

export function ConfirmDialog({ confirm, answer }: { confirm: Confirm; answer: (yes: boolean) => void }) {
  return (
    <Dialog class="dialog dialog-small" label={confirm.title.text} onClose={() => answer(false)}>
      <h2 class="dialog-title">{confirm.title.text}</h2>
      <div class="dialog-body">
        <TextView text={confirm.text} />
      </div>
      <div class="dialog-foot">
        <button type="button" class="btn" onClick={() => answer(false)}>
          {confirm.deny.text}
        </button>
        <button type="button" class={`btn btn-${confirm.style ?? 'primary'}`} onClick={() => answer(true)}>
          {confirm.confirm.text}
        </button>
      </div>
    </Dialog>
  );
}
