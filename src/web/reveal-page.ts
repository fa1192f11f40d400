/** The page behind a link. It is the same for every link: what it is about comes later, and only to a script. */

import { scriptedPage } from './page-shell.js';

/** The HTML for a page so many folders deep. */
export function linkPage(depth: number): string {
  return scriptedPage(depth, 'link');
}
