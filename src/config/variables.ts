/** Variables by name, from the environment or from the file that NAME_FILE names. */

import { readFileSync } from 'node:fs';

export type Variables = Readonly<Record<string, string | undefined>>;

export type Variable =
  | { readonly value: string }
  | { readonly missing: true }
  | { readonly fault: VariableFault };

export interface VariableFault {
  readonly message: string;
  readonly remedy: string;
}

/** The product's one look at its process's environment. */
export function processVariables(): Variables {
  return process.env;
}

/** Reads NAME, or the file that NAME_FILE names without its last line break. Both at once is a fault. */
export function readVariable(variables: Variables, name: string): Variable {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const file = Object.hasOwn(variables, `${name}_FILE`) ? variables[`${name}_FILE`] : undefined;
  if (!file) return value === undefined ? { missing: true } : { value };
  if (value) {
    const message = `${name} and ${name}_FILE are both set.`;
    return { fault: { message, remedy: 'Unset one, so that it is clear which holds.' } };
  }
  try {
    return { value: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it is not a file';
    const message = `the file ${file} that ${name}_FILE names can’t be read (${why}).`;
    return { fault: { message, remedy: 'Check its path and who may read it.' } };
  }
}
