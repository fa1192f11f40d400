/** A form that the bot opened. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { BlockList } from '../blocks/Blocks.js';
import { useHostFor } from '../blocks/host.js';
import type { Plain } from '../blocks/types.js';
import { collect, complaints } from '../blocks/values.js';
import type { Values, View } from '../slack-contract.js';
import { usePlayground } from '../state/use.js';
import { Dialog } from './Dialog.js';
import { CloseIcon, KeyMark } from './icons.js';

export function Modal({ view }: { view: View }) {
  const page = usePlayground();
  const host = useHostFor({ viewId: view.id }, view.state?.values);
  const { errors, fault, busy, submit } = useSubmit(view, host.touched);
  const title = words(view.title) ?? 'Keyturn';
  const submitLabel = words(view.submit);
  const form = useRef<HTMLFormElement>(null);
  const wrong = Object.keys(errors).join(' ');
  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid]');
    first?.focus();
    // The complaint stands below its field, where a phone's footer would hide it.
    first?.closest('.b-input')?.scrollIntoView({ block: 'center' });
  }, [wrong]);
  const close = () => void page.act({ kind: 'close', viewId: view.id });
  const send = (event: Event) => {
    event.preventDefault();
    void submit();
  };
  return (
    <Dialog class="dialog" label={title} onClose={close}>
      <form ref={form} class="dialog-form" noValidate onSubmit={send}>
        <header class="dialog-head">
          <KeyMark />
          <h2 class="dialog-title">{title}</h2>
          <button type="button" class="icon-btn" aria-label="Close" onClick={close}>
            <CloseIcon />
          </button>
        </header>
        <div class="dialog-body">
          <BlockList blocks={view.blocks} host={{ ...host, errors }} />
        </div>
        <footer class="dialog-foot">
          {fault && (
            <p class="dialog-fault" role="alert">
              {fault}
            </p>
          )}
          <button type="button" class="btn" onClick={close}>
            {words(view.close) ?? (submitLabel ? 'Cancel' : 'Close')}
          </button>
          {submitLabel && (
            <button type="submit" class="btn btn-primary" aria-busy={busy} disabled={busy}>
              {submitLabel}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

/** Sends the form once it is complete; the bot's own complaints come back with the view. */
function useSubmit(view: View, touched: Values) {
  const page = usePlayground();
  const [own, setOwn] = useState<Record<string, string>>({});
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    const values = collect(view.blocks, touched);
    const found = complaints(view.blocks, values);
    setOwn(found);
    setFault(undefined);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    const outcome = await page.act({ kind: 'submit', viewId: view.id, values });
    setBusy(false);
    if (!outcome.ok) setFault(outcome.error ?? 'That did not work.');
  };
  return { errors: { ...view.errors, ...own }, fault, busy, submit };
}

function words(text: Plain | string | null | undefined): string | undefined {
  return (typeof text === 'string' ? text : text?.text) || undefined;
}
