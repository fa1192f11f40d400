/** The kit that block rules are written in. Messages are worded as Slack words them. */

import { isFields } from '../../values.js';
import type { Fields } from '../types.js';

/** Collects what is wrong, each with the place Slack would name. */
export class Faults {
  readonly found: string[] = [];

  add(at: string, message: string): void {
    this.found.push(`${message} [json-pointer:${at}]`);
  }

  get none(): boolean {
    return this.found.length === 0;
  }
}

export type Rule = (value: unknown, at: string, faults: Faults) => void;
type Shape = Readonly<Record<string, Rule>>;

/** An object with these fields and no others. */
export const object =
  (required: Shape, optional: Shape = {}): Rule =>
  (value, at, faults) => {
    if (!isFields(value)) return faults.add(at, 'must provide an object');
    for (const [name, rule] of Object.entries(required)) {
      if (value[name] === undefined || value[name] === null)
        faults.add(at, `missing required field: ${name}`);
      else rule(value[name], `${at}/${name}`, faults);
    }
    for (const [name, found] of Object.entries(value)) {
      if (Object.hasOwn(required, name)) continue;
      const rule = Object.hasOwn(optional, name) ? optional[name] : undefined;
      if (!rule) faults.add(at, `invalid additional property: ${name}`);
      else if (found !== undefined) rule(found, `${at}/${name}`, faults);
    }
  };

export const string =
  (max: number, min = 0): Rule =>
  (value, at, faults) => {
    if (typeof value !== 'string') return faults.add(at, 'must provide a string');
    if (value.length < min) faults.add(at, `must be more than ${min - 1} characters`);
    if (value.length > max) faults.add(at, `must be less than ${max + 1} characters`);
  };

export const boolean: Rule = (value, at, faults) => {
  if (typeof value !== 'boolean') faults.add(at, 'must provide a boolean');
};

export const integer =
  (min: number, max: number): Rule =>
  (value, at, faults) => {
    if (!Number.isInteger(value)) return faults.add(at, 'must provide an integer');
    if ((value as number) < min) faults.add(at, `must be at least ${min}`);
    if ((value as number) > max) faults.add(at, `must be at most ${max}`);
  };

export const word =
  (...allowed: string[]): Rule =>
  (value, at, faults) => {
    if (!allowed.includes(value as string))
      faults.add(at, `must be a valid enum value: ${allowed.join(', ')}`);
  };

export const pattern =
  (shape: RegExp, what: string): Rule =>
  (value, at, faults) => {
    if (typeof value !== 'string' || !shape.test(value)) faults.add(at, `must be a valid ${what}`);
  };

export const listOf =
  (rule: Rule, max: number, min = 0): Rule =>
  (value, at, faults) => {
    if (!Array.isArray(value)) return faults.add(at, 'must provide an array');
    if (value.length < min) faults.add(at, `no fewer than ${min} items allowed`);
    if (value.length > max) faults.add(at, `no more than ${max} items allowed`);
    value.forEach((item, n) => {
      rule(item, `${at}/${n}`, faults);
    });
  };

/** Picks the rule by `type`; a type that has no rule here is refused. */
export const byType =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value, at, faults) => {
    if (!isFields(value)) return faults.add(at, 'must provide an object');
    const type = value.type;
    if (typeof type !== 'string') return faults.add(at, 'missing required field: type');
    const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
    if (!rule) return faults.add(`${at}/type`, `unsupported type: ${type}`);
    rule(value, at, faults);
  };

/** The same thing written in the same order: how Slack compares an initial option with the options. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const anything: Rule = () => {};

export const only =
  (type: string): Rule =>
  (value, at, faults) => {
    if (value !== type) faults.add(at, `must be ${type}`);
  };

/** Runs `extra` after a rule on values that are objects. */
export const also =
  (rule: Rule, extra: (value: Fields, at: string, faults: Faults) => void): Rule =>
  (value, at, faults) => {
    rule(value, at, faults);
    if (isFields(value)) extra(value, at, faults);
  };
