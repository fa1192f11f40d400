/** The whole of keyturn.yaml, as zod schema and as JSON Schema for editors. */

import { z } from 'zod';
import { chat } from './chat.js';
import { client } from './clients.js';
import { mfa, operator } from './operator.js';
import { groups, person } from './people.js';
import { policy } from './policies.js';
import { exactly, shaped, variablePattern } from './shapes.js';

export const schema = exactly({
  operator,
  chat: chat.prefault({}),
  mfa: mfa.optional(),
  people: z.array(person).default([]).describe('The operator’s own staff.'),
  groups: groups.default({}),
  policies: z.record(shaped('id'), policy).default({}),
  clients: z.array(client).default([]),
});

/** What a faultless keyturn.yaml says, its variables filled in and its durations in seconds. */
export type Declared = z.output<typeof schema>;

/** The JSON Schema of keyturn.yaml as people write it, `${NAME}` allowed wherever there is a text. */
export function jsonSchema(): object {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema: part }) => {
      if (part.type !== 'string' || !part.pattern || part.pattern.includes(variablePattern)) return;
      part.pattern = `(?:${part.pattern})|${variablePattern}`;
    },
  });
  return { ...made, title: 'keyturn.yaml' };
}
