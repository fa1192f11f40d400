/** files.*, and the door at which the bytes arrive. docs.slack.dev/reference/methods/files.getUploadURLExternal */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from '../../http.js';
import { fields, list, parsed, text } from '../../values.js';
import type { Workspace } from '../workspace.js';
import { type Call, faulty, type Method, need, SlackError } from './call.js';
import type { Failure } from './limits.js';

/** One gigabyte is the most that Slack takes; here it is what fits a request. */
const mostBytes = 4_000_000;

const getUploadURLExternal: Method = (call) => {
  const filename = need(call, 'filename');
  const length = Number(need(call, 'length'));
  if (!Number.isInteger(length) || length < 1)
    throw faulty('invalid_arguments', ['must provide an integer [json-pointer:/length]']);
  if (length > mostBytes) throw new SlackError('file_upload_size_restricted');
  const { id, place } = call.workspace.files.announce(filename, length);
  return { upload_url: `${call.url}/upload/v1/${place}`, file_id: id };
};

/** Without a channel a file is private to its app; sharing one is not played here. */
const completeUploadExternal: Method = (call) => {
  need(call, 'files');
  const given = list(parsed(call.args.files)).map(fields);
  if (given.length === 0)
    throw faulty('invalid_arguments', ['no fewer than 1 items allowed [json-pointer:/files]']);
  if (call.args.channel_id || call.args.channels) throw new Error('this Slack shares no files in channels');
  return { files: given.map((one) => complete(call, text(one.id), text(one.title))) };
};

function complete({ workspace }: Call, id: string, title: string) {
  const file = workspace.files.complete(id, title);
  if (!file) throw new SlackError('file_not_found');
  return file;
}

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': getUploadURLExternal,
  'files.completeUploadExternal': completeUploadExternal,
};

/** Answers a POST to `/upload/v1/<place>`, which needs no token: who knows the address may put the file there. */
export async function serveUpload(
  workspaces: Iterable<Workspace>,
  request: IncomingMessage,
  response: ServerResponse,
  { place, failure }: { readonly place: string; readonly failure: Failure | undefined },
): Promise<void> {
  const bytes = await readBytes(request);
  if (failure) return say(response, failure.status ?? 500, 'failure');
  const taken = request.method === 'POST' && [...workspaces].some(({ files }) => files.put(place, bytes));
  if (taken) say(response, 200, `OK - ${bytes.length}`);
  else say(response, 400, 'bad request');
}

function say(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(words);
}
