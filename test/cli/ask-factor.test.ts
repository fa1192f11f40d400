import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask } from '../../src/cli/ask-factor.js';
import type { Sitting } from '../../src/cli/sitting.js';
import type { Told } from '../../src/cli/told.js';
import type { Outcome } from '../../src/core/command.js';
import { Directory } from '../../src/core/directory.js';
import type { ProofFacts } from '../../src/core/facts.js';

const directory = new Directory({
  version: 1,
  timezone: 'UTC',
  operator: 'Northwind IT',
  people: [],
  groups: {},
  policies: [],
  clients: [],
  accounts: [],
});
const FACTS = {
  proof: { method: 'totp', code: null, facts: [['Store a new password of', 'acme/printer']] },
} as unknown as ProofFacts;

/** Somebody whose authenticator shows this, and what they were told. */
function sit(right: string) {
  const entered: string[] = [];
  const said: string[] = [];
  const keys = Object.assign(new PassThrough(), { isTTY: true });
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(keys as never);
  vi.spyOn(console, 'error').mockImplementation((line) => void said.push(line));
  const enterCode = async (_actor: unknown, _proof: string, typed: string): Promise<Outcome> => {
    entered.push(typed);
    return typed === right ? { done: 'it' } : { refused: { code: 'wrong-code', left: 4 } };
  };
  const sitting = {
    desk: { ports: { facts: { facts: async () => ({ directory }) } } },
    prover: { enterCode },
    actor: { person: 'P-1', via: 'cli' },
    proof: 'C-1',
    code: undefined,
    over: new AbortController(),
  } as unknown as Sitting;
  return { sitting, keys, entered, said };
}

afterEach(() => void vi.restoreAllMocks());

describe('at a terminal, an authenticator', () => {
  test('is asked for its digits, and again after a wrong one', async () => {
    const { sitting, keys, entered, said } = sit('287082');
    await ask(sitting, FACTS);
    keys.write('111111\n');
    await vi.waitFor(() =>
      expect(said.at(-1)).toMatch(/^That code isn’t right\. .+4 more tries are left\.$/),
    );
    keys.write('287082\n');
    await vi.waitFor(() => expect(entered).toEqual(['111111', '287082']));
    expect(said[0]).toBe(
      'Confirm with the six digits that your authenticator shows.\nDo so only if you want exactly this:\n  Store a new password of: acme/printer',
    );
    expect(sitting.over.signal.aborted).toBe(false);
  });

  test('is waited for no longer once its person closes the terminal’s input', async () => {
    const { sitting, keys, entered } = sit('287082');
    await ask(sitting, FACTS);
    keys.end();
    await vi.waitFor(() => expect(sitting.over.signal.aborted).toBe(true));
    const told = sitting.over.signal.reason as Told;
    expect([told.message, told.exitCode]).toEqual(['Stopped. Nothing was done.', 130]);
    expect(entered).toEqual([]);
  });

  test('is not asked for any more once it was settled elsewhere', async () => {
    const { sitting, keys, entered } = sit('287082');
    await ask(sitting, FACTS);
    sitting.over.abort();
    keys.write('287082\n');
    await vi.waitFor(() => expect(keys.readableFlowing).toBe(false));
    expect(entered).toEqual([]);
  });
});
