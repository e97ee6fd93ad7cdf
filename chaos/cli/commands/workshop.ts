import { commandEntry, defineCommand } from '../command.ts'

export default defineCommand({
  about:
    'The instructor starts a host. Learners join it from their own sandbox. From then on the instructor sees which lab each learner is in, the predictions and the verdicts. Code stays with the learner, unless the learner shares it.',
  examples: [
    'unhappy workshop host --lan',
    'unhappy workshop join http://192.0.2.10:19900 --code K7PMXQ --name Ada',
    'unhappy workshop status',
  ],
  subCommands: {
    host: commandEntry('Start the host of a workshop.', () => import('./workshop/host.ts')),
    join: commandEntry('Join a workshop.', () => import('./workshop/join.ts')),
    status: commandEntry(
      'List what is sent to the host, and what was sent last.',
      () => import('./workshop/status.ts'),
    ),
    help: commandEntry('Ask the instructor for help.', () => import('./workshop/help.ts')),
    share: commandEntry(
      'Send your code of one lab to the instructor.',
      () => import('./workshop/share.ts'),
    ),
    leave: commandEntry('Leave the workshop.', () => import('./workshop/leave.ts')),
  },
})
