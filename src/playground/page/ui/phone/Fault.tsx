/** What the answer's field is described by. */
export const FAULT = 'push-fault';

/** What Duo says against an answer, read out at once. */
export function Fault({ fault }: { fault: string }) {
  return (
    <p id={FAULT} class="push-fault" role="alert">
      {fault}
    </p>
  );
}
