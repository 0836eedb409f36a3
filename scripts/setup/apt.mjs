import { onPath, run } from './command.mjs';

const ADVICE = "Check this machine's package sources and connection, or install the packages by hand.";

/** Whether this is a Debian or Ubuntu where this process may install packages. */
export async function canUseApt() {
  return process.platform === 'linux' && process.getuid() === 0 && (await onPath('apt-get'));
}

export async function aptInstall(packages) {
  await aptUpdate();
  await apt(['install', '-y', '--no-install-recommends', ...packages], {
    purpose: `Installing ${packages.join(', ')}`,
    advice: ADVICE,
  });
}

/** Leaves the file of the package, not installed, in the folder. */
export async function aptDownload(name, folder) {
  await aptUpdate();
  await apt(['download', name], { purpose: `Downloading the package ${name}`, advice: ADVICE, cwd: folder });
}

/** Whether the package sources know the package. */
export async function aptKnows(name) {
  return (await run('apt-cache', ['--names-only', 'search', `^${name}$`])) !== '';
}

/** The mirror this machine takes the Debian release from, or undefined when it has none. */
export async function debianMirror(codename) {
  await aptUpdate(); // Without its lists apt does not know which source is Debian's.
  const format = '$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)';
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const wanted = `Debian ${codename} main `;
  const target = targets.split('\n').find((line) => line.startsWith(wanted));
  return target?.slice(wanted.length);
}

/** The proxy apt was told to use for plain HTTP, for programs that do not read its configuration. */
export async function aptProxy() {
  const proxy = await run('apt-config', ['dump', '--format', '%v%n', 'Acquire::http::Proxy']);
  return proxy === '' || proxy === 'DIRECT' ? undefined : proxy;
}

async function aptUpdate() {
  await apt(['update'], { purpose: 'Reading the package lists', advice: ADVICE });
}

async function apt(args, words) {
  // Another installation may be under way, for instance the automatic updates of a machine that has just started.
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...patience, ...args], { ...words, env: { DEBIAN_FRONTEND: 'noninteractive' } });
}
