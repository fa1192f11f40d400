/** Waiting for a fact instead of sleeping. */
import type { EventEmitter } from 'node:events';

const told = ['change', 'call', 'delivered'] as const;

/** Resolves with the first truthy answer of `look`, asked now and after everything that happens in a played chat. */
export function until<T>(
  changes: Pick<EventEmitter, 'on' | 'off'>,
  look: () => T,
  timeoutMs: number,
): Promise<NonNullable<T>> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer);
      for (const event of told) changes.off(event, check);
      end();
    };
    const check = () => {
      try {
        const found = look();
        if (found) settle(() => resolve(found));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const missed = () => reject(new Error(`not seen within ${timeoutMs} ms: ${String(look)}`));
    const timer = setTimeout(() => settle(missed), timeoutMs);
    for (const event of told) changes.on(event, check);
    check();
  });
}
