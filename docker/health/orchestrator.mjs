// Healthy: it answers.
const { LONGSHORE_HOST: host = '', LONGSHORE_PORT: port = '8480' } = process.env;
const everywhere = ['', '0.0.0.0', '::'];
const name = everywhere.includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
const answer = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(4_000) });
process.exit(answer.ok ? 0 : 1);
