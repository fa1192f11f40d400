/** The actions behind a card's three dots. */

import type { Action } from 'adaptivecards';
import { useEffect, useRef } from 'preact/hooks';
import { LinkAction } from './LinkAction.js';

interface Props {
  readonly actions: readonly Action[];
  readonly button: HTMLElement | undefined;
  readonly close: () => void;
}

const GAP_PX = 4;

export function ActionMenu({ actions, button, close }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = menu.current;
    element?.showPopover();
    if (element && button) placeBeside(element, button);
    button?.setAttribute('aria-expanded', 'true');
    element?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    // It hangs in the window, and what it belongs to moves away.
    addEventListener('scroll', close, true);
    return () => {
      removeEventListener('scroll', close, true);
      button?.setAttribute('aria-expanded', 'false');
    };
  }, []);
  const leave = () => {
    close();
    button?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) moveFocus(menu.current, step);
    else if (event.key === 'Escape' || event.key === 'Tab') leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={menu}
      class="t-menu"
      popover="auto"
      role="menu"
      aria-label="More actions"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onToggle={(event) => event.newState === 'closed' && close()}
    >
      {actions.map((action, index) => (
        <MenuItem key={index} action={action} leave={leave} />
      ))}
    </div>
  );
}

function MenuItem({ action, leave }: { action: Action; leave: () => void }) {
  const common = {
    class: 't-menu-item',
    role: 'menuitem',
    onClick: () => {
      leave();
      action.execute();
    },
  } as const;
  if (action instanceof LinkAction && action.address) {
    return (
      <a {...common} href={action.address} target="_blank" rel="noreferrer noopener">
        {action.title}
      </a>
    );
  }
  return (
    <button type="button" {...common}>
      {action.title}
    </button>
  );
}

function moveFocus(menu: HTMLElement | null, step: number): void {
  const items = [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}

/** Below the button, or above it where there is no room. */
function placeBeside(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = menu;
  const below = at.bottom + GAP_PX;
  menu.style.left = `${Math.max(GAP_PX, Math.min(at.left, innerWidth - offsetWidth - GAP_PX))}px`;
  menu.style.top = `${below + offsetHeight > innerHeight ? at.top - GAP_PX - offsetHeight : below}px`;
}
