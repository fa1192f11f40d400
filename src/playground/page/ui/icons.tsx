/** The few drawings of the page. */

/** Keyturn's own mark: a key seen end on, half turned in its lock. */
export function KeyMark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M16 3a13 13 0 1 1-11.3 6.6"
        fill="none"
        stroke="currentColor"
        stroke-width="2.6"
        stroke-linecap="round"
      />
      <path
        d="M2.6 4.2 4.4 10.4l6.2-1.8"
        fill="none"
        stroke="currentColor"
        stroke-width="2.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      <path
        d="M16 9.2a3.9 3.9 0 0 1 2.1 7.2l1.5 6.2h-7.2l1.5-6.2A3.9 3.9 0 0 1 16 9.2z"
        fill="currentColor"
      />
    </svg>
  );
}

function Line({ d }: { d: string }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d={d}
        fill="none"
        stroke="currentColor"
        stroke-width="1.7"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

export const CloseIcon = () => <Line d="M5 5l10 10M15 5L5 15" />;
export const SendIcon = () => <Line d="M3.5 10h12M10.5 5l5 5-5 5" />;
export const BoltIcon = () => <Line d="M11 2.5 4.5 11.5H9.5L9 17.5 15.5 8.5H10.5z" />;
export const TrailIcon = () => <Line d="M4 4.5h.01M4 10h.01M4 15.5h.01M8 4.5h8.5M8 10h8.5M8 15.5h8.5" />;
export const PhoneIcon = () => (
  <Line d="M6.5 2.5h7a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM9 14.8h2" />
);
export const FoldIcon = () => <Line d="M5 7.5l5 5 5-5" />;
export const WindIcon = () => <Line d="M3.5 5.5 9 10l-5.5 4.5zM10.5 5.5 16 10l-5.5 4.5z" />;
export const UpIcon = () => <Line d="M5 12.5l5-5 5 5" />;
export const HomeIcon = () => <Line d="M3.5 9.5 10 3.5l6.5 6M5.5 8.5v8h9v-8" />;
export const DownIcon = () => <Line d="M10 4v11.5M5 10.5l5 5 5-5" />;
export const PromptsIcon = () => <Line d="M4 5h12v8.5H9.5L6 16.5v-3H4zM7 8h6M7 10.5h4" />;

export const TerminalIcon = () => <Line d="M3 4.5h14v11H3zM5.8 8l2.4 2-2.4 2M10.5 12.2h3.7" />;

/** Two people and a tile: which chat it is, at a glance. */
export function TeamsIcon() {
  return (
    <svg class="t-sign" viewBox="0 0 24 24" aria-hidden="true">
      <g fill="currentColor">
        <circle cx="18.6" cy="6.6" r="2.2" opacity="0.75" />
        <path d="M15.5 10h6.2a1 1 0 0 1 1 1v4.3a3.6 3.6 0 0 1-5.6 3z" opacity="0.75" />
        <circle cx="12.4" cy="5" r="3" />
        <path d="M9 9.6h8a1 1 0 0 1 1 1v5.6a5.5 5.5 0 0 1-9 4.3z" />
        <rect x="1.5" y="7.5" width="11" height="11" rx="2" />
      </g>
      <path
        d="M4.6 10.6h4.8M7 10.6v5.2"
        fill="none"
        stroke="#4f52b2"
        stroke-width="1.6"
        stroke-linecap="round"
      />
    </svg>
  );
}
