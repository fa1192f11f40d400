/** A push as Duo shows it: what is asked, its facts, and the answer. */

import { useEffect, useState } from 'preact/hooks';
import type { DuoAct, Push } from '../../duo-contract.js';
import { usePlayground } from '../../state/use.js';
import { KeyMark } from '../icons.js';
import { Answer } from './Answer.js';
import { Suspicion } from './Suspicion.js';

/** @param more how many pushes wait behind this one. */
export function PushView({ push, more }: { push: Push; more: number }) {
  const { busy, fault, send } = useSending();
  const [denying, deny] = useState(false);
  return (
    <div class="push">
      <div class="push-head">
        <span class="push-app" aria-hidden="true">
          <KeyMark />
        </span>
        <span class="push-asks">Duo asks: is this you?</span>
        <SecondsLeft until={push.expiresAt} />
      </div>
      <h3 class="push-title">{push.type}</h3>
      <dl class="push-facts">
        {push.facts.map(({ label, value }, index) => (
          <div key={`${index} ${label}`}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {more > 0 && <p class="push-more">{more} more after this one</p>}
      {denying ? (
        <Suspicion push={push} busy={busy} fault={fault} send={send} back={() => deny(false)} />
      ) : (
        <Answer push={push} busy={busy} fault={fault} send={send} deny={() => deny(true)} />
      )}
    </div>
  );
}

/** Sends an answer; what Duo says against it stays on the screen until the next try. */
function useSending() {
  const page = usePlayground();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const send = async (what: DuoAct) => {
    setBusy(true);
    setFault('');
    const outcome = await page.onPhone(what);
    setBusy(false);
    if (!outcome.ok) setFault(outcome.error ?? 'That did not work.');
  };
  return { busy, fault, send };
}

function SecondsLeft({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <span class="push-left">{Math.max(0, Math.ceil((until - now) / 1_000))} s left</span>;
}
