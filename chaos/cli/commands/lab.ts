import { commandEntry, defineCommand } from '../command.ts'
import { reporting } from '../workshop/report-to-host.ts'

export default defineCommand({
  about:
    'A lab replaces one file of the shop with the version that most developers would write first. You predict what happens when something fails, measure it, explain it, and fix the file.',
  examples: ['unhappy lab list', 'unhappy lab start lab-zero', 'unhappy lab check lab-zero'],
  subCommands: reporting({
    list: commandEntry('List all labs and your progress.', () => import('./lab/list.ts')),
    start: commandEntry('Copy the starting code to my-work/.', () => import('./lab/start.ts')),
    show: commandEntry("Print the lab's README, as far as you are.", () => import('./lab/show.ts')),
    check: commandEntry(
      'Judge your code, first without and then with faults.',
      () => import('./lab/check.ts'),
    ),
    watch: commandEntry('Check your code after every save.', () => import('./lab/watch.ts')),
    explain: commandEntry(
      'Write what you think happened, then read the story.',
      () => import('./lab/explain.ts'),
    ),
    hint: commandEntry('Print the next hint.', () => import('./lab/hint.ts')),
    solution: commandEntry(
      "Compare the starting code with the shop's own file.",
      () => import('./lab/solution.ts'),
    ),
    after: commandEntry(
      'Read what to know after your code holds: it gives the solution away.',
      () => import('./lab/after.ts'),
    ),
    transfer: commandEntry(
      'Find the same failure mode in code that you have not seen.',
      () => import('./lab/transfer.ts'),
    ),
    progress: commandEntry(
      'Show how sure you were, how often you were right, and what is due.',
      () => import('./lab/progress.ts'),
    ),
    lenses: commandEntry(
      'Look at your fix through the five lenses, in your own words.',
      () => import('./lab/lenses.ts'),
    ),
    'hand-in': commandEntry(
      'Pack your work into one file for your instructor.',
      () => import('./lab/hand-in.ts'),
    ),
    grade: commandEntry(
      'Judge the hand-ins of a class: for instructors.',
      () => import('./lab/grade.ts'),
    ),
    export: commandEntry('Print what you did in a lab as JSON.', () => import('./lab/export.ts')),
    reset: commandEntry(
      'Start again with the starting code; keep a copy of your files.',
      () => import('./lab/reset.ts'),
    ),
  }),
})
