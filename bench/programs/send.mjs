/** One request over a connection of the sender's own, however long the answer takes. */
import { request } from 'node:http';

/** @returns the status and the text of the answer */
export function send({ url, agent, token, method, path, body }) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = url;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}`, 'longshore-cluster': 'default' }),
      ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const sent = request({ hostname, port, agent, method, path, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
    });
    sent.once('error', reject);
    sent.end(text);
  });
}
