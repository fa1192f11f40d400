/** The local-mode page: one newcomer, several people, their chats. */

import './style/base.css';
import './style/frame.css';
import './style/clock.css';
import './style/chat.css';
import './style/blocks.css';
import './style/fields.css';
import './style/dialog.css';
import './style/audit.css';
import './style/handset.css';
import './style/phone-home.css';
import './style/push.css';
import './style/teams.css';
import './style/teams-card.css';
import './style/phone.css';
import './style/teams-phone.css';
import './style/terminal.css';
import { render } from 'preact';
import { Playground } from './state/playground.js';
import { PlaygroundContext } from './state/use.js';
import { App } from './ui/App.js';

const root = document.getElementById('app');
if (root) {
  Playground.start().then(
    (page) =>
      render(
        <PlaygroundContext.Provider value={page}>
          <App />
        </PlaygroundContext.Provider>,
        root,
      ),
    () => render(<p class="sorry">The playground does not answer. Is Keyturn still running?</p>, root),
  );
}
