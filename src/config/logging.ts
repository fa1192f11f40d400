/** The log: one JSON line an event, on standard output. */

import { type Logger, pino, stdSerializers } from 'pino';

export type { Logger } from 'pino';

/** How much of an error's message is kept: a driver may quote a whole statement in it. */
const LONGEST = 600;

/** Nothing but these of an error: its own properties may hold a row, a header or a body. */
function safeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = stdSerializers.err(error);
  const code = (error as { code?: unknown }).code;
  return {
    type,
    message: message.slice(0, LONGEST),
    ...(typeof code === 'string' ? { code } : {}),
    stack: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n'),
    ...(error.cause instanceof Error ? { cause: safeError(error.cause) } : {}),
  };
}

/** @param level as LOG_LEVEL has it; `silent` logs nothing. */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: { app: 'keyturn' },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: safeError },
    formatters: { level: (label) => ({ level: label }) },
  });
}
