/** The browser's own modal dialog: it holds the focus and listens to Escape. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly class: string;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ class: look, label, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const leave = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  return (
    <dialog
      ref={dialog}
      class={look}
      aria-label={label}
      // Whether it closes is for whoever holds its state to say: it goes when that goes.
      onKeyDown={(event) => event.key === 'Escape' && leave(event)}
      onCancel={leave}
    >
      {children}
    </dialog>
  );
}
