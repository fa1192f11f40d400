/** Says that a phone rings to who can't see it: a reader of screens, and somebody who is in another tab. */

import { useEffect, useRef } from 'preact/hooks';
import type { Model } from '../../state/model.js';
import { isRinging } from '../../state/phones.js';
import { firstName } from '../TopBar.js';

export function RingNotice({ model }: { model: Model }) {
  const title = useRef(document.title);
  const words = model.cast.people
    .filter(({ key }) => isRinging(model, key))
    .map(({ name }) => `${firstName(name)}’s phone rings`)
    .join(', ');
  useEffect(() => {
    document.title = words ? `${words} · ${title.current}` : title.current;
  }, [words]);
  return (
    <p class="unseen" role="status">
      {words}
    </p>
  );
}
