/** Asks an orchestrator, as a program of a user would. */

/** @param route below `/api/v1`; with a body, it is posted @throws Error for any answer but a good one */
export async function askApi(url, route, body) {
  const response = await fetch(`${url}/api/v1${route}`, {
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${route}: ${response.status} ${text}`);
  return JSON.parse(text);
}
