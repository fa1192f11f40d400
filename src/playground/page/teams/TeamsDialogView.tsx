/** A dialog of Teams (task module): a card to fill in, or words. */

import { useState } from 'preact/hooks';
import { usePlayground } from '../state/use.js';
import type { TeamsDialog } from '../teams-contract.js';
import { Dialog } from '../ui/Dialog.js';
import { CloseIcon, KeyMark } from '../ui/icons.js';
import { CardView } from './cards/CardView.js';

const HERE = { dialog: true } as const;

export function TeamsDialogView({ dialog }: { dialog: TeamsDialog }) {
  const page = usePlayground();
  const [fault, setFault] = useState<string>();
  const close = () => void page.actInTeams({ kind: 'close' });
  const wrong = dialog.error ?? fault;
  return (
    <Dialog class="dialog t-theme t-dialog" label={dialog.title} onClose={close}>
      <header class="dialog-head">
        <KeyMark />
        <h2 class="dialog-title">{dialog.title}</h2>
        <button type="button" class="icon-btn" aria-label="Close" onClick={close}>
          <CloseIcon />
        </button>
      </header>
      <div class="dialog-body">
        {dialog.message && <p class="t-words">{dialog.message}</p>}
        {dialog.card && <CardView card={dialog.card} place={HERE} label={dialog.title} onFault={setFault} />}
        {wrong && (
          <p class="t-note t-note-error" role="alert">
            {wrong}
          </p>
        )}
      </div>
    </Dialog>
  );
}
