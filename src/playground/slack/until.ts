/** Waiting for a fact instead of sleeping. */
import type { EventEmitter } from 'node:events';

/** Resolves with the first truthy answer of `look`, asked now and after every change. */
export function until<T>(
  changes: Pick<EventEmitter, 'on' | 'off'>,
  look: () => T,
  timeoutMs: number,
): Promise<NonNullable<T>> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      changes.off('change', check);
      changes.off('call', check);
    };
    const check = () => {
      let found: T;
      try {
        found = look();
      } catch (error) {
        stop();
        return reject(error);
      }
      if (found) {
        stop();
        resolve(found);
      }
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`not seen in Slack within ${timeoutMs} ms: ${String(look)}`));
    }, timeoutMs);
    changes.on('change', check);
    changes.on('call', check);
    check();
  });
}
