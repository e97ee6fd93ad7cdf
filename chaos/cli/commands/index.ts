import type { AnyCommand, CommandEntry, CommandList } from '../command.ts'

export const rootAbout = {
  name: 'unhappy',
  description:
    'A small shop to break on purpose: run it, inject a fault, see what fails and why, fix it.',
}

const sandbox = 'The sandbox'
const labs = 'Labs and runs'
const faults = 'Break and mend'
const look = 'Look'
const alone = 'Stand-alone'

/** Every command. Each lives in the file of its name and is loaded when it is called. */
const commands: CommandList = {
  up: entry(sandbox, 'Start the shop, its links and the controller', () => import('./up.ts')),
  down: entry(sandbox, 'Take a sandbox down', () => import('./down.ts')),
  status: entry(sandbox, 'What runs, what is broken', () => import('./status.ts')),
  restore: entry(
    sandbox,
    'The shop as at the start: own code, fresh books',
    () => import('./restore.ts'),
  ),
  doctor: entry(sandbox, 'Check that this machine has what is needed', () => import('./doctor.ts')),
  open: entry(sandbox, 'Open the dashboard in a browser', () => import('./open.ts')),
  traffic: entry(
    sandbox,
    'Send customers, so that a fault has somebody to hit',
    () => import('./traffic.ts'),
  ),
  images: entry(
    sandbox,
    'Take the Docker images to where there is no network',
    () => import('./images.ts'),
  ),
  lab: entry(labs, 'Learn: start a lab, predict, check, fix', () => import('./lab.ts')),
  run: entry(labs, 'Run a scenario file and judge it', () => import('./run.ts')),
  xray: entry(
    labs,
    'Every message of one order x every way to lose it: the failure-mode matrix',
    () => import('./xray.ts'),
  ),
  inject: entry(faults, 'Inject a fault by hand', () => import('./inject.ts')),
  trap: entry(faults, 'A fault on one exact message', () => import('./trap.ts')),
  heal: entry(faults, 'Undo one fault, or all', () => import('./heal.ts')),
  halt: entry(faults, 'Undo everything and refuse new faults', () => import('./halt.ts')),
  truth: entry(
    look,
    'Orders, charges and ledger in figures that must agree',
    () => import('./truth.ts'),
  ),
  sql: entry(look, "Ask the shop's Postgres", () => import('./sql.ts')),
  redis: entry(look, "Ask the shop's Redis", () => import('./redis.ts')),
  logs: entry(look, 'Read the logs', () => import('./logs.ts')),
  links: entry(look, 'Every link: what passes, what is done to it', () => import('./links.ts')),
  toxic: entry(alone, "Toxiproxy's toxics, one link at a time", () => import('./toxic.ts')),
  tap: entry(look, 'Watch requests and replies on links, live', () => import('./tap.ts')),
  'trace-order': entry(
    look,
    'Follow one order through every link, as a diagram',
    () => import('./trace-order.ts'),
  ),
  proxy: entry(
    alone,
    'The data plane alone: a drop-in for toxiproxy-server',
    () => import('./proxy.ts'),
  ),
}

/** The program itself. */
export const root: AnyCommand = {
  about:
    'Exit status: 0 held or done, 1 violated, 2 inconclusive, 3 nothing could be judged or done. Read on in README.md and docs/learning-path.md.',
  args: { version: { type: 'boolean', alias: 'v', description: 'Print the version.' } },
  examples: [
    'unhappy up',
    "unhappy inject latency 'worker-*:payments' --latencyMs 2000 --for 30s",
    'unhappy lab start lab-zero',
    'unhappy lab check lab-zero',
  ],
  subCommands: commands,
}

function entry(
  group: string,
  description: string,
  load: () => Promise<{ readonly default: AnyCommand }>,
): CommandEntry {
  return { group, description, load: async () => (await load()).default }
}
