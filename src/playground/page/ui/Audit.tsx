/** The audit trail: what happened, on whose chain, and whether every chain is whole. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { AuditEvent, AuditView } from '../contract.js';
import { CloseIcon } from './icons.js';
import { clockOf, wholeOf } from './time.js';

const ALL = '';

export function Audit({ audit, close }: { audit: AuditView | undefined; close: () => void }) {
  const [chain, setChain] = useState(ALL);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  const events = audit?.events ?? [];
  const chains = [...new Set(events.map((event) => event.chain))];
  const shown = events.filter((event) => chain === ALL || event.chain === chain);
  return (
    <section class="audit" aria-label="Audit trail" onKeyDown={(event) => event.key === 'Escape' && close()}>
      <header class="audit-head">
        <h2>Audit trail</h2>
        {audit && <Whole whole={audit.whole} />}
        <button
          ref={button}
          type="button"
          class="icon-btn"
          aria-label="Close the audit trail"
          onClick={close}
        >
          <CloseIcon />
        </button>
      </header>
      {chains.length > 1 && (
        <fieldset class="audit-chains" aria-label="Chain">
          {[ALL, ...chains].map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={chain === name}
              onClick={() => setChain(name)}
            >
              {name === ALL ? 'All chains' : name}
            </button>
          ))}
        </fieldset>
      )}
      {audit && shown.length === 0 && <p class="audit-none">Nothing has happened yet. Ask for something.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <ol class="audit-list" tabIndex={0} aria-label="Events, newest first">
        {shown.map((event) => (
          <EventView key={`${event.chain} ${event.seq}`} event={event} />
        ))}
      </ol>
    </section>
  );
}

function Whole({ whole }: { whole: boolean }) {
  return whole ? (
    <span class="whole whole-yes">chain whole ✓</span>
  ) : (
    <span class="whole whole-no">chain whole ✗</span>
  );
}

function EventView({ event }: { event: AuditEvent }) {
  return (
    <li class="event">
      <div class="event-where">
        <span class="event-seq">
          {event.chain} #{event.seq}
        </span>
        <time dateTime={event.at} title={wholeOf(event.at)}>
          {clockOf(event.at)}
        </time>
      </div>
      <p class="event-what">
        <strong>{event.actor}</strong> <span class="event-action">{event.action}</span> {event.subject}
      </p>
      <Detail detail={event.detail} />
    </li>
  );
}

function Detail({ detail }: { detail: AuditEvent['detail'] }) {
  if (!detail) return null;
  if (typeof detail === 'string') return <p class="event-detail">{detail}</p>;
  const facts = Object.entries(detail).filter(([, value]) => value !== null && value !== '');
  if (facts.length === 0) return null;
  return (
    <dl class="event-detail event-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
