/** A long answer in parts, as fast as the browser takes it, and no faster. */

import type { Logger } from 'pino';
import type { Ctx } from './page-gate.js';

/** An end that was foreseen: nothing is wrong with the server. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}

/** A fault in the middle breaks it off: half an answer is an error. `what` names it in the log. */
export function streamed(c: Ctx, log: Logger, what: string, parts: AsyncIterable<string>): Response {
  const bytes = new TextEncoder();
  const each = parts[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await each.next();
        if (done) return controller.close();
        controller.enqueue(bytes.encode(value));
      } catch (err) {
        log[err instanceof CutOff ? 'info' : 'error']({ err }, `${what} was broken off`);
        controller.error(err);
      }
    },
    async cancel() {
      await each.return?.();
    },
  });
  return c.body(body);
}
