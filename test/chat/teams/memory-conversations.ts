/** Conversations without a database. */

import type { Conversation, Conversations } from '../../../src/chat/conversations.js';

/** What the database would keep, the newest first. */
export class MemoryConversations implements Conversations {
  readonly rows: Conversation[] = [];

  constructor(readonly tenant: string) {}

  async open(told: Pick<Conversation, 'conversation' | 'userId' | 'serviceUrl'>): Promise<void> {
    this.#put({ platform: 'teams', workspace: this.tenant, ...told, state: 'open', why: null });
  }

  async close(conversation: string, why: string): Promise<void> {
    const row = this.rows.find((one) => one.conversation === conversation && one.state === 'open');
    if (row) this.#put({ ...row, state: 'closed', why });
  }

  async find(of: string): Promise<Conversation | null> {
    return this.rows.find((one) => one.userId === of || one.conversation === of) ?? null;
  }

  async teams(): Promise<Conversation[]> {
    return this.rows.filter((one) => one.userId === null && one.state === 'open');
  }

  async newest(): Promise<Conversation | null> {
    return this.rows.find((one) => one.state === 'open') ?? this.rows[0] ?? null;
  }

  #put(row: Conversation): void {
    const at = this.rows.findIndex((one) => one.conversation === row.conversation);
    if (at >= 0) this.rows.splice(at, 1);
    this.rows.unshift(row);
  }
}
