/** The bastion with its real gate and recordings as a process of its own: one replica. */

import { pino } from 'pino';
import { openCustody } from '../../src/app.js';
import { openBroker } from '../../src/broker/open.js';
import { Secret } from '../../src/config/secret.js';
import { openServer } from '../../src/store/driver.js';
import { storePorts } from '../../src/store/store.js';
import { tellMemory } from './memory.js';
import { OFFERS } from './ssh-offers.js';

const [url = '', masterKey = ''] = process.argv.slice(2);
const log = pino({ level: 'error' }, pino.destination(2));
const database = openServer(url, (err) => log.error({ err }, 'the database has a fault'));
const ports = storePorts(database, OFFERS, () => undefined);
const custody = await openCustody(database, { masterKey: new Secret(masterKey), oldMasterKeys: [] });
const desk = { database, ports, custody, log, onUnverified: () => undefined };
const { port } = await openBroker({ ...desk, port: 0, host: '127.0.0.1' });

process.on('message', (what) => what === 'memory' && tellMemory());
process.on('disconnect', () => process.exit(0));
process.send?.({ port });
