/** The phone of the person one is: small while nothing happens, and up when it rings. */

import type { DuoPhone } from '../../duo-contract.js';
import type { Model } from '../../state/model.js';
import { shownPush } from '../../state/phones.js';
import { usePlayground } from '../../state/use.js';
import { FoldIcon, PhoneIcon, UpIcon } from '../icons.js';
import { firstName } from '../TopBar.js';
import { PhoneHome } from './PhoneHome.js';
import { PushView } from './PushView.js';
import { outcomeOf } from './words.js';

export function Phone({ model }: { model: Model }) {
  const page = usePlayground();
  const phone = model.phones[model.who.key];
  if (!phone) return null;
  const owner = firstName(model.who.name);
  const push = shownPush(phone);
  const up = model.phoneUp;
  const look = [
    'handset',
    up && 'handset-up',
    push && 'handset-rings',
    phone.phone === 'off' && 'handset-off',
  ];
  return (
    // Another push is another buzz: a new element begins its animation again.
    <section key={push?.txid} class={look.filter(Boolean).join(' ')} aria-label={`${owner}’s phone`}>
      <button type="button" class="handset-grip" aria-expanded={up} onClick={() => page.raisePhone(!up)}>
        <PhoneIcon />
        <span class="handset-name">{owner}’s phone</span>
        <span class="handset-note">{note(phone)}</span>
        {up ? <FoldIcon /> : <UpIcon />}
      </button>
      {up && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div class="handset-screen" tabIndex={0}>
          {push ? (
            <PushView push={push} more={phone.pending.length - 1} />
          ) : (
            <PhoneHome phone={phone} owner={owner} clock={model.clock} />
          )}
        </div>
      )}
    </section>
  );
}

/** All there is to know at a glance. */
function note({ phone, pending, recent }: DuoPhone): string {
  if (pending.length > 0) return 'rings';
  if (phone !== 'on') return phone;
  return recent[0] ? outcomeOf(recent[0].state) : 'quiet';
}
