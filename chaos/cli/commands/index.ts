import type { AnyCommand, CommandEntry, CommandList } from '../command.ts'
import { commandEntry } from '../command.ts'

export const rootDescription = {
  name: 'unhappy',
  description: 'Run a small shop, inject a fault, see what fails and why, and fix it.',
}

/** Every command. Each is a file of its own and is loaded when it is called. */
const commands: CommandList = {
  ...group('The sandbox', {
    up: commandEntry('Start the shop, its links and the controller.', () => import('./up.ts')),
    down: commandEntry('Stop a sandbox.', () => import('./down.ts')),
    status: commandEntry(
      'Show what runs and which faults are active.',
      () => import('./status.ts'),
    ),
    restore: commandEntry(
      'Reset the shop: its own code, all safety nets, initial data.',
      () => import('./restore.ts'),
    ),
    doctor: commandEntry('Check that this machine can run a sandbox.', () => import('./doctor.ts')),
    open: commandEntry('Open the dashboard in a browser.', () => import('./open.ts')),
    traffic: commandEntry(
      'Send client requests, so faults have traffic to affect.',
      () => import('./traffic.ts'),
    ),
    profile: commandEntry(
      'Start and stop optional parts, such as a replica.',
      () => import('./profile.ts'),
    ),
    images: commandEntry('Save Docker images for offline use.', () => import('./images.ts')),
  }),
  ...group('Labs and runs', {
    lab: commandEntry(
      'Learn from a lab: predict, measure, explain, fix.',
      () => import('./lab.ts'),
    ),
    run: commandEntry('Run a scenario file and print the verdict.', () => import('./run.ts')),
    gameday: commandEntry(
      'Find and end incidents that nothing names.',
      () => import('./gameday.ts'),
    ),
    xray: commandEntry(
      'Test every way to lose each message of one order.',
      () => import('./xray.ts'),
    ),
  }),
  ...group('Your own system', {
    adopt: commandEntry(
      'Put links between the services of a running Compose project.',
      () => import('./adopt.ts'),
    ),
    release: commandEntry('Put an adopted project back.', () => import('./release.ts')),
  }),
  ...group('Class', {
    workshop: commandEntry('Host a workshop, or join one.', () => import('./workshop.ts')),
  }),
  ...group('Faults', {
    inject: commandEntry('Inject a fault.', () => import('./inject.ts')),
    trap: commandEntry('Place a fault on one exact message.', () => import('./trap.ts')),
    heal: commandEntry('Heal one fault or all faults.', () => import('./heal.ts')),
    halt: commandEntry('Heal all faults and refuse new ones.', () => import('./halt.ts')),
  }),
  ...group('Observe', {
    truth: commandEntry(
      'Compare orders, charges and ledger in the sources of truth.',
      () => import('./truth.ts'),
    ),
    sql: commandEntry("Query the shop's Postgres.", () => import('./sql.ts')),
    redis: commandEntry("Send commands to the shop's Redis.", () => import('./redis.ts')),
    logs: commandEntry('Print logs of the instances.', () => import('./logs.ts')),
    links: commandEntry('List links with their traffic and toxics.', () => import('./links.ts')),
    tap: commandEntry('Print requests and replies on links, live.', () => import('./tap.ts')),
    'trace-order': commandEntry(
      'Draw the messages of one order as a diagram.',
      () => import('./trace-order.ts'),
    ),
  }),
  ...group('Data plane', {
    toxic: commandEntry("Add and remove Toxiproxy's toxics.", () => import('./toxic.ts')),
    proxy: commandEntry(
      'Run the data plane alone, as a replacement for toxiproxy-server.',
      () => import('./proxy.ts'),
    ),
  }),
}

/** The program itself. */
export const rootCommand: AnyCommand = {
  about:
    'Exit status: 0 held or done, 1 violated, 2 inconclusive, 3 bad input, or nothing could be judged. To learn more, read README.md and docs/learning-path.md.',
  args: { version: { type: 'boolean', alias: 'v', description: 'Print the version.' } },
  examples: [
    'unhappy up',
    "unhappy inject latency 'worker-*:payments' --latencyMs 2000 --for 30s",
    'unhappy lab start lab-zero',
    'unhappy lab check lab-zero',
  ],
  subCommands: commands,
}

function group(heading: string, entries: Readonly<Record<string, CommandEntry>>): CommandList {
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, { ...entry, group: heading }]),
  )
}
