/** `--by` and `--code`: how somebody at the terminal wants to prove that it is they. */

import { sayFactor } from '../core/cards/say-proof.js';
import { activeFactor } from '../core/factor.js';
import type { Person } from '../core/people.js';
import type { Method } from '../core/proof.js';
import type { Desk } from './applied.js';
import type { Args } from './args.js';
import { Told } from './told.js';

const METHODS: readonly Method[] = ['duo_push', 'duo_universal', 'totp'];

export interface Ways {
  /** The factor to ask; absent: the person's first. */
  readonly wish?: Method;
  /** The digits that an authenticator shows, for scripts. */
  readonly code?: string;
}

/** @throws where these options fit no factor of this deployment or person: before anybody's phone rings. */
export async function waysOf({ by, code }: Args, desk: Desk, person: Person): Promise<Ways> {
  const order = desk.mfa?.order ?? [];
  const wish = METHODS.find((method) => method === by);
  if (by !== undefined && !wish) throw new Told(`--by is one of ${METHODS.join(', ')}.`, 2);
  if (wish && !order.includes(wish))
    throw new Told(
      `The applied version doesn’t ask for ${wish}: mfa.order has ${order.join(', ') || 'nothing'}.`,
    );
  if (code === undefined) return wish ? { wish } : {};
  if (!order.includes('totp'))
    throw new Told(
      '--code is what an authenticator shows, and the applied version asks for none (totp is not in mfa.order). Leave it out.',
    );
  if (wish && wish !== 'totp')
    throw new Told(`--code doesn’t go with ${sayFactor(wish)}: leave one of them out.`, 2);
  const { factors } = await desk.ports.store.personFacts(person.id);
  if (!activeFactor(factors))
    throw new Told(`${person.name} has no authenticator, so there is no code to give. Leave --code out.`);
  return { wish: 'totp', code };
}
