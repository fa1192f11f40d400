/** The few pictures of these pages, as paths in a box of 24 by 24. */

export const ICONS = {
  key: 'M14.5 3a6.5 6.5 0 0 0-6.2 8.5L3 16.8V21h4.2v-2.4h2.4v-2.4h2.2l1-1A6.5 6.5 0 1 0 14.5 3Zm2 6.2a1.7 1.7 0 1 1 0-3.4 1.7 1.7 0 0 1 0 3.4Z',
  done: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1.4 14.4-4-4 1.5-1.5 2.5 2.5 5.4-5.4 1.5 1.5-6.9 6.9Z',
  hidden:
    'M12 2a5 5 0 0 0-5 5v2H6a1.5 1.5 0 0 0-1.5 1.500v9A1.5 1.5 0 0 0 6 21h12a1.5 1.5 0 0 0 1.5-1.500v-9A1.5 1.5 0 0 0 18 9h-1V7a5 5 0 0 0-5-5Zm-2.8 7V7a2.8 2.8 0 0 1 5.6 0v2H9.200Z',
  over: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm1.1 15h-2.200v-2.200h2.200V17Zm0-4.200h-2.200V7h2.200v5.800Z',
} as const;

export type IconName = keyof typeof ICONS;
