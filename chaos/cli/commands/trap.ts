import { commandEntry, defineCommand } from '../command.ts'

export default defineCommand({
  about:
    'A trap is a condition on one message and an action. Example: "When the third COMMIT of any API instance was executed and before the reply arrives: kill the API instance."',
  examples: [
    "unhappy trap arm 'api-*:postgres' COMMIT --after --kill caller",
    "unhappy trap arm 'worker-*:payments' 'POST /charges' --after --cut --wait",
    "unhappy trap arm 'worker-*:redis' 'bullmq addJob' --before --hold",
    'unhappy trap list',
    'unhappy trap release trap-1a2b3c4d deliver',
  ],
  subCommands: {
    arm: commandEntry('Arm a trap on one message.', () => import('./trap/arm.ts')),
    list: commandEntry('List traps and their state.', () => import('./trap/list.ts')),
    release: commandEntry(
      'Release the message that a trap holds.',
      () => import('./trap/release.ts'),
    ),
    disarm: commandEntry(
      'Disarm a trap and deliver the message that it holds.',
      () => import('./trap/disarm.ts'),
    ),
  },
})
