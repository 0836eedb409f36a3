// What every "docker build" of the project has in common.
import { succeeds } from './command.mjs';

const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/** The proxies of this machine; the engine keeps them out of the image by itself. */
export function proxyArguments() {
  return PROXY_VARIABLES.filter((name) => process.env[name]).flatMap((name) => ['--build-arg', name]);
}

/** An engine without the newer builder is asked for the older one; every Dockerfile here is for both. */
export async function builderEnvironment() {
  return (await succeeds('docker', ['buildx', 'version'])) ? {} : { DOCKER_BUILDKIT: '0' };
}
