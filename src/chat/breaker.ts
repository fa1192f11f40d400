/** One platform's outage holds up nobody else: what doesn't answer is left alone for a while instead of waited for. */

import { type Chat, TryLater } from './chat.js';

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** How one workspace has answered lately. */
interface Line {
  /** Until when nothing is tried. */
  until: number;
  wait: number;
  /** Somebody is trying whether it answers again. */
  trying: boolean;
}

/**
 * The same chat, but after a call that nothing answered the next ones fail at once, until a moment has passed and
 * one of them has found the workspace there again. Without that, every worker of the outbox would stand at the one
 * that hangs, and the cards of the others behind them.
 */
export function withBreaker(chat: Chat, now: () => number = () => performance.now()): Chat {
  const lines = new Map<string, Line>();

  async function through<T>(workspace: string, call: () => Promise<T>): Promise<T> {
    const line = lines.get(workspace);
    if (line && (line.trying || line.until > now())) {
      const seconds = Math.max(line.until - now(), FIRST_MS) / 1000;
      throw new TryLater(`${workspace} doesn't answer; it is left alone for a moment`, seconds);
    }
    if (line) line.trying = true;
    try {
      const answer = await call();
      lines.delete(workspace);
      return answer;
    } catch (error) {
      // A workspace that asks for patience has answered; its own word says how long.
      if (error instanceof TryLater && error.afterSeconds === undefined) broke(workspace, line);
      else lines.delete(workspace);
      throw error;
    }
  }

  /** @param tried the line that the failed call was let through on. */
  function broke(workspace: string, tried: Line | undefined): void {
    // Several were under way together: that is one outage, not several in a row.
    if (lines.get(workspace) !== tried) return;
    const wait = Math.min(LONGEST_MS, (tried?.wait ?? FIRST_MS / 2) * 2);
    lines.set(workspace, { until: now() + wait, wait, trying: false });
  }

  return {
    ...chat,
    post: (to, card) => through(to.workspace, () => chat.post(to, card)),
    update: (posted, card) => through(posted.workspace, () => chat.update(posted, card)),
    ...(chat.invite
      ? { invite: (to, name) => through(to.workspace, async () => chat.invite?.(to, name) ?? null) }
      : {}),
    find: (workspace, email) => through(workspace, () => chat.find(workspace, email)),
  };
}
