/** Something a human can't do at all: no such button, no such person. */
export class Impossible extends Error {}
