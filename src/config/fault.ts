/** What is wrong with a configuration, where, and what to write instead. Faults are values, never thrown. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where something stands in the document: keys and list positions from the top. */
export type Path = readonly (string | number)[];

export interface Fault {
  readonly file?: string;
  /** Lines and columns count from 1. Absent when the document came from the database. */
  readonly line?: number;
  readonly column?: number;
  /** Readable place, such as `policies.two-person.approvals[1].from`; list entries are named by id or e-mail. */
  readonly path: string;
  /** A sentence that begins in lower case, since the path stands before it. Never contains a secret's value. */
  readonly message: string;
  /** What to write instead, as a sentence. */
  readonly remedy: string;
}

/** A fault whose place is still a path into the document. */
export interface Complaint {
  readonly path: Path;
  /** The key is wrong rather than its value. */
  readonly onKey?: boolean;
  readonly message: string;
  readonly remedy: string;
}

/** One line a fault, like a compiler's, in the order of the file. */
export function printFaults(faults: readonly Fault[]): string {
  return [...faults].sort(byPlace).map(printFault).join('\n');
}

export function byPlace(a: Fault, b: Fault): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function printFault(fault: Fault): string {
  const place = [fault.file, fault.line, fault.column].filter((part) => part !== undefined).join(':');
  const sentence = fault.path === '' || fault.message.startsWith(fault.path) ? '' : `${fault.path}: `;
  return `${place}${place && '  '}${sentence}${fault.message} ${fault.remedy}`;
}
