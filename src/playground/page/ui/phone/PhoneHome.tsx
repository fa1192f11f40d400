/** The phone while nothing waits: how it is set, and what was answered last. */

import type { ClockView } from '../../clock-contract.js';
import type { DuoPhone, PhoneMode, Push } from '../../duo-contract.js';
import { keyturnTime } from '../../state/clock.js';
import { usePlayground } from '../../state/use.js';
import { clockOf } from '../time.js';
import { outcomeOf } from './words.js';

const MODES: readonly { readonly mode: PhoneMode; readonly label: string; readonly means: string }[] = [
  { mode: 'on', label: 'On', means: 'A push arrives at once.' },
  { mode: 'slow', label: 'Slow', means: 'A push arrives late.' },
  { mode: 'off', label: 'Off', means: 'No push arrives; each one times out.' },
];

const SHOWN = 5;

interface Props {
  readonly phone: DuoPhone;
  readonly owner: string;
  readonly clock: ClockView;
}

export function PhoneHome({ phone, owner, clock }: Props) {
  return (
    <div class="phone-home">
      <Modes mode={phone.phone} />
      <h3>Recent pushes</h3>
      {phone.recent.length === 0 ? (
        <p class="phone-none">None yet. When Duo has to ask whether it is really {owner}, it rings here.</p>
      ) : (
        <ol class="phone-recent" aria-label="Recent pushes">
          {phone.recent.slice(0, SHOWN).map((push) => (
            <Past key={push.txid} push={push} clock={clock} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Modes({ mode: now }: { mode: PhoneMode }) {
  const page = usePlayground();
  const set = async (mode: PhoneMode) => {
    const outcome = await page.onPhone({ kind: 'phone', phone: mode });
    if (!outcome.ok) page.say(outcome.error ?? 'That did not work.');
  };
  return (
    <fieldset class="phone-modes">
      <legend>This phone is</legend>
      <div class="phone-switch">
        {MODES.map(({ mode, label }) => (
          <label key={mode}>
            <input type="radio" name="phone" checked={mode === now} onChange={() => void set(mode)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <p>{MODES.find(({ mode }) => mode === now)?.means}</p>
    </fieldset>
  );
}

/** One line a push: what was asked, of what, and what became of it. */
function Past({ push, clock }: { push: Push; clock: ClockView }) {
  const at = new Date(keyturnTime(clock, push.at)).toISOString();
  const [first] = push.facts;
  return (
    <li class={`past past-${push.state}`}>
      <span class="past-outcome">{outcomeOf(push.state)}</span>
      <time dateTime={at}>{clockOf(at)}</time>
      <span class="past-what">
        {push.type}
        {first && ` · ${first.value}`}
      </span>
    </li>
  );
}
