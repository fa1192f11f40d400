/** The page that sets up an authenticator. It is the same for everybody. */

import { scriptedPage } from './page-shell.js';

/** The HTML for a page so many folders deep. */
export function enrolPage(depth: number): string {
  return scriptedPage(depth, 'enrol');
}
