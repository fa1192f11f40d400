/** What the bench's bastions offer: sessions, and nothing else. */

import type { Offers } from '../../src/core/lendable.js';

export const OFFERS: Offers = { mode: 'server', factors: [], deliveries: ['ssh'], reachableClients: [] };
