/** How components see the store. */

import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Model } from './model.js';
import type { Playground } from './playground.js';

export const PlaygroundContext = createContext<Playground | undefined>(undefined);

/** The store itself, for acting. */
export function usePlayground(): Playground {
  const page = useContext(PlaygroundContext);
  if (!page) throw new Error('There is no playground around this component.');
  return page;
}

/** What the page knows now; the component is drawn again whenever that changes. */
export function useModel(): Model {
  const page = usePlayground();
  const [model, setModel] = useState(page.model);
  useEffect(() => {
    // It may have moved between the first drawing and now.
    setModel(page.model);
    return page.watch(() => setModel(page.model));
  }, [page]);
  return model;
}
