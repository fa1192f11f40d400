import { describe, expect, it } from 'vitest';
import type { Block, Choice } from '../../src/playground/page/blocks/types.js';
import { collect, complaints } from '../../src/playground/page/blocks/values.js';
import { requestForm } from './cards.js';

const plain = (text: string) => ({ type: 'plain_text', text }) as const;
const choice = (value: string): Choice => ({ text: plain(value), value });

describe('a form', () => {
  const { blocks } = requestForm('V1', 'acme');

  it('sends every field in Slack’s shape, touched or not', () => {
    const why = { type: 'plain_text_input', value: 'printer' };
    expect(collect(blocks, { why: { why } })).toEqual({
      client: { client: { type: 'external_select', selected_option: null } },
      'account-acme': { account: { type: 'static_select', selected_option: null } },
      duration: { duration: { type: 'radio_buttons', selected_option: choice('30m') } },
      why: { why },
      ticket: { ticket: { type: 'plain_text_input', value: null } },
    });
  });

  it('complains of what is missing, and not of what is optional', () => {
    expect(complaints(blocks, collect(blocks, {}))).toEqual({
      client: 'Please complete this required field.',
      'account-acme': 'Please complete this required field.',
      why: 'Please complete this required field.',
    });
  });

  it('counts characters', () => {
    const long = { why: { why: { type: 'plain_text_input', value: 'x'.repeat(2001) } } };
    expect(complaints(blocks, collect(blocks, long)).why).toBe(
      'Please keep to 2000 characters; this is 2001.',
    );
  });

  it('drops a choice that an update no longer offers', () => {
    const touched = { account: { pick: { type: 'static_select', selected_option: choice('gone') } } };
    const form: Block[] = [
      {
        type: 'input',
        block_id: 'account',
        label: plain('Account'),
        element: { type: 'static_select', action_id: 'pick', options: [choice('here')] },
      },
    ];
    expect(collect(form, touched).account?.pick?.selected_option).toBeNull();
  });
});
