import { commandEntry, defineCommand } from '../command.ts'

export default defineCommand({
  about:
    'A profile is a part of the system that runs only when asked: by you, by a scenario (`shop: { profiles: [...] }`) or by a fault. Starting or stopping it restarts the instances that use it.',
  examples: [
    'unhappy profile list',
    'unhappy profile start callbacks',
    'unhappy profile stop callbacks',
  ],
  subCommands: {
    list: commandEntry('List profiles and what they add.', () => import('./profile/list.ts')),
    start: commandEntry('Start a profile.', () => import('./profile/start.ts')),
    stop: commandEntry('Stop a profile.', () => import('./profile/stop.ts')),
  },
})
