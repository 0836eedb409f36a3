/** What each page with commands takes for granted. A page that is not here takes nothing. */

export interface Page {
  /** Commands that bring about what the page takes for granted. */
  given?: readonly string[];
  /** Servers that the page takes for granted; they run before its first command. */
  servers?: readonly string[];
  /** What a reader fills in: what stands in the page, and a command that prints what it stands for. */
  fill?: Readonly<Record<string, string>>;
  /** Exit codes other than 0, by a part of the command. */
  codes?: Readonly<Record<string, number>>;
  /** What a command is to write, by a part of it. */
  says?: Readonly<Record<string, RegExp>>;
  /** Commands that this machine cannot run, by their beginning, and the story that shows them. */
  elsewhere?: Readonly<Record<string, string>>;
}

const anAccount = [
  'moto_server -H 127.0.0.1 -p 5000 > /dev/null 2>&1 &',
  'export AWS_ENDPOINT_URL=http://127.0.0.1:5000 AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1',
  'export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_EC2_METADATA_DISABLED=true',
];

const buckets = (...names: string[]) => `python test/guides/account.py buckets ${names.join(' ')}`;
const fourImagesIn = (prefix: string) => `python test/guides/account.py upload ${prefix} examples/nuclei/images/0*.png`;

const aConfiguration = [
  buckets('my-configuration', 'microscopy', 'results'),
  fourImagesIn('s3://microscopy/plate-7/'),
  `echo '{"input_bucket":"microscopy","input_prefix":"plate-7","output_bucket":"results","output_prefix":"plate-7"}' > ~/config.json`,
  'python test/guides/account.py upload s3://my-configuration/configuration/ ~/config.json && rm ~/config.json',
  'mkdir -p /etc/longshore',
  // Where the machine is no instance, nobody else knows its address.
  'export LONGSHORE_PUBLIC_URL=http://127.0.0.1:8480',
];

const secrets =
  'for name in join admin; do openssl rand -hex 32 > /etc/longshore/$name; done; chmod 600 /etc/longshore/*';

const aJobFile = 'cp -r examples/job.yaml examples/line-count.mjs examples/texts .';
const lineCounting = ['LONGSHORE_PLUGINS=./line-count.mjs npx longshore orchestrator'];
const echoing = ['npx longshore orchestrator', 'npx longshore worker --plugin echo'];
const aDoneJob = 'npx longshore submit --plugin echo --input examples/texts --output ~/copies --wait --quiet';

export const pages: Readonly<Record<string, Page>> = {
  'README.md': {
    given: [
      ...anAccount,
      ...aConfiguration,
      'unset LONGSHORE_PUBLIC_URL',
      'mkdir ~/plate-7 && cp examples/nuclei/images/1*.png ~/plate-7',
      'export LONGSHORE_PUBLIC_URL=http://127.0.0.1:8480',
    ],
  },
  'docs/aws.md': { given: [...anAccount, ...aConfiguration, secrets] },
  'docs/command-line.md': { servers: echoing, says: { 'watch last': /completed: \d+ of \d+ objects done/ } },
  'docs/doctor.md': {
    servers: ['npx longshore orchestrator'],
    says: { 'doctor --plugin rgo-segmentation': /^ok +image /m, '--json': /"healthy": true/, '--skip': /^outputs$/m },
    elsewhere: { 'source <(longshore completion': 'doctor', 'longshore completion fish': 'doctor' },
  },
  'docs/first-run.md': {
    codes: { '--retry-delay 1': 3 },
    says: {
      'head -3': /0000|\.png,\d+/,
      'longshore plan': /already|nothing/i,
      '--retry-delay 1': /cut-off\.png[\s\S]*image file is truncated/,
    },
  },
  'docs/images.md': {
    elsewhere: {
      'docker ': 'images',
      'export LONGSHORE_ROOT': 'images',
      'sudo install': 'images',
      '(umask 077; for': 'images',
      'export DOCKER_GROUP': 'images',
      'export LONGSHORE_TOKEN_FILE': 'images',
      'npx longshore submit': 'images',
    },
  },
  'docs/job-file.md': { given: [aJobFile], servers: lineCounting },
  'docs/notifications.md': {
    given: ['mkdir -p /etc/longshore'],
    servers: ['npx longshore orchestrator'],
    says: { 'notify preview': /set aside/, 'notify test': /^log {2}took it$/m },
  },
  'docs/observability.md': {
    given: [
      'umask 077; for name in admin join; do openssl rand -hex 32 > ~/$name; done',
      'export LONGSHORE_ADMIN_TOKEN_FILE=~/admin LONGSHORE_TOKEN_FILE=~/admin LONGSHORE_JOIN_TOKEN_FILE=~/join',
    ],
    servers: ['npx longshore orchestrator'],
  },
  'docs/operating.md': { given: ['mkdir -p /etc/systemd/system', aJobFile], servers: lineCounting },
  'docs/results.md': {},
  'docs/security.md': {
    fill: { '<id>': `npx longshore token list --json | node -p 'JSON.parse(require("fs").readFileSync(0)).at(-1).id'` },
  },
  'docs/simulate.md': {
    given: [aJobFile, aDoneJob],
    servers: echoing,
    says: { '--spot-loss': /In an hour 5\.0 % of the machines/, '--like last': /as in job/, '--json': /"makespan_ms"/ },
  },
  'docs/skipping.md': {
    given: [...anAccount, buckets('lab', 'results'), fourImagesIn('s3://lab/plate-7/'), aJobFile],
    servers: lineCounting,
    says: { '# 24 objects': /done already; nothing was run/ },
  },
  'docs/spot.md': {
    given: [
      ...anAccount,
      buckets(),
      'mkdir -p /etc/longshore',
      secrets,
      'aws configure set cli_follow_urlparam false',
      'aws ssm put-parameter --name /orchestrator/url --type String --value http://127.0.0.1:8480',
    ],
    servers: ['npx longshore orchestrator'],
  },
  'docs/state.md': { given: [aDoneJob], servers: echoing },
  'docs/storage.md': { given: [aDoneJob, aJobFile], servers: echoing },
  'docs/upgrading.md': {
    servers: echoing,
    fill: {
      '<worker>': `npx longshore workers --json | node -p 'JSON.parse(require("fs").readFileSync(0)).at(0).id'`,
    },
  },
  'docs/when-something-fails.md': {
    codes: { '--retry-delay 1 --wait': 3 },
    says: {
      'longshore dead last': /cut-off\.png[\s\S]*notes\.png|notes\.png[\s\S]*cut-off\.png/,
      'redrive last --key': /objects tried again: 1/,
      '--exclude notes.png --wait': /completed: 8 of 8 objects done/,
    },
  },
};
