import { describe, expect, it } from 'vitest';
import { inDialog, openerCard, readDialog } from '../../../src/chat/teams/dialog.js';
import { renderForm } from '../../../src/chat/teams/form.js';
import { faultsOf } from '../../../src/playground/teams/cards/check.js';
import { EVERY_FORM } from '../../contracts/every-card.js';

describe('a dialog', () => {
  it.each(EVERY_FORM)('sends from %s what the card in the chat would send', (_, form) => {
    const inChat = renderForm(form, { back: 'R-8F3KQ2' }).actions ?? [];
    const { actions } = inDialog(renderForm(form, { back: 'R-8F3KQ2' })) as { actions: typeof inChat };
    expect(actions.map(({ type }) => type)).not.toContain('Action.Execute');
    expect(actions.map(({ title }) => title)).toEqual(
      inChat.map(({ title }) => title).filter((t) => t !== 'Back'),
    );
    expect(faultsOf(inDialog(renderForm(form)))).toEqual([]);
  });

  it('is opened by a button that names no one and nothing', () => {
    expect(faultsOf(openerCard())).toEqual([]);
    expect(JSON.stringify(openerCard())).toContain('"msteams":{"type":"task/fetch"}');
    const [opens] = openerCard().actions as unknown as { data: object }[];
    expect(readDialog({ data: opens?.data })).toEqual({ act: 'fill', values: {} });
  });

  it.each([
    ['nothing', undefined],
    ['no data', {}],
    ['no verb', { data: { id: '' } }],
    ['a verb of nobody', { data: { verb: 'drop:table', id: 'x' } }],
    ['a field that no form has', { data: { verb: 'submit:ask', form: 'ask', id: '', person: 'lena' } }],
    ['a number', { data: { verb: 'submit:ask', form: 'ask', id: '', long: 1800 } }],
  ])('that sends %s is not read', (_, value) => {
    expect(readDialog(value)).toBeNull();
  });
});
