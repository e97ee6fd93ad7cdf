/**
 * Program: opens a sandbox without stores in the sandboxes folder of its argument, with one process. Prints `open FOLDER
 * PID` with the pid of that process in its own PID namespace.
 */
import { startKeeper } from '../keeper/start-keeper.ts'

const sandboxesFolder = process.argv[2] ?? ''
const keeper = startKeeper()
const opened = await keeper.request('open', {
  sandboxesFolder,
  candidates: [{ slot: 7, claimPort: 0, ports: [] }],
})
if ('taken' in opened) throw new Error('the slot was taken')
const { folder } = opened
const { pid } = await keeper.request('spawn', {
  name: 'sleeper',
  command: 'sleep',
  args: ['600'],
  environment: { PATH: process.env['PATH'] ?? '' },
  cwd: folder,
  logFile: `${folder}/sleeper.log`,
})
process.stdout.write(`open ${folder} ${pid}\n`)
