/** Short notices that go by themselves. */

import { useEffect } from 'preact/hooks';
import type { Toast } from '../state/model.js';
import { usePlayground } from '../state/use.js';
import { CloseIcon } from './icons.js';

const SHOWN_MS = 12_000;

export function Toasts({ toasts }: { toasts: readonly Toast[] }) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastView({ toast }: { toast: Toast }) {
  const page = usePlayground();
  useEffect(() => {
    const timer = setTimeout(() => page.hush(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={`toast toast-${toast.tone}`}>
      <span>{toast.text}</span>
      <button type="button" class="icon-btn" aria-label="Dismiss" onClick={() => page.hush(toast.id)}>
        <CloseIcon />
      </button>
    </div>
  );
}
