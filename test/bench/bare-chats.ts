/** Node, the chats' own libraries and a port: what any bot beside Slack and Teams needs before it can do anything. */

import { createServer } from 'node:http';
import { Application } from '@microsoft/teams-ai';
import { App } from '@slack/bolt';
import { CloudAdapter } from 'botbuilder';

const loaded = [Application, App, CloudAdapter].map(({ name }) => name).join(', ');
createServer((_, res) => res.end(loaded)).listen(Number(process.env.PORT), '127.0.0.1');
