/**
 * Streams that all tabs share. A browser gives one origin six connections, and each tab needs one for its Slack: so
 * of every other stream one tab listens for all of them, and when it closes another takes its place.
 */

type Told<C> = { readonly change: C } | 'reconnected';

/**
 * Listens for changes until the page closes. A change that can't be read is `{}`, and so is all that happened while
 * nobody listened.
 *
 * @param name of the stream, the same in every tab
 */
export function listenTogether<C extends object>(
  name: string,
  path: string,
  on: (change: C | Record<string, never>) => void,
): void {
  const tabs = new BroadcastChannel(name);
  const hear = (told: Told<C>) => on(told === 'reconnected' ? {} : told.change);
  tabs.onmessage = (event: MessageEvent<Told<C>>) => hear(event.data);
  const tell = (told: Told<C>) => {
    tabs.postMessage(told);
    hear(told);
  };
  void navigator.locks.request(name, () => {
    const stream = new EventSource(path);
    stream.onopen = () => tell('reconnected');
    stream.addEventListener('change', (event) => tell(parse<C>(event.data)));
    return new Promise(() => undefined);
  });
}

function parse<C>(data: string): Told<C> {
  try {
    return { change: JSON.parse(data) as C };
  } catch {
    return 'reconnected';
  }
}
