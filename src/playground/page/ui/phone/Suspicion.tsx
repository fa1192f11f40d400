/** What Duo asks after Deny: whether somebody else was at it. */

import { useEffect, useRef } from 'preact/hooks';
import type { DuoAct, Push } from '../../duo-contract.js';
import { Fault } from './Fault.js';

interface Props {
  readonly push: Push;
  readonly busy: boolean;
  readonly fault: string;
  readonly send: (what: DuoAct) => Promise<void>;
  readonly back: () => void;
}

export function Suspicion({ push: { txid }, busy, fault, send, back }: Props) {
  const question = useRef<HTMLHeadingElement>(null);
  // The button that led here is gone, and the focus with it.
  useEffect(() => question.current?.focus(), []);
  return (
    <div class="push-suspicion">
      <h4 ref={question} tabIndex={-1}>
        Was this a suspicious login?
      </h4>
      <Fault fault={fault} />
      <button
        type="button"
        class="btn btn-danger"
        disabled={busy}
        onClick={() => void send({ kind: 'fraud', txid })}
      >
        Yes, I didn’t ask for this
      </button>
      <button type="button" class="btn" disabled={busy} onClick={() => void send({ kind: 'deny', txid })}>
        No, I changed my mind
      </button>
      <button type="button" class="link-btn" disabled={busy} onClick={back}>
        Back
      </button>
    </div>
  );
}
