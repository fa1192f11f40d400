/** An Action.OpenUrl as a real link: one can copy it, and it opens in a tab that knows nothing of this one. */

import { OpenUrlAction } from 'adaptivecards';
import { safeUrl } from '../../mrkdwn/angle.js';

export class LinkAction extends OpenUrlAction {
  /** The address, if a browser may follow it. */
  get address(): string | undefined {
    return safeUrl(this.url ?? '');
  }

  override render(): void {
    super.render();
    if (!this.address || !this.renderedElement) return;
    const link = document.createElement('a');
    link.href = this.address;
    link.target = '_blank';
    link.rel = 'noreferrer noopener';
    link.append(...this.renderedElement.childNodes, outward());
    link.onclick = () => this.execute();
    this._renderedElement = link;
    this.updateCssClasses();
    this.setupElementForAccessibility(link);
  }
}

function outward(): HTMLElement {
  const arrow = document.createElement('span');
  arrow.className = 'btn-out';
  arrow.ariaHidden = 'true';
  arrow.textContent = '↗';
  return arrow;
}
