/** Counts who stands at the door without having signed in, so that nobody can crowd the others out. */

import type { Limits } from './limits.js';

export interface Doorkeeper {
  /** Whether one more may connect from here. Where so, `leave` has to be called once when it is gone. */
  arrive(address: string): boolean;
  /** It has signed in, and waits no more. */
  admitted(address: string): void;
  leave(address: string, wasAdmitted: boolean): void;
}

export function doorkeeper(limits: Limits): Doorkeeper {
  const waiting = new Map<string, number>();
  let allWaiting = 0;
  let all = 0;
  const count = (address: string, by: number) => {
    const house = neighbourhood(address);
    const now = (waiting.get(house) ?? 0) + by;
    allWaiting += by;
    if (now > 0) waiting.set(house, now);
    else waiting.delete(house);
  };
  return {
    arrive(address) {
      const here = waiting.get(neighbourhood(address)) ?? 0;
      if (all >= limits.connections || allWaiting >= limits.waiting || here >= limits.waitingPerAddress)
        return false;
      all += 1;
      count(address, 1);
      return true;
    },
    admitted: (address) => count(address, -1),
    leave(address, wasAdmitted) {
      all -= 1;
      if (!wasAdmitted) count(address, -1);
    },
  };
}

/** IPv4 as such, also where it is written as IPv6. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}

/** Of IPv6 the first 64 bits: whoever has one address of such a network has all of them. */
function neighbourhood(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const zeros = address.includes('::') ? new Array<string>(Math.max(0, missing)).fill('0') : [];
  return [...groups(head), ...zeros, ...groups(tail)].slice(0, 4).join(':');
}
