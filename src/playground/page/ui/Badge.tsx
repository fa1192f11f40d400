/** How many messages wait. */
export function Badge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class="badge">
      {count > 9 ? '9+' : count}
      <span class="unseen"> unread</span>
    </span>
  );
}
