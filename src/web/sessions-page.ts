/** The page of recorded sessions. It is the same for everybody. */

import { scriptedPage } from './page-shell.js';

/** The HTML for a page so many folders deep. */
export function sessionsPage(depth: number): string {
  return scriptedPage(depth, 'sessions', 'sessions');
}
