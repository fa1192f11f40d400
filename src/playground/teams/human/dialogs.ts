/** Dialogs (task modules): opened by a button of a card, answered by the bot, closed by the person or the bot. */
import { fields } from '../../values.js';
import type { What } from '../cards/read.js';
import type { Given } from '../cards/typed.js';
import { invokeActivity } from '../deliver/activities.js';
import type { Courier } from '../deliver/courier.js';
import type { Tamper } from '../deliver/tamper.js';
import type { Tenant } from '../tenant.js';
import type { Delivered, Dialog, Fields, Message, Seen } from '../types.js';
import { readTaskAnswer } from './answers.js';
import { Impossible } from './impossible.js';
import { actionOn, typedOn } from './reach.js';
import { nothingSent } from './seen.js';

export interface Filling {
  readonly inputs?: Given;
  /** Sent in the place of the button's own data. */
  readonly data?: Fields;
  readonly tamper?: Tamper;
}

export interface Dialogs {
  /** What `task/fetch` answers is shown. A failure is a passing warning: there is no dialog yet to show it in. */
  open(user: string, on: Message, data: Fields, tamper?: Tamper): Promise<Seen>;
  /** Presses a button in the dialog. An Action.Execute is sent as a Submit is, its data and inputs alike. */
  submits(user: string, what: What, how?: Filling): Promise<Seen>;
  /** Closes it. Teams tells the bot nothing. */
  closes(user: string): Seen;
  shownTo(user: string): Dialog;
}

export function dialogsOf(tenant: Tenant, courier: Courier): Dialogs {
  const { screens } = tenant;

  async function invoke(name: string, user: string, opener: Dialog['opener'], data: Fields, tamper?: Tamper) {
    const value = { data, context: { theme: 'default' } };
    const conversation = tenant.conversation(opener.conversation);
    const on = tenant.find(conversation.id, opener.message);
    return courier.deliver(tenant, invokeActivity(tenant, user, conversation, name, value, on), tamper);
  }

  /** Puts up what was answered; a failure stays where `complain` puts it. */
  function settle(
    user: string,
    delivered: Delivered,
    { mayClose, opener }: { mayClose: boolean; opener: Dialog['opener'] },
    complain: (error: string) => void,
  ): Seen {
    const { status, ms } = delivered;
    const answer = readTaskAnswer(delivered, mayClose);
    if (!('dialog' in answer)) {
      complain(answer.error);
      return { ok: false, status, ms, ...answer, delivered };
    }
    const dialog = answer.dialog && { ...answer.dialog, opener };
    screens.setDialog(user, dialog);
    return { ok: true, status, ms, ...(dialog ? { dialog } : {}), delivered };
  }

  function shownTo(user: string): Dialog {
    tenant.person(user);
    const dialog = screens.dialog(user);
    if (!dialog) throw new Impossible('No dialog is open.');
    return dialog;
  }

  return {
    shownTo,
    async open(user, on, data, tamper) {
      const opener = { conversation: on.conversation, message: on.id };
      const delivered = await invoke('task/fetch', user, opener, data, tamper);
      return settle(user, delivered, { mayClose: false, opener }, (error) => screens.toast(user, error));
    },
    async submits(user, what, { inputs = {}, data, tamper } = {}) {
      const dialog = shownTo(user);
      const { opener, card } = dialog;
      const action = actionOn(card, what);
      const typed = typedOn(card, action, inputs);
      if (Object.keys(typed.errors).length > 0) return { ...nothingSent, ok: false, errors: typed.errors };
      const sent = { ...fields(data ?? action.data), ...typed.values };
      const delivered = await invoke('task/submit', user, opener, sent, tamper);
      return settle(user, delivered, { mayClose: true, opener }, (error) =>
        screens.setDialog(user, { ...dialog, error }),
      );
    },
    closes(user) {
      shownTo(user);
      screens.setDialog(user, undefined);
      return nothingSent;
    },
  };
}
