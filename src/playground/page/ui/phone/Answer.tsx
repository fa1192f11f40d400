/** Approve or Deny; a verified push wants the number first that stands where the person asked. */

import { useState } from 'preact/hooks';
import type { DuoAct, Push } from '../../duo-contract.js';
import { FAULT, Fault } from './Fault.js';

interface Props {
  readonly push: Push;
  readonly busy: boolean;
  readonly fault: string;
  readonly send: (what: DuoAct) => Promise<void>;
  readonly deny: () => void;
}

const MOST_DIGITS = 6;

export function Answer({ push, busy, fault, send, deny }: Props) {
  const [code, setCode] = useState('');
  const { txid, verified } = push;
  const ready = !busy && (!verified || code !== '');
  const approve = (event: Event) => {
    event.preventDefault();
    if (ready) void send({ kind: 'allow', txid, ...(verified && { code }) });
  };
  return (
    <form class="push-answer" onSubmit={approve}>
      {verified && <NumberField code={code} write={setCode} wrong={fault !== ''} />}
      <Fault fault={fault} />
      <div class="push-buttons">
        <button type="button" class="btn btn-danger" disabled={busy} onClick={deny}>
          Deny
        </button>
        <button type="submit" class="btn btn-primary" disabled={!ready}>
          Approve
        </button>
      </div>
    </form>
  );
}

interface NumberProps {
  readonly code: string;
  readonly write: (code: string) => void;
  readonly wrong: boolean;
}

function NumberField({ code, write, wrong }: NumberProps) {
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    // Also where the digits stay the same, and nothing is drawn anew: what was no digit has to go.
    currentTarget.value = currentTarget.value.replace(/\D/g, '').slice(0, MOST_DIGITS);
    write(currentTarget.value);
  };
  return (
    <label class="push-number">
      Type the number that you were shown
      <input
        value={code}
        inputMode="numeric"
        autoComplete="off"
        placeholder="•••"
        aria-invalid={wrong}
        aria-describedby={FAULT}
        onInput={onInput}
      />
    </label>
  );
}
