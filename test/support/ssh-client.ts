/** Signing in over SSH for a test’s own eyes, by OpenSSH’s rules and not by Keyturn’s code. */

import ssh2 from 'ssh2';

export interface Door {
  readonly host: string;
  readonly port: number;
}

export type Credential = { readonly password: string } | { readonly privateKey: string };

/** The open connection; null where the server refuses. @throws where it gives no clear answer */
export function signInTo(door: Door, username: string, credential: Credential): Promise<ssh2.Client | null> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('ready', () => resolve(client));
    client.on('error', (error: Error & { level?: string }) => {
      if (error.level === 'client-authentication') resolve(null);
      else reject(error);
    });
    const { host, port } = door;
    client.connect({ host, port, username, ...credential, hostVerifier: () => true });
    client.setNoDelay(true);
  });
}

export async function signsIn(door: Door, username: string, credential: Credential): Promise<boolean> {
  const client = await signInTo(door, username, credential);
  client?.end();
  return client !== null;
}
