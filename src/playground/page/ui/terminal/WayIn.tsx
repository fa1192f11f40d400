/** Below a message with a line to paste: the shortest way to try it. It is the page's, and no part of the card. */

import { usePlayground } from '../../state/use.js';
import { wayIn } from '../../state/way.js';
import { TerminalIcon } from '../icons.js';

export function WayIn({ of }: { of: unknown }) {
  const page = usePlayground();
  const way = wayIn(of);
  if (!way) return null;
  return (
    <button type="button" class="btn way-in" onClick={() => page.openTerminal(way)}>
      <TerminalIcon /> Try it in this page’s terminal
    </button>
  );
}
