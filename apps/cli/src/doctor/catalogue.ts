/** Everything doctor may find, and what to do about it. docs/doctor.md lists the same; a spec compares them. */

interface Entry {
  state: 'ok' | 'warning' | 'failed' | 'not asked';
  /** In words that need no other; names in braces are filled in. */
  remedy?: string;
}

export const catalogue = {
  'not-asked': { state: 'not asked' },
  'no-answer': {
    state: 'failed',
    remedy:
      'Something on the way takes connections and does not answer: look at network, proxy and firewall, or at the service itself.',
  },
  'check-broken': { state: 'failed', remedy: 'Report this as a fault of Longshore, with the line above.' },

  'node-ok': { state: 'ok' },
  'node-old': {
    state: 'failed',
    remedy: 'Install Node.js 24, or run Longshore through npm in the project ("npx longshore"), which brings its own.',
  },

  'job-file-invalid': { state: 'failed', remedy: 'Mend the file; docs/job-file.md lists every name.' },
  'plugin-ok': { state: 'ok' },
  'plugin-unknown': { state: 'failed', remedy: 'Name one of "longshore plugin list", or the path of one.' },
  'plugin-broken': { state: 'failed', remedy: 'Mend the plugin; docs/plugins.md explains every field.' },

  'docker-ok': { state: 'ok' },
  'docker-missing': {
    state: 'failed',
    remedy: 'Install Docker and start it ("sudo systemctl start docker"), or name another engine with DOCKER_HOST.',
  },
  'docker-stopped': {
    state: 'failed',
    remedy: 'Start Docker ("sudo systemctl start docker"), or name another engine with DOCKER_HOST.',
  },
  'docker-denied': {
    state: 'failed',
    remedy:
      'Add the user to the docker group ("sudo usermod -aG docker $USER") and log in again; the group may do on this machine whatever root may.',
  },
  'docker-silent': { state: 'failed', remedy: 'Restart Docker ("sudo systemctl restart docker").' },
  'docker-address': {
    state: 'failed',
    remedy: 'Set DOCKER_HOST to unix:///path/of/the.sock or tcp://host:port, or unset it.',
  },
  'docker-failed': {
    state: 'failed',
    remedy: 'Look at "docker info" and at the log of Docker ("journalctl -u docker").',
  },
  'docker-old': { state: 'warning', remedy: 'Update Docker to 20.10 or newer; older ones were never tried.' },
  'docker-unlimited': {
    state: 'warning',
    remedy:
      'Let the kernel keep the limits of containers: cgroup v2, for a rootless Docker with delegation by systemd (docs.docker.com/engine/security/rootless).',
  },
  'docker-slow-storage': {
    state: 'warning',
    remedy: 'Use the storage driver overlay2; {driver} copies whole images for each container.',
  },
  'docker-disk-low': {
    state: 'warning',
    remedy: 'Make room where Docker keeps its images, for example with "docker image prune".',
  },

  'image-ok': { state: 'ok' },
  'image-pullable': { state: 'ok' },
  'image-missing': {
    state: 'failed',
    remedy:
      'Check its name and tag; build it, or load it with "docker load"; a private one wants "docker login" and "docker pull {image}" first.',
  },
  'image-denied': {
    state: 'failed',
    remedy:
      'If it is private, run "docker login" and "docker pull {image}" on this machine; if it is made here, build it ("npm run setup" builds those of the plugins that come with Longshore).',
  },
  'image-unreachable': {
    state: 'failed',
    remedy: 'Check that this machine reaches the registry, or load the image with "docker load".',
  },
  'image-emulated': {
    state: 'warning',
    remedy: 'Build it for the processor of this machine; without emulation its commands end with "exec format error".',
  },
  'image-unsuitable': {
    state: 'failed',
    remedy: 'Build it for the processor of this machine too, or run workers on machines it is made for.',
  },

  'storage-ok': { state: 'ok' },
  'storage-empty': { state: 'warning', remedy: 'Check the prefix; a job without objects fails with "no-objects".' },
  'storage-missing': {
    state: 'failed',
    remedy: 'Check the name; a bucket of another store than AWS needs AWS_ENDPOINT_URL.',
  },
  'storage-region': {
    state: 'failed',
    remedy: 'Name the region of the bucket with AWS_REGION, or in the job file under storage.',
  },
  'storage-no-credentials': {
    state: 'failed',
    remedy: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role.',
  },
  'storage-expired': { state: 'failed', remedy: 'Get new ones, such as by "aws sso login", and start again.' },
  'storage-wrong-credentials': {
    state: 'failed',
    remedy:
      'Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: one of them is not known there, or they do not belong together.',
  },
  'storage-denied': { state: 'failed', remedy: 'Allow {action}; "longshore policy" prints everything a job needs.' },
  'storage-denied-folder': { state: 'failed', remedy: 'Give this user the right to it, or name another folder.' },
  'storage-key': { state: 'failed', remedy: 'Allow {action} with the KMS key of the bucket, in its key policy too.' },
  'storage-unreachable': {
    state: 'failed',
    remedy: 'Check AWS_ENDPOINT_URL and AWS_REGION, and that this machine reaches that address.',
  },
  'storage-full': { state: 'failed', remedy: 'Make room there, or name another output.' },
  'storage-archived': {
    state: 'warning',
    remedy: 'Restore what lies in an archive (Glacier) first, or leave it out with --exclude.',
  },
  'storage-left': {
    state: 'failed',
    remedy:
      'Allow {action}, and end the upload ("aws s3api list-multipart-uploads"): what attempts leave can be removed by nobody else.',
  },
  'storage-failed': {
    state: 'failed',
    remedy: 'Try again; if it stays, the sentence before says what the store answered.',
  },

  'clock-ok': { state: 'ok' },
  'clock-off': {
    state: 'warning',
    remedy:
      'Let the machine keep its time ("sudo timedatectl set-ntp true"); leases do not depend on it, but S3 refuses what is 15 minutes off.',
  },

  'disk-ok': { state: 'ok' },
  'disk-low': { state: 'warning', remedy: 'Make room, or name a larger folder with {setting}.' },
  'disk-full': {
    state: 'failed',
    remedy: 'Make room, or name a larger folder with {setting}, or make tasks smaller with --batch-size.',
  },
  'disk-denied': {
    state: 'failed',
    remedy: 'Give this user the right to write there, or name another folder with {setting}.',
  },

  'memory-ok': { state: 'ok' },
  'memory-tight': { state: 'warning', remedy: 'Use fewer slots (--slots, --workers), or a machine with more memory.' },
  'memory-short': {
    state: 'failed',
    remedy: 'Use a machine with more memory, or lower container.resources.memory of the plugin.',
  },
  'cpus-ok': { state: 'ok' },
  'cpus-short': {
    state: 'warning',
    remedy: 'It works, but slowly: use fewer slots (--slots, --workers), or a machine with more processors.',
  },
  'files-ok': { state: 'ok' },
  'files-low': {
    state: 'warning',
    remedy: 'Raise it ("ulimit -n 65536", LimitNOFILE= in a unit of systemd) before many workers come.',
  },

  'orchestrator-ok': { state: 'ok' },
  'orchestrator-unreachable': {
    state: 'failed',
    remedy: 'Start one with "longshore orchestrator", or name another with --url.',
  },
  'orchestrator-other-cluster': {
    state: 'failed',
    remedy: 'Set LONGSHORE_CLUSTER of both to one name, or name the address of your own orchestrator.',
  },
  'orchestrator-not-ready': { state: 'warning', remedy: 'Wait; if it stays, the log of the orchestrator says more.' },
  'orchestrator-other-version': { state: 'warning', remedy: 'Use the same version everywhere.' },
  'token-ok': { state: 'ok' },
  'token-read-only': {
    state: 'warning',
    remedy: 'To submit and steer jobs, ask an admin for a token of the role "submit".',
  },
  'token-other-role': {
    state: 'failed',
    remedy:
      'Put a token of the role "submit", "read" or "admin" into LONGSHORE_TOKEN; one for workers belongs into LONGSHORE_JOIN_TOKEN.',
  },
  'token-missing': {
    state: 'failed',
    remedy:
      'Set LONGSHORE_TOKEN or LONGSHORE_TOKEN_FILE, or give --token-file; an admin makes one with "longshore token create".',
  },
  'token-refused': { state: 'failed', remedy: 'Ask an admin for a new one ("longshore token create").' },
  'token-unreadable': {
    state: 'failed',
    remedy: 'Name a file that holds a token and that nobody else may read (chmod 600).',
  },
  'join-ok': { state: 'ok' },
  'join-over': {
    state: 'warning',
    remedy: 'Create another one: "longshore token create --role join --uses 20 --expires 30m".',
  },
  'join-other-plugin': {
    state: 'failed',
    remedy: 'Create one for this plugin: "longshore token create --role join --plugin {plugin}".',
  },
  'join-other-role': { state: 'failed', remedy: 'Put a token of the role "join" into LONGSHORE_JOIN_TOKEN.' },
  'join-refused': { state: 'failed', remedy: 'Create a new one: "longshore token create --role join".' },
  'join-unreadable': {
    state: 'failed',
    remedy: 'Name a file with LONGSHORE_JOIN_TOKEN_FILE that holds a token and that nobody else may read (chmod 600).',
  },

  'settings-ok': { state: 'ok' },
  'settings-invalid': {
    state: 'failed',
    remedy: 'Set it to something that can be read, or unset it; docs/operating.md lists all settings.',
  },
  'settings-misspelt': { state: 'warning', remedy: 'Did you mean {name}?' },
  'settings-unknown': { state: 'warning', remedy: 'Unset it; docs/operating.md lists all settings.' },
} as const satisfies Record<string, Entry>;

export type FindingId = keyof typeof catalogue;
