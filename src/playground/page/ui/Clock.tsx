/** Keyturn's clock: what it says, and winding it on. */

import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ClockView, WINDS } from '../clock-contract.js';
import { keyturnNow, sayDate, sayTime } from '../state/clock.js';
import { usePlayground } from '../state/use.js';
import { WindIcon } from './icons.js';

const PANEL = 'wind';

export function Clock({ clock }: { clock: ClockView }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  useLeaving(box, open, () => setOpen(false));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    toggle.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape anywhere in it closes what the button opened
    <div class="clock" ref={box} onKeyDown={onKeyDown}>
      <Time clock={clock} />
      <button
        ref={toggle}
        type="button"
        class="btn tool"
        aria-expanded={open}
        aria-controls={PANEL}
        onClick={() => setOpen(!open)}
      >
        <WindIcon /> <span>Wind the clock</span>
      </button>
      {open && <Panel clock={clock} />}
    </div>
  );
}

/** Closes when something else is pressed, or the focus goes elsewhere. */
function useLeaving(box: RefObject<HTMLDivElement>, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return;
    const leave = ({ target }: Event) => {
      if (target instanceof Node && !box.current?.contains(target)) close();
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [open]);
}

/** It goes on each second, and nobody is told: whoever wants to know looks. */
function Time({ clock }: { clock: ClockView }) {
  const now = useNow(clock);
  return (
    <time class="clock-time" dateTime={now.toISOString()} title={`Keyturn’s clock, in ${clock.timezone}`}>
      <span class="clock-date">{sayDate(clock, now)}</span> <span>{sayTime(clock, now)}</span>
    </time>
  );
}

function useNow(clock: ClockView): Date {
  const [real, tick] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return keyturnNow(clock, real);
}

function Panel({ clock }: { clock: ClockView }) {
  const page = usePlayground();
  const [busy, setBusy] = useState(false);
  const wind = async (by: (typeof WINDS)[number]) => {
    if (busy) return;
    setBusy(true);
    await page.wind(by);
    setBusy(false);
  };
  return (
    <fieldset class="wind" id={PANEL} aria-label="Wind the clock on by">
      <p class="wind-day">
        {sayDate(clock, keyturnNow(clock))}, {clock.timezone}
      </p>
      <div class="wind-by">
        {WINDS.map((by) => (
          <button key={by.seconds} type="button" class="btn" aria-busy={busy} onClick={() => void wind(by)}>
            +{by.words}
          </button>
        ))}
      </div>
      <p class="wind-note">
        What falls due happens at once. There is no way back, and a real authenticator app doesn’t come along.
      </p>
    </fieldset>
  );
}
