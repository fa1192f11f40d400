/** What somebody at the terminal reads when it is their factor's turn, and where they type a code. */

import { createInterface } from 'node:readline/promises';
import { sayRefusal } from '../core/cards/say-refusal.js';
import type { ProofFacts } from '../core/facts.js';
import { asTold, type Sitting } from './sitting.js';
import { Told } from './told.js';

/** Says what to do. Goes to standard error, beside what a verb prints. @throws where it can't be done here. */
export async function ask(sitting: Sitting, facts: ProofFacts): Promise<void> {
  const { proof } = facts;
  switch (proof.method) {
    case 'duo_push':
      say(
        facts,
        proof.code === null
          ? 'Confirm on your phone.'
          : `Confirm on your phone: type ${proof.code} in Duo Mobile.`,
      );
      return;
    case 'duo_universal':
      return askInBrowser(sitting, facts);
    case 'totp':
      return askCode(sitting, facts);
    default:
      return;
  }
}

function say({ proof }: ProofFacts, what: string): void {
  const facts = proof.facts.map(([label, value]) => `  ${label}: ${value}`);
  console.error([what, 'Do so only if you want exactly this:', ...facts].join('\n'));
}

async function askInBrowser(sitting: Sitting, facts: ProofFacts): Promise<void> {
  const prompt = await sitting.prover.prompt(sitting.actor, sitting.proof);
  if ('refused' in prompt) throw await asTold(sitting.desk, prompt.refused);
  say(facts, `Confirm on Duo’s own page, in your browser:\n${prompt.url}`);
  console.error(`It leads back to ${sitting.publicUrl}, so Keyturn has to be running there (keyturn start).`);
}

async function askCode(sitting: Sitting, facts: ProofFacts): Promise<void> {
  const { code, prover, actor, proof, desk, over } = sitting;
  if (code !== undefined) {
    const outcome = await prover.enterCode(actor, proof, code);
    if ('refused' in outcome) throw await asTold(desk, outcome.refused);
    return;
  }
  if (!process.stdin.isTTY)
    throw new Told(
      'Your authenticator has to confirm it, and there is no terminal to type in. Run it again with --code and the six digits that it shows. Nothing was done.',
    );
  say(facts, 'Confirm with the six digits that your authenticator shows.');
  // Beside the looking: it may be settled elsewhere, or time may be up, while nobody types.
  void typeCodes(sitting).catch((error) => over.abort(error));
}

async function typeCodes({ prover, actor, proof, desk, over }: Sitting): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const stopped = () => over.abort(new Told('Stopped. Nothing was done.', 130));
  lines.once('SIGINT', stopped).once('close', stopped);
  try {
    while (!over.signal.aborted) {
      const typed = await lines.question('Code: ', { signal: over.signal });
      const outcome = await prover.enterCode(actor, proof, typed);
      if (!('refused' in outcome)) return;
      // What came of it otherwise, the looking finds and says.
      if (outcome.refused.code !== 'wrong-code') return;
      console.error(sayRefusal(outcome.refused, (await desk.ports.facts.facts()).directory));
    }
  } finally {
    lines.off('close', stopped).close();
  }
}
